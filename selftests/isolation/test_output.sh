#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container does to the FIFO of its output what it can. Its log goes on, and the log
# of another container, and the supervisor. What it can not is in test_battery.

. "$(dirname "$0")/isolation.sh"

require_module
make_busybox_root "$TEST_DIR/base" || ktap_bail "no base"
cp "$PURSER_TEST_BIN/fifo_abuse" "$TEST_DIR/base/bin/" || ktap_bail "no base"
require_supervisor "$TEST_DIR/base"

check "a neighbour starts" engine start neighbour -- sh -c \
	'trap "echo told; sleep 100000 & wait" USR1; echo up; sleep 100000 & wait; wait'
wait_for log_has neighbour up
check "a container starts" engine start box -- fifo_abuse
check "its log has what came after all of it" wait_for log_has box "still here"
check_eq "it did all of it" "$(engine logs box --stream stdout)" ""
check "the neighbour says something" kill -USR1 "$(value neighbour /pid)"
check "its log has it" wait_for log_has neighbour told
check "the supervisor answers" engine ps

die
start_supervisor "$TEST_DIR/base" || ktap_bail "no supervisor"
check "the next supervisor has both" eval \
	'value_is box /state running && value_is neighbour /state running'
check "and their logs" log_has box "still here"
check "the container is stopped" engine stop box --time 0
check "so is the neighbour" engine stop neighbour --time 0

ktap_end
