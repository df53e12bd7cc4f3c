#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine logs": which lines it prints, when it ends, and where it finds the log.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" || ktap_bail "cannot make a FIFO"

# follow NAME OPTION... - start "engine logs -f" in the background as FOLLOWER, with its
# output in $TEST_DIR/out
follow() {
	engine logs -f "$@" >"$TEST_DIR/out" 2>"$TEST_DIR/err" </dev/null &
	FOLLOWER=$!
}

# followed - wait until it ends; set FOLLOWER_STATUS to its exit status
followed() {
	FOLLOWER_STATUS=0
	wait "$FOLLOWER" || FOLLOWER_STATUS=$?
}

# is_following - it has read the whole log, and watches the folder and a file
# shellcheck disable=SC2317 # run by wait_for
is_following() {
	[ "$(cat /proc/"$FOLLOWER"/fdinfo/* | grep -c '^inotify')" -ge 2 ]
}

# out_has LINE - the output of FOLLOWER has that line
out_has() {
	grep -qxF -- "$1" "$TEST_DIR/out"
}

# --- Which lines ---

# The test makes the container write the last line after it has seen the others.
# shellcheck disable=SC2016
engine start ended "$TEST_DIR/root" sh -c \
	'for i in 1 2 3 4 5; do echo $i; done; echo e >&2; cat /go' >/dev/null ||
	ktap_bail "cannot start a container"
check "logs prints lines of stderr" wait_for log_has ended e
check "logs prints lines of stdout" wait_for log_has ended 5
echo 6 >"$TEST_DIR/root/go"
check "logs -f returns after the container has ended" engine logs -f ended
check_eq "logs prints all lines of an ended container" "$(engine logs ended | sort)" \
	"$(printf '%s\n' 1 2 3 4 5 6 e)"
check_eq "--tail 1 prints the last line" "$(engine logs ended --tail 1)" 6
check_eq "--tail 2 --stream stdout prints the last lines of stdout" \
	"$(engine logs ended --tail 2 --stream stdout)" $'5\n6'
check_eq "--tail=0 prints nothing" "$(engine logs ended --tail=0)" ""
check_eq "--stream stderr prints only stderr" "$(engine logs --stream stderr ended)" e
check_eq "--since with a time in the future prints nothing" \
	"$(engine logs ended --since 2200-01-01)" ""
check_eq "--since 1d prints the lines of today" \
	"$(engine logs ended --since 1d --stream stderr)" e
check_eq "--until 1d prints nothing of today" "$(engine logs ended --until 1d)" ""
check_match "--timestamps prints the time before the line" \
	"$(engine logs ended --timestamps --tail 1)" \
	'^20[0-9-]*T[0-9:]*\.[0-9]{9}Z 6$'
time=$(engine logs ended --timestamps --tail 1)
time=${time%% *}
check_eq "--since with the time of a line prints that line" \
	"$(engine logs ended --since "$time")" 6
check_eq "--until with the time of a line leaves that line out" \
	"$(engine logs ended --until "$time" --stream stdout | tail -n 1)" 5

# --- When "logs -f" ends ---

check "logs -f of an ended container returns" engine logs -f ended --tail 1
check_eq "logs -f of an ended container prints its lines" "$OUTPUT" 6
engine start live "$TEST_DIR/root" \
	sh -c 'echo one; cat /go; cat /go >&2; echo end' >/dev/null ||
	ktap_bail "cannot start a container"
follow live
check "logs -f prints the lines that exist" wait_for out_has one
echo two >"$TEST_DIR/root/go"
check "logs -f prints a new line" wait_for out_has two
check "logs -f runs on after that" kill -0 "$FOLLOWER"
echo three >"$TEST_DIR/root/go"
followed
check_eq "logs -f ends with 0 after the container" \
	"$FOLLOWER_STATUS|$(<"$TEST_DIR/err")" "0|"
check_eq "logs -f prints each line once" "$(sort "$TEST_DIR/out")" \
	"$(printf '%s\n' end one three two)"
