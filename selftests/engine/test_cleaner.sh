#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What an overlay has written is removed in the background: no end waits for it, of
# no container, however long it takes. Here it takes until the thread that removes
# is let go.

# shellcheck disable=SC2016,SC2034
. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# ends NAME - stop it; whoever waits for a thread that is held waits for ever
ends() {
	engine stop "$1" --time 0 >/dev/null &
	check "$1: it ends" wait_for value_is "$1" /state exited
	check "$1: who stops it is told" wait "$!"
}

# write_some NAME
write_some() {
	engine start "$1" -- sh -c \
		'mkdir /tree && cd /tree && touch 1 2 3 4; echo up; sleep 1000' \
		>/dev/null
	wait_for log_has "$1" up
}

write_some big
write_some small
coproc HOLD { "$PURSER_TEST_BIN/hold_thread" "$SUPERVISOR_PID" cleaner; }
read -r held <&"${HOLD[0]}"
check_eq "the thread that removes is held" "$held" held

ends big
check_eq "its folder has another name" "$(ls "$STATE_DIR")" \
	small
check_eq "and is still there" "$(ls "$STATE_DIR"/.stale-*/upper/tree)" \
	"$(printf '%s\n' 1 2 3 4)"
ends small
check "an id is free at once" engine run big -- sh -c '! [ -e /tree ]'
check_eq "no folder has a container's name" \
	"$(ls "$STATE_DIR")" ""

# A supervisor that dies leaves them to the next.
hold=$HOLD_PID
write_some third
kill -KILL "$SUPERVISOR_PID"
# Who holds a thread has to take note of its end.
eval "exec ${HOLD[1]}>&-"
wait "$hold" "$SUPERVISOR_PID" 2>/dev/null
SUPERVISOR_PID=
next
check "the next supervisor removes them" wait_for eval \
	'! ls "$STATE_DIR"/.stale-* 2>/dev/null'
check_eq "and nothing else" "$(ls -A "$STATE_DIR")" third
check "third: it has what it wrote" test -e "/proc/$(value third /pid)/root/tree/4"

# An orderly end leaves nothing.
check "the supervisor ends" stop_supervisor
check_eq "with all removed" "$(ls -A "$STATE_DIR")" ""

ktap_end
