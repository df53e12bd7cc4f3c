#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
#
# Thousands of containers come, live and go at random, and a model of the module
# keeps its own books of them; see model/main.c. The kernel's table, counters,
# events and log have to be the same.
#
# test_model.sh [STEPS [SEED]]: a longer run, or one that failed once more.

. "$(dirname "$0")/../lib/kselftest.sh"

# How many times slower than others this machine is.
slow=${PURSER_SLOW:-1}
steps=${1:-$((6600 / slow))}
seed=${2:-1}

# Where the model lets the OOM killer work.
remove_cgroup() {
	[ ! -e /sys/fs/cgroup/purser-model ] || rmdir /sys/fs/cgroup/purser-model
}

fresh_module() {
	unload_module && insmod "$PURSER_KO" event_log=65536 exit_records=150 \
		sweep_ms=100
}

# model STEPS SEED - as the module is when it was just loaded
model() {
	fresh_module && "$PURSER_TEST_BIN/model" --steps "$1" \
		--seed "$2" --slow "$slow" "$PURSER_TEST_BIN/actor"
}

require_module
at_exit wait_for remove_cgroup
check "the kernel's books are the model's: $steps steps, seed $seed" \
	model "$steps" "$seed"
ktap_diag "$OUTPUT"
check "and again, for a short while" model 150 7
first=${OUTPUT##*sequence }
check "the same seed once more" model 150 7
check_eq "is the same sequence" "${OUTPUT##*sequence }" "$first"
check "the module unloads" wait_for unload_module

ktap_end
