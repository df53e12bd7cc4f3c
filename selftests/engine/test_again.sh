#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# An ended container starts again as it was; restart and rm; what is kept on disk.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# kept NAME - print a container's request
kept() {
	cat "$STATE_DIR/.requests/$1.json"
}

# is_forgotten NAME - neither the kernel nor the disk has anything of the container
is_forgotten() {
	! row "$1" >/dev/null && [ ! -e "$STATE_DIR/.requests/$1.json" ] &&
		[ ! -e "$LOG_DIR/$1.log" ] &&
		! purserctl list --json | grep -qF "\"name\":\"$1\""
}

# --- Requests on disk ---

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
# shellcheck disable=SC2016
script='echo "$WORD in $(pwd)"; exec sleep 1000'
engine start web "$TEST_DIR/root" --env WORD=secret --cwd /tmp --soft-mib 8 \
	--hard-mib 16 --pids-max 50 -- sh -c "$script" >/dev/null
wait_for log_has web "secret in /tmp"
check_eq "the request is only for root" \
	"$(stat -c '%a %u' "$STATE_DIR/.requests" "$STATE_DIR/.requests/web.json")" \
	$'700 0\n600 0'
check_match "it has the command" "$(kept web)" '"command":\["sh","-c",'
check_eq "no other file is there" "$(ls -A "$STATE_DIR/.requests")" web.json
before=$(kept web)
refused "a start that fails" 1 \
	"rootfs \"$TEST_DIR/root\" is in use by container \"web\"" \
	engine start db "$TEST_DIR/root" sleep 1000
check_status "a command that is not found" 127 engine start db -- nosuch
check_eq "leaves no request" "$(ls -A "$STATE_DIR/.requests")" web.json
engine stop web >/dev/null
check_status "a failed start of the same id" 127 engine start web -- nosuch
check_eq "changes nothing" "$(kept web)" "$before"

# --- start ID ---

first=$(value web /id)
check "a stopped container starts again with only its id" engine start web
check_match "start prints the pid" "$OUTPUT" '^web: started, pid [0-9]+$'
check "it runs as it was" wait_for log_has web "secret in /tmp"
check_eq "with its limits" "$(value web /soft_limit /hard_limit /pids_max)" \
	"$((8 << 20)) $((16 << 20)) 50"
check_eq "and its root" "$(value web /rootfs)" "$TEST_DIR/root"
check "it is another record" test "$(value web /id)" -gt "$first"
check_eq "the old record is gone" \
	"$(purserctl list --json | grep -c '"name":"web"')" 1
refused "a container that runs does not start again" 1 \
	'container "web" is still running' engine start web
engine stop web >/dev/null
refused "options without a command are not clear" 1 \
	'container "web" ran before: "engine start web" without options starts it as it was; to start it in another way, name a command after "--"' \
	engine start web --soft-mib 9
check_status "a command starts another container" 0 engine start web -- sleep 1000
check_eq "with the default limits" "$(value web /soft_limit)" "$((40 << 20))"
engine stop web -t 0 >/dev/null
die
next
check "an ended container starts again under the next supervisor" engine start web
engine stop web -t 0 >/dev/null
stop_supervisor
next
check "and after the orderly end of a supervisor" engine start web
check_eq "it is the last one" "$(value web /command)" '["sleep","1000"]'
engine stop web -t 0 >/dev/null

chmod 0620 "$STATE_DIR/.requests/web.json"
refused "a request that others may write is refused" 5 \
	'container "web": reading its kept request: Operation not permitted' \
	engine start web
chmod 0600 "$STATE_DIR/.requests/web.json"
echo '{"v":9}' >"$STATE_DIR/.requests/web.json"
refused "so is one of another version" 1 \
	'container "web": its kept request is of another version; name its command, or remove it' \
	engine start web
check "rm removes that container" engine rm web
check "nothing of it is left" is_forgotten web

# --- A start that no supervisor saw succeed ---

engine start lost -- sleep 1000 >/dev/null
mv "$STATE_DIR/.requests/lost.json" "$STATE_DIR/.requests/lost.json.new"
die
next
check "the next supervisor finds a staged request" test -e "$STATE_DIR/.requests/lost.json"
engine stop lost -t 0 >/dev/null
check "the container starts again" engine start lost

# --- restart ---

pid=$(value lost /pid)
check "restart restarts a container" engine restart lost -t 0
check_match "restart prints the new pid" "$OUTPUT" '^lost: started, pid [0-9]+$'
check "it is another process" test "$(value lost /pid)" != "$pid"
engine stop lost -t 0 >/dev/null
check "restart starts an ended container" engine restart lost
engine start other -- sleep 1000 >/dev/null
check "restart takes several" engine restart -t 0 lost other
check_match "and prints all" "$OUTPUT" $'^lost: started, pid [0-9]+\nother: started'
check_status "it goes on after a failure" 1 engine restart -t 0 none other
check_match "and prints both results" "$OUTPUT" 'no container "none"'
check_match "and prints the other result" "$OUTPUT" 'other: started'
engine start brief --rm -- sleep 1000 >/dev/null
refused "a container with --rm is not restarted" 1 \
	'container "brief" is to be removed after its end (--rm): it cannot start again' \
	engine restart brief
