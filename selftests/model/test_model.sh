#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1200
#
# Compares the module with a model of it, see model/main.c. The model registers, changes
# and ends thousands of containers at random and computes what must come of it. The
# kernel's table, counters, events and event log must agree with the model.
#
# usage: test_model.sh [STEPS [SEED]], for a longer run, or to repeat one that failed

. "$(dirname "$0")/../lib/kselftest.sh"

# The factor by which this machine is slower than others.
slow=${PURSER_SLOW:-1}
steps=${1:-$((6600 / slow))}
seed=${2:-1}

# The model makes this cgroup, for the OOM killer.
remove_cgroup() {
	[ ! -e /sys/fs/cgroup/purser-model ] || rmdir /sys/fs/cgroup/purser-model
}

fresh_module() {
	unload_module && insmod "$PURSER_KO" event_log=65536 exit_records=150 \
		sweep_ms=100
}

# model STEPS SEED - run the model on a freshly loaded module
model() {
	fresh_module && "$PURSER_TEST_BIN/model" --steps "$1" \
		--seed "$2" --slow "$slow" "$PURSER_TEST_BIN/actor"
}

require_module
at_exit wait_for remove_cgroup
check "the kernel agrees with the model for $steps steps with seed $seed" \
	model "$steps" "$seed"
ktap_diag "$OUTPUT"
check "the kernel agrees with the model for 150 steps with seed 7" model 150 7
first=${OUTPUT##*sequence }
check "the kernel agrees with the model in a second run with seed 7" model 150 7
check_eq "both runs with seed 7 make the same steps" "${OUTPUT##*sequence }" "$first"
check "the module can be unloaded" wait_for unload_module

ktap_end
