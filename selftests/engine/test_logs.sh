#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine logs": which lines, until when, and where the log is.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "no fifo"

# follow NAME OPTION... - in the background: FOLLOWER, whose output is in out
follow() {
	engine logs -f "$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null &
	FOLLOWER=$!
}

# followed - it ends by itself; FOLLOWER_STATUS
followed() {
	FOLLOWER_STATUS=0
	wait "$FOLLOWER" || FOLLOWER_STATUS=$?
}

# is_following - it has come to the end, and watches the folder and a file
# shellcheck disable=SC2317 # run by wait_for
is_following() {
	[ "$(cat /proc/"$FOLLOWER"/fdinfo/* | grep -c '^inotify')" -ge 2 ]
}

# out_has LINE - for wait_for
out_has() {
	grep -qxF -- "$1" "$TEST_DIR/out"
}

# Which lines. The last one is written when the others have been read.
# shellcheck disable=SC2016
engine start ended "$TEST_DIR/root" sh -c \
	'for i in 1 2 3 4 5; do echo $i; done; echo e >&2; cat /go' >/dev/null ||
	ktap_bail "no container"
check "lines of both streams" wait_for log_has ended e
check "of the other one" wait_for log_has ended 5
echo 6 >"$TEST_DIR/root/go"
check "-f waits for the end" engine logs -f ended
check_eq "logs of an ended one" "$(engine logs ended | sort)" \
	"$(printf '%s\n' 1 2 3 4 5 6 e)"
check_eq "--tail" "$(engine logs ended --tail 1)" 6
check_eq "--tail of one stream" \
	"$(engine logs ended --tail 2 --stream stdout)" $'5\n6'
check_eq "--tail 0" "$(engine logs ended --tail=0)" ""
check_eq "--stream" "$(engine logs --stream stderr ended)" e
check_eq "--since a later time" "$(engine logs ended --since 2200-01-01)" ""
check_eq "--since an earlier time" \
	"$(engine logs ended --since 1d --stream stderr)" e
check_eq "--until" "$(engine logs ended --until 1d)" ""
check_match "--timestamps" "$(engine logs ended --timestamps --tail 1)" \
	'^20[0-9-]*T[0-9:]*\.[0-9]{9}Z 6$'
time=$(engine logs ended --timestamps --tail 1)
time=${time%% *}
check_eq "--since the time of a line" \
	"$(engine logs ended --since "$time")" 6
check_eq "--until the time of a line" \
	"$(engine logs ended --until "$time" --stream stdout | tail -n 1)" 5

# Until when.
check "-f of an ended one ends" engine logs -f ended --tail 1
check_eq "with what is there" "$OUTPUT" 6
engine start live "$TEST_DIR/root" \
	sh -c 'echo one; cat /go; cat /go >&2; echo end' >/dev/null ||
	ktap_bail "no container"
follow live
check "-f prints what is there" wait_for out_has one
echo two >"$TEST_DIR/root/go"
check "and what comes" wait_for out_has two
check "and goes on" kill -0 "$FOLLOWER"
echo three >"$TEST_DIR/root/go"
followed
check_eq "until the container has ended" "$FOLLOWER_STATUS|$(<"$TEST_DIR/err")" "0|"
check_eq "with each line once" "$(sort "$TEST_DIR/out")" \
	"$(printf '%s\n' end one three two)"
check_eq "and has ended when all is printed" "$(value live /state)" exited

engine start quiet "$TEST_DIR/root" sh -c 'echo one; cat /go' >/dev/null ||
	ktap_bail "no container"
wait_for log_has quiet one
# shellcheck disable=SC2317 # run by check
reader_goes() {
	engine logs -f quiet | head -n 1
}
check "a reader that goes away ends it" reader_goes
check_eq "and nothing is said of it" "$OUTPUT" one
follow quiet
wait_for out_has one
kill -TERM "$FOLLOWER"
followed
check_eq "SIGTERM ends it" "$FOLLOWER_STATUS" 143
follow quiet --tail 0
check "-f --tail 0 looks for the end" wait_for is_following
echo two >"$TEST_DIR/root/go"
followed
check_eq "and prints what comes alone" "$(<"$TEST_DIR/out")" two

# Where the log is.
engine start stays "$TEST_DIR/root" sh -c 'echo here; exec sleep 1000' \
	>/dev/null || ktap_bail "no container"
wait_for log_has stays here
follow stays
wait_for out_has here
stop_supervisor KILL
check "a follower waits for the next supervisor" kill -0 "$FOLLOWER"
check_eq "logs without a supervisor" "$(engine logs stays)" here
check_eq "of an ended container too" "$(engine logs ended --tail 1)" 6
check "-f of that one ends" engine logs -f ended
check "a supervisor comes" start_supervisor
check "the container is stopped" purserctl stop stays --signal KILL
followed
check_eq "the follower has seen its end" \
	"$FOLLOWER_STATUS|$(<"$TEST_DIR/out")|$(<"$TEST_DIR/err")" "0|here|"

# The kernel forgets it.
for name in ended stays; do
	purserctl unregister "$name" || true
done
refused "a container that was forgotten" 1 'no container "ended"' \
	engine logs ended
check_eq "its log is still there" \
	"$(engine logs ended --log-dir "$LOG_DIR" --tail 1)" 6
check_eq "also where it is followed" \
	"$(engine logs -f ended --log-dir "$LOG_DIR" --tail 1)" 6
refused "a log that is not there" 1 \
	"opening log $LOG_DIR/nosuch.log: No such file or directory" \
	engine logs nosuch --log-dir "$LOG_DIR"
refused "an id that is none" 1 'no container "../web"' \
	engine logs ../web --log-dir "$LOG_DIR"
stop_supervisor
check_eq "nor does it need a supervisor" \
	"$(engine logs ended --log-dir "$LOG_DIR" --tail 1)" 6
refused "a log that nobody knows of" 3 \
	"no supervisor serves $RUN_DIR/engine.sock" engine logs nosuch

# A log of bytes, in more than one file.
printf 'raw\nbyt' >"$LOG_DIR/raw.log.1"
printf 'es' >"$LOG_DIR/raw.log"
check_eq "a raw log is printed as it is" \
	"$(engine logs raw --log-dir "$LOG_DIR" | od -c)" \
	"$(printf 'raw\nbytes' | od -c)"
check_eq "its last line" \
	"$(engine logs raw --log-dir "$LOG_DIR" --tail 1)" bytes
for option in --since=1d --until=1d --timestamps --stream=stdout; do
	refused "$option of it" 1 \
		'the log of container "raw" is raw: it has no times and streams for --since, --until, --timestamps or --stream' \
		engine logs raw --log-dir "$LOG_DIR" "$option"
done

ktap_end