check "it still runs" value_is brief /state running

# A restart whose stop takes long, and a stop that comes meanwhile.
# shellcheck disable=SC2016
engine start slow -- sh -c \
	'trap "echo heard" TERM; echo up; while :; do sleep 1000 & wait $!; done' >/dev/null
wait_for log_has slow up
engine restart slow -t 100 >"$TEST_DIR/restart.out" 2>&1 &
restart=$!
check "restart waits for the end" wait_for value_is slow /state stopping
engine stop slow -t 0 >/dev/null 2>&1
status=0
wait "$restart" || status=$?
check_eq "a stop meanwhile wins" "$status|$(<"$TEST_DIR/restart.out")" \
	'1|engine: container "slow" was stopped meanwhile'
check "the container stays ended" value_is slow /state exited

# A supervisor that dies between the stop and the start of a restart.
# shellcheck disable=SC2016
engine start slow -- sh -c \
	'trap "echo heard" TERM; echo up; while :; do sleep 1000 & wait $!; done' >/dev/null
wait_for log_has slow up
slow=$(value slow /pid)
engine restart slow -t 100 >/dev/null 2>&1 &
restart=$!
wait_for value_is slow /state stopping
die
wait "$restart"
kill -KILL "$slow"
wait_for is_gone "$slow"
next
check "the next supervisor starts it" wait_for value_is slow /state running
check "it is a new one" test "$(value slow /pid)" != "$slow"
check_no_match "nothing is left of the intention" "$(<"$STATE_DIR/.requests/slow.json")" \
	'"restarting":true'
wait_for log_has slow up
engine restart slow -t 100 >/dev/null 2>&1 &
restart=$!
wait_for value_is slow /state stopping
engine stop slow -t 0 >/dev/null 2>&1
wait "$restart"
die
next
check "after a stop meanwhile it stays ended, also for the next one" value_is slow /state exited

# --- rm ---

engine rm -f slow >/dev/null 2>&1
refused "rm refuses a live container" 1 \
	'container "other" has not ended: stop it first, or use --force' engine rm other
check "rm --force ends and removes it" engine rm --force other
check_eq "rm prints that" "$OUTPUT" "other: removed"
check "nothing of it is left" is_forgotten other
refused "rm refuses an unknown container" 1 'no container "other"' engine rm other
engine run one -- true
engine run two -- true
check "rm takes several" engine rm one two
check_eq "rm prints each" "$OUTPUT" $'one: removed\ntwo: removed'
check "the first is gone" is_forgotten one
check "the second is gone" is_forgotten two
check "brief ends" engine stop brief -t 0
check "it is removed at its end" is_forgotten brief
check "run --rm runs" engine run job --rm -- true
check "the container is removed when run returns" is_forgotten job
check_status "also if it fails" 3 engine run job --rm -- sh -c 'exit 3'
check "the container is removed, too" is_forgotten job
engine start brief --rm -- sleep 1000 >/dev/null
brief=$(value brief /pid)
die
kill -KILL "$brief"
wait_for is_gone "$brief"
next
check "--rm holds without a supervisor" wait_for is_forgotten brief

engine run one -- true
engine run two -- true
stop_supervisor
next
engine run three -- true
engine start live -- sleep 1000 >/dev/null
check "rm --ended removes all that have ended" engine rm --ended
check_eq "rm --ended prints all, also those of an earlier supervisor" \
	"$(echo "$OUTPUT" | sort)" $'lost: removed\none: removed\nthree: removed\ntwo: removed'
check "a live container stays" value_is live /state running
check_eq "its request, too" "$(ls "$STATE_DIR/.requests")" live.json
check "rm --ended is no error if there is none" engine rm --ended

engine run first -- true
engine run kept --keep -- true
engine run second -- true
stop_supervisor
next --keep-requests 1
check_eq "requests of containers without a record are bounded, but not those with a layer" \
	"$(cd "$STATE_DIR/.requests" && echo *)" "kept.json second.json"
engine rm kept second >/dev/null
engine start live -- sleep 1000 >/dev/null

purserctl stop live >/dev/null
wait_for has_ended live
purserctl unregister live
# shellcheck disable=SC2016
check "a record that is unregistered takes the request with it" wait_for eval \
	'[ ! -e "$STATE_DIR/.requests/live.json" ]'

ktap_end
