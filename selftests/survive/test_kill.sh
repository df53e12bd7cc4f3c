#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 900
#
# The supervisor is killed again and again at random instants, while ten containers write
# as fast as they can and others start and end: no output, no end and no reason may be
# lost. See survive/main.c.
#
# test_kill.sh [TRIALS [SEED]]: with another number of kills, or to repeat a run.

. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

# Fewer trials on a slow machine.
slow=${PURSER_SLOW:-1}
trials=${1:-$((12 / (slow > 4 ? 4 : slow)))}
seed=${2:-$((RANDOM * 32768 + RANDOM))}

require_module event_log=65536
cp "$PURSER_TEST_BIN/scribe" "$TEST_DIR/" || ktap_bail "no scribe"
ktap_diag "$trials trials, seed $seed"

while IFS= read -r line; do
	case $line in
	"good "*) ktap_pass "${line#good }" ;;
	"bad "*) ktap_fail "${line#bad }" ;;
	*) echo "$line" ;;
	esac
done < <("$PURSER_TEST_BIN/survive" "$TEST_DIR" "$trials" "$seed" 2>&1 ||
	echo "bad the program runs to its end")

check "the module unloads" wait_for unload_module

ktap_end
