#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A thread of the supervisor removes the files of overlays in the background. No
# container's end waits for it. Here the test stops that thread with ptrace, so that the
# removal takes as long as the test wants.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# ends NAME - check that a stop ends the container although the thread is stopped
ends() {
	engine stop "$1" --time 0 >/dev/null &
	check "the container $1 ends" wait_for has_ended "$1"
	check "the stop of $1 returns" wait "$!"
}

# write_some NAME - start a container that writes files into its overlay
write_some() {
	engine start "$1" -- sh -c \
		'mkdir /tree && cd /tree && touch 1 2 3 4; echo up; sleep 1000' \
		>/dev/null
	wait_for log_has "$1" up
}

write_some big
write_some small
coproc HOLD { "$PURSER_TEST_BIN/hold_thread" "$SUPERVISOR_PID" remover; }
read -r held <&"${HOLD[0]}"
check_eq "the removing thread is stopped" "$held" held

ends big
check_eq "the state folder of the ended container is renamed" "$(ls "$STATE_DIR")" \
	small
check_eq "the files of the ended container still exist" \
	"$(ls "$STATE_DIR"/.stale-*/upper/tree)" \
	"$(printf '%s\n' 1 2 3 4)"
ends small
check "the id of the ended container can be used at once" \
	engine run big -- sh -c '! [ -e /tree ]'
check_eq "no state folder has a container's name" \
	"$(ls "$STATE_DIR")" ""

# A supervisor that dies leaves the renamed folders to the next one.
hold=$HOLD_PID
write_some third
kill -KILL "$SUPERVISOR_PID"
# The tracer must wait for the thread's death, or the thread stays a zombie.
eval "exec ${HOLD[1]}>&-"
wait "$hold" "$SUPERVISOR_PID" 2>/dev/null
SUPERVISOR_PID=
next
check "the next supervisor removes the renamed folders" wait_for eval \
	'! ls "$STATE_DIR"/.stale-* 2>/dev/null'
check_eq "the next supervisor keeps the folder of the live container" \
	"$(ls -A -I .requests "$STATE_DIR")" third
check "the live container still has its files" \
	test -e "/proc/$(value third /pid)/root/tree/4"

# A supervisor that ends by SIGTERM removes everything.
check "the supervisor ends" stop_supervisor
check_eq "the state directory is empty" "$(ls -A -I .requests "$STATE_DIR")" ""

ktap_end
