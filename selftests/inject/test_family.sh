#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's table does what the supervisor did not ask for: records go, the
# module goes and comes again.

# shellcheck disable=SC2010,SC2016
. "$(dirname "$0")/inject.sh"

# left - what containers have left on the host
left() {
	ls -A "$STATE_DIR" "$RUN_DIR/containers" | grep -v ':$'
}

# ends NAME STATUS COMMAND... - engine run ends with that status
ends() {
	local name=$1 want=$2

	shift 2
	check_status "$name" "$want" engine run web -- "$@"
}

require_module exit_records=0
require_supervisor

# --- No record outlives its container ---

ends "exits, no record is kept" 3 sh -c 'exit 3'
engine run held -- sleep 1000 >"$TEST_DIR/held" 2>&1 &
run=$!
engine run killed -- sleep 1000 >/dev/null 2>&1 &
killed=$!
wait_for value_is held /state running
wait_for value_is killed /state running
kill -KILL "$(value killed /pid)"
check_status "killed, no record is kept" 137 wait "$killed"
check "stopped, no record is kept" engine stop held --time 0
status=0
wait "$run" || status=$?
check_eq "and who waited is told" "$status" 137
check_eq "nothing is listed" "$(engine ps --json)" "[]"
check "nothing is left" wait_for eval '[ -z "$(left)" ]'
for i in {1..20}; do
	engine run "r$i" -- sh -c "echo $i; exit $i" >/dev/null 2>&1 &
	runs[i]=$!
done
wrong=
for i in {1..20}; do
	status=0
	wait "${runs[i]}" || status=$?
	[ "$status" -eq "$i" ] || wrong+=" r$i: $status"
	[ "$(cut -d ' ' -f 4 "$LOG_DIR/r$i.log")" = "$i" ] || wrong+=" r$i.log"
done
check_eq "twenty at once" "$wrong" ""
echo 1024 >/sys/module/purser/parameters/exit_records

# --- Unregistered under its feet ---

engine run lost -- sh -c 'echo up; sleep 1000; echo down' \
	>"$TEST_DIR/lost" 2>&1 &
run=$!
wait_for log_has lost up
pid=$(value lost /pid)
purserctl unregister lost
check "its row is gone" wait_for eval '! row lost'
refused "it cannot be stopped" 1 \
	'container "lost" is not in the kernel'"'"'s table any more: it was unregistered' \
	engine stop lost
refused "its id is not free" 1 'container "lost" is still running' \
	engine start lost
kill "$(<"/proc/$pid/task/$pid/children")"
wait "$run"
check_match "its end is told" "$(<"$TEST_DIR/lost")" 'exit code 0|^$'
check_eq "its log is whole" "$(cut -d ' ' -f 4 "$LOG_DIR/lost.log")" $'up\nTerminated\ndown'
check "nothing is left" wait_for eval '[ -z "$(left)" ]'

# --- The module goes, and another one comes that has done more ---

engine run ended -- sh -c 'echo words; exit 4'
check_status "not while a container lives" 1 eval \
	'engine start holds -- sleep 1000 && rmmod purser'
engine stop holds --time 0 >/dev/null
check "the module goes" wait_for rmmod purser
check "no module: nothing is left" wait_for eval '[ -z "$(left)" ]'
refused "no module: ps" 4 'the kernel module purser is not loaded' engine ps
refused "no module: start" 4 \
	'container "web": the kernel module purser is not loaded' engine start web
insmod "$PURSER_KO" || ktap_bail "the module does not come"
sleep 1000 &
other=$!
at_exit kill "$other"
purserctl register other "$other" >/dev/null
"$SET" set other 2000
check_eq "what the one before knew is forgotten" "$(engine ps --json)" "[]"
refused "for logs too" 1 'no container "ended"' engine logs ended
ends "a container runs" 5 sh -c 'exit 5'
engine start live -- sleep 1000 >/dev/null
check "stop works" engine stop live --time 0
check_eq "ps has the kernel's rows" "$(engine ps --json | rows | wc -l)" 2
purserctl unregister live
check "and events come" wait_for forgotten live
purserctl unregister other

# --- Once more, and nobody asks in between ---

engine run ended -- sh -c 'exit 4'
kill -STOP "$SUPERVISOR_PID"
check "the module goes" wait_for rmmod purser
insmod "$PURSER_KO" || ktap_bail "the module does not come"
purserctl register other "$other" >/dev/null
"$SET" set other 3000
engine start first -- sleep 1000 >/dev/null &
first=$!
kill -CONT "$SUPERVISOR_PID"
check "one is started as if nothing was" wait "$first"
check_eq "and runs" "$(value first /state)" running
check "it is stopped" engine stop first --time 0
ends "a container runs in the new one" 6 sh -c 'exit 6'
engine start live -- sleep 1000 >/dev/null
purserctl stop live --signal KILL >/dev/null
check "its end is seen" wait_for value_is live /state exited
purserctl unregister live
check "events come" wait_for forgotten live
check_eq "one record of each" \
	"$(engine ps --json | rows | "$JSON" /name | sort | uniq -c | tr -s ' ')" \
	$' 1 first\n 1 web'
purserctl unregister other
check "the supervisor ends" stop_supervisor

ktap_end
