#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container abuses the FIFO of its output in all ways that it can. Its log, the log of
# another container and the supervisor go on. test_battery tries what it cannot do.

. "$(dirname "$0")/isolation.sh"

require_module
make_busybox_root "$TEST_DIR/base" || ktap_bail "cannot make a base"
cp "$PURSER_TEST_BIN/fifo_abuse" "$TEST_DIR/base/bin/" ||
	ktap_bail "cannot make a base"
require_supervisor "$TEST_DIR/base"

check "a neighbour starts" engine start neighbour -- sh -c \
	'trap "echo told; sleep 100000 & wait" USR1; echo up; sleep 100000 & wait; wait'
wait_for log_has neighbour up
check "the container that abuses its FIFO starts" engine start box -- fifo_abuse
check "its log has the line from after the abuse" wait_for log_has box "still here"
check_eq "none of its steps failed" "$(engine logs box --stream stdout)" ""
check "the neighbour is asked for a line" kill -USR1 "$(value neighbour /pid)"
check "the neighbour's log has the line" wait_for log_has neighbour told
check "the supervisor answers" engine ps

die
start_supervisor "$TEST_DIR/base" || ktap_bail "cannot start the supervisor"
check "the next supervisor has both containers" \
	eval 'value_is box /state running && value_is neighbour /state running'
check "the next supervisor has the log" log_has box "still here"
check "the container is stopped" engine stop box --time 0
check "the neighbour is stopped" engine stop neighbour --time 0

ktap_end
