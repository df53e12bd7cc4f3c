#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# monitor and events print each event once, in order; monitor prints it when it happens.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

json=$TEST_DIR/json text=$TEST_DIR/text
start_monitor "$json" --json || ktap_bail "no monitor"
json_pid=$MONITOR
start_monitor "$text" || ktap_bail "no monitor"
text_pid=$MONITOR
check_eq "a new listener prints nothing" \
	"$(cat "$json" "$json.err" "$text" "$text.err")" ""

# Two containers from registration to end.
spawn_ready "$ON_SIGNAL" 15 exit 3 || ktap_bail "no process"
purserctl register web "$PID" --soft-mib 500 >/dev/null
web=$PID
check "a listener prints an event when it happens" wait_for has_lines "$json" 1
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
check "it prints all events as JSON" wait_for has_lines "$json" 9
check "the other listener prints all events as text" wait_for has_lines "$text" 9
check_eq "the events are in order, with the records of their time" \
	"$("$JSON" /seq /event /container/name /container/state \
		/container/reason <"$json")" "$want"
check_eq "an event has these keys" "$("$JSON" '?keys' <"$json" | uniq)" \
	"seq,time,event,container"
check_eq "its record has these keys and values" \
	"$(sed -n 4p "$json" | "$JSON" '/container?keys' /container/pid \
		/container/exit_code /container/hard_limit)" \
	"id,name,pid,pidns,state,reason,exit_code,signal,forced,no_handler,killer,oom_scope,soft_limit,hard_limit,rss,usage,peak,crossed_by,processes,outside,cpu_time,registered_at,started_at,exited_at,soft_crossings,soft_held $web 3 629145600"
check_eq "the first event has the limits before the change" \
	"$(sed -n 1p "$json" | "$JSON" /container/hard_limit)" 0
check "times do not decrease" sort -nc <("$JSON" /time <"$json")
check_eq "the text has the same events" \
	"$(awk '{ print $1, $3, $4, $6 }' "$text")" \
	"$(cut -d' ' -f1-4 <<<"$want")"
check_match "a line of text has these columns" "$(sed -n 4p "$text")" \
	"^ +4 +[0-9]+\\.[0-9]{6} exited +web +$web exited +stopped\\(3\\) +[0-9.]+MiB +500\\.0MiB +600\\.0MiB\$"

# The end of a listener.
MONITOR=$json_pid
check_stops "a listener exits with status 0 after SIGTERM" TERM
MONITOR=$text_pid
check_stops "a listener exits with status 0 after SIGINT" INT
check_eq "both have printed nothing on stderr" "$(cat "$json.err" "$text.err")" ""

# The event log, and --since.
check_eq "events prints the whole log" "$(purserctl events --json)" \
	"$(<"$json")"
check_eq "events prints the whole log as text" "$(purserctl events)" "$(<"$text")"
check_eq "events --since prints the later events" \
	"$(purserctl events --json --since 7 | "$JSON" /seq)" $'8\n9'
check "events --since succeeds with the last number" purserctl events --since 9
check_eq "it prints nothing" "$OUTPUT" ""
check "events --since succeeds with a future number" \
	purserctl events --since 18446744073709551615
check_eq "it says that there is no such event" "$OUTPUT" \
	"purserctl: --since 18446744073709551615: the last event has number 9; only events above 18446744073709551615 are printed"
start_monitor "$TEST_DIR/since" --json --since 6 || ktap_bail "no monitor"
check_eq "monitor --since has printed the earlier events when it is ready" \
	"$("$JSON" /seq <"$TEST_DIR/since")" $'7\n8\n9'
spawn sleep 1000
purserctl register late "$PID" >/dev/null
check "it prints a new event" wait_for has_lines "$TEST_DIR/since" 4
check_eq "the new event follows without a gap" \
	"$("$JSON" /seq /container/name <"$TEST_DIR/since" | tail -n 1)" \
	"10 late"
check_stops "it exits with status 0"

# Filters.
seqs() { "$JSON" /seq | tr '\n' ' '; }
check_eq "--container selects events" \
	"$(purserctl events --json --container db | seqs)" "5 6 7 8 "
check_eq "it may be given many times" \
	"$(purserctl events --json --container web --container late | seqs)" "1 2 3 4 9 10 "
check_eq "--type selects events" \
	"$(purserctl events --json --type exited,stop_forced --type unregistered | seqs)" \
	"4 7 8 9 "
check_eq "--reason selects events" "$(purserctl events --json --reason stopped | seqs)" \
	"4 8 9 "
check_eq "all filters must match" \
	"$(purserctl events --json --container web --reason stopped --type exited | seqs)" "4 "
check_eq "filters apply to text, too" \
	"$(purserctl events --type stop_forced | awk '{ print $1, $3, $4 }')" "7 stop_forced db"
start_monitor "$TEST_DIR/some" --json --since 4 --type registered || ktap_bail "no monitor"
check_eq "monitor has printed the earlier events that match" "$(seqs <"$TEST_DIR/some")" "5 10 "
purserctl set late --soft-mib 300
spawn sleep 1000
purserctl register later "$PID" >/dev/null
check "it prints a new event that matches" wait_for has_lines "$TEST_DIR/some" 3
check_eq "and no other" "$(seqs <"$TEST_DIR/some")" "5 10 12 "
check_stops "it exits with status 0"

# Other times, and a terminal.
check_match "--time wall prints local time" "$(purserctl events --time wall | sed -n 4p)" \
	"^ +4 $(date +%Y)-[0-9]{2}-[0-9]{2}T[0-9:]{8}\\.[0-9]{6} exited +web "
shown=$(script -qec "purserctl events" /dev/null </dev/null | tr -d '\r')
check_eq "a terminal gets a header" "$(head -n 1 <<<"$shown")" \
	"   SEQ         TIME EVENT          CONTAINER        DETAILS"
check_match "and short lines with local time" "$(sed -n 5p <<<"$shown")" \
	'^     4 [0-9:]{8}\.[0-9]{3} exited         web              stopped\(3\), peak [0-9.]+MiB$'
check_eq "none is longer than 80 characters" "$(grep -E '.{81}' <<<"$shown")" ""

# The reader of the output closes its pipe, with or without a further event.
mkfifo "$TEST_DIR/pipe"
exec 8<>"$TEST_DIR/pipe"
start_monitor "$TEST_DIR/pipe" --json || ktap_bail "no monitor"
exec 8<&-
status=0
wait "$MONITOR" || status=$?
check_eq "a listener exits with status 0 if its pipe is closed" "$status" 0
check_eq "it prints nothing on stderr" "$(<"$TEST_DIR/pipe.err")" ""
# head reads one of 10 lines.
check_eq "events ends without a message if its pipe is closed" \
	"$(purserctl events --json 2>&1 | head -n 1 | "$JSON" /seq)" 1
status=0
purserctl monitor >/dev/full 2>"$TEST_DIR/err" --since 0 || status=$?
check_eq "a listener fails on a full disk" "$status $(<"$TEST_DIR/err")" \
	"1 purserctl: cannot write to standard output: No space left on device"

ktap_end
