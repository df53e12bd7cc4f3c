#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# monitor and events: each event once, in order, as it happens.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

json=$TEST_DIR/json text=$TEST_DIR/text
start_monitor "$json" --json || ktap_bail "no monitor"
json_pid=$MONITOR
start_monitor "$text" || ktap_bail "no monitor"
text_pid=$MONITOR
check_eq "a listener says nothing of itself" \
	"$(cat "$json" "$json.err" "$text" "$text.err")" ""

# The life of two containers.
spawn_ready "$ON_SIGNAL" 15 exit 3 || ktap_bail "no process"
purserctl register web "$PID" --soft-mib 500 >/dev/null
web=$PID
check "an event is there as it happens" wait_for has_lines "$json" 1
purserctl set web --hard-mib 600
purserctl stop web >/dev/null
spawn_ready "$ON_SIGNAL" 15 catch || ktap_bail "no process"
purserctl register db "$PID" >/dev/null
purserctl stop db --time 0 >/dev/null
purserctl unregister web

want='1 registered web running none
2 limits_changed web running none
3 stop_requested web stopping none
4 exited web exited stopped
5 registered db running none
6 stop_requested db stopping none
7 stop_forced db stopping none
8 exited db exited stopped
9 unregistered web exited stopped'
check "all events come" wait_for has_lines "$json" 9
check "also in text" wait_for has_lines "$text" 9
check_eq "in order, as they were" \
	"$("$JSON" /seq /event /container/name /container/state \
		/container/reason <"$json")" "$want"
check_eq "the keys of an event" "$("$JSON" '?keys' <"$json" | uniq)" \
	"seq,time,event,container"
check_eq "the record in it" \
	"$(sed -n 4p "$json" | "$JSON" '/container?keys' /container/pid \
		/container/exit_code /container/hard_limit)" \
	"id,name,pid,pidns,state,reason,exit_code,signal,forced,no_handler,killer,oom_scope,soft_limit,hard_limit,rss,usage,peak,crossed_by,processes,outside,cpu_time,registered_at,started_at,exited_at,soft_crossings,soft_held $web 3 629145600"
check_eq "the record as it was then" \
	"$(sed -n 1p "$json" | "$JSON" /container/hard_limit)" 0
check "times do not run back" sort -nc <("$JSON" /time <"$json")
check_eq "the text says the same" \
	"$(awk '{ print $1, $3, $4, $6 }' "$text")" \
	"$(cut -d' ' -f1-4 <<<"$want")"
check_match "a line of text" "$(sed -n 4p "$text")" \
	"^ +4 +[0-9]+\\.[0-9]{6} exited +web +$web exited +stopped\\(3\\) +[0-9.]+MiB +500\\.0MiB +600\\.0MiB\$"

# Ends.
MONITOR=$json_pid
check_stops "SIGTERM ends it, all well" TERM
MONITOR=$text_pid
check_stops "SIGINT too" INT
check_eq "of which nothing is said" "$(cat "$json.err" "$text.err")" ""

# The log, and starting from a number.
check_eq "events prints the whole log" "$(purserctl events --json)" \
	"$(<"$json")"
check_eq "in text too" "$(purserctl events)" "$(<"$text")"
check_eq "events --since" \
	"$(purserctl events --json --since 7 | "$JSON" /seq)" $'8\n9'
check "events since the last one: none" purserctl events --since 9
check_eq "of which nothing is said" "$OUTPUT" ""
check "events since a number that is yet to come" \
	purserctl events --since 18446744073709551615
check_eq "of which nothing is said either" "$OUTPUT" ""
start_monitor "$TEST_DIR/since" --json --since 6 || ktap_bail "no monitor"
check_eq "monitor --since has printed what was, when it is ready" \
	"$("$JSON" /seq <"$TEST_DIR/since")" $'7\n8\n9'
spawn sleep 1000
purserctl register late "$PID" >/dev/null
check "and what comes" wait_for has_lines "$TEST_DIR/since" 4
check_eq "follows without a gap" \
	"$("$JSON" /seq /container/name <"$TEST_DIR/since" | tail -n 1)" \
	"10 late"
check_stops "it ends well"

# A reader that goes away: noticed with the next event, or without one.
mkfifo "$TEST_DIR/pipe"
exec 8<>"$TEST_DIR/pipe"
start_monitor "$TEST_DIR/pipe" --json || ktap_bail "no monitor"
exec 8<&-
status=0
wait "$MONITOR" || status=$?
check_eq "a reader that goes away ends the listener" "$status" 0
check_eq "of which nothing is said" "$(<"$TEST_DIR/pipe.err")" ""
# head takes one line of 10 and goes.
check_eq "one that goes in the middle" \
	"$(purserctl events --json 2>&1 | head -n 1 | "$JSON" /seq)" 1
status=0
purserctl monitor >/dev/full 2>"$TEST_DIR/err" --since 0 || status=$?
check_eq "a full disk ends the listener" "$status $(<"$TEST_DIR/err")" \
	"1 purserctl: cannot write to standard output: No space left on device"

ktap_end