check_eq "the container has ended when logs -f returns" "$(value live /state)" exited

engine start quiet "$TEST_DIR/root" sh -c 'echo one; cat /go' >/dev/null ||
	ktap_bail "cannot start a container"
wait_for log_has quiet one
# shellcheck disable=SC2317 # run by check
reader_goes() {
	engine logs -f quiet | head -n 1
}
check "logs -f ends if its reader closes the pipe" reader_goes
check_eq "logs -f prints no error about the closed pipe" "$OUTPUT" one
follow quiet
wait_for out_has one
kill -TERM "$FOLLOWER"
followed
check_eq "SIGTERM ends logs -f" "$FOLLOWER_STATUS" 143
follow quiet --tail 0
check "logs -f --tail 0 waits for new lines" wait_for is_following
echo two >"$TEST_DIR/root/go"
followed
check_eq "logs -f --tail 0 prints only new lines" "$(<"$TEST_DIR/out")" two

# --- Where the log is ---

engine start stays "$TEST_DIR/root" sh -c 'echo here; exec sleep 1000' \
	>/dev/null || ktap_bail "cannot start a container"
wait_for log_has stays here
follow stays
wait_for out_has here
stop_supervisor KILL
check "logs -f waits for the next supervisor" kill -0 "$FOLLOWER"
check_eq "logs works without a supervisor" "$(engine logs stays)" here
check_eq "logs of an ended container works without a supervisor" \
	"$(engine logs ended --tail 1)" 6
check "logs -f of an ended container returns without a supervisor" engine logs -f ended
check "the next supervisor starts" start_supervisor
check "purserctl stops the container" purserctl stop stays --signal KILL
followed
check_eq "logs -f ends after the container, although the supervisor changed" \
	"$FOLLOWER_STATUS|$(<"$TEST_DIR/out")|$(<"$TEST_DIR/err")" "0|here|"

# The kernel forgets the records.
for name in ended stays; do
	purserctl unregister "$name" || true
done
check_eq "logs prints the log of a container that was forgotten" \
	"$(engine logs ended --tail 1)" 6
check_eq "logs -f prints it and returns" "$(engine logs -f ended --tail 1)" 6
refused "logs does not know a container that never was" 1 \
	'no container "nosuch"' engine logs nosuch
check_eq "logs --log-dir prints the log of a forgotten container" \
	"$(engine logs ended --log-dir "$LOG_DIR" --tail 1)" 6
check_eq "logs -f --log-dir prints it and returns" \
	"$(engine logs -f ended --log-dir "$LOG_DIR" --tail 1)" 6
refused "logs --log-dir reports a log that does not exist" 1 \
	"opening log $LOG_DIR/nosuch.log: No such file or directory" \
	engine logs nosuch --log-dir "$LOG_DIR"
refused "logs --log-dir refuses an id that is not a legal one" 1 'no container "../web"' \
	engine logs ../web --log-dir "$LOG_DIR"
stop_supervisor
check_eq "logs --log-dir needs no supervisor" \
	"$(engine logs ended --log-dir "$LOG_DIR" --tail 1)" 6
refused "logs of an unknown container needs a supervisor" 3 \
	"no supervisor serves $RUN_DIR/engine.sock" engine logs nosuch

# --- A raw log, in more than one file ---

printf 'raw\nbyt' >"$LOG_DIR/raw.log.1"
printf 'es' >"$LOG_DIR/raw.log"
check_eq "logs prints a raw log byte for byte" \
	"$(engine logs raw --log-dir "$LOG_DIR" | od -c)" \
	"$(printf 'raw\nbytes' | od -c)"
check_eq "--tail 1 prints the last line of a raw log" \
	"$(engine logs raw --log-dir "$LOG_DIR" --tail 1)" bytes
for option in --since=1d --until=1d --timestamps --stream=stdout; do
	refused "logs refuses $option for a raw log" 1 \
		'the log of container "raw" is raw: it has no times and streams for --since, --until, --timestamps or --stream' \
		engine logs raw --log-dir "$LOG_DIR" "$option"
done

ktap_end
