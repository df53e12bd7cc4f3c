#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor copes with changes of the kernel's table that it did not ask for: records
# disappear, and the module is unloaded and loaded again.

# shellcheck disable=SC2010,SC2016
. "$(dirname "$0")/inject.sh"

# left - print the files of containers on the host
left() {
	ls -A -I .requests "$STATE_DIR" "$RUN_DIR/containers" | grep -v ':$'
}

# ends NAME STATUS COMMAND... - check that engine run returns STATUS
ends() {
	local name=$1 want=$2

	shift 2
	check_status "$name" "$want" engine run web -- "$@"
}

require_module exit_records=0
require_supervisor

# --- The kernel drops each record as its container ends ---

ends "no record: engine run returns the exit status" 3 sh -c 'exit 3'
engine run held -- sleep 1000 >"$TEST_DIR/held" 2>&1 &
run=$!
engine run killed -- sleep 1000 >/dev/null 2>&1 &
killed=$!
wait_for value_is held /state running
wait_for value_is killed /state running
kill -KILL "$(value killed /pid)"
check_status "no record: engine run returns 137 for a killed container" \
	137 wait "$killed"
check "no record: a container is stopped" engine stop held --time 0
status=0
wait "$run" || status=$?
check_eq "no record: engine run returns 137 for a stopped container" "$status" 137
check_eq "no record: ps lists nothing" "$(engine ps --json)" "[]"
check "no record: the containers leave no files behind" \
	wait_for eval '[ -z "$(left)" ]'
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
check_eq "no record: twenty containers at once return their status" "$wrong" ""
echo 1024 >/sys/module/purser/parameters/exit_records

# --- A running container is unregistered ---

engine run lost -- sh -c 'echo up; sleep 1000; echo down' \
	>"$TEST_DIR/lost" 2>&1 &
run=$!
wait_for log_has lost up
pid=$(value lost /pid)
purserctl unregister lost
check "unregistered: ps does not list the container" wait_for eval '! row lost'
refused "unregistered: the id of the container is not free" 1 \
	"container \"lost\" is still running as pid $pid, but somebody has unregistered it: \"engine stop lost\" ends it" \
	engine start lost
kill "$(<"/proc/$pid/task/$pid/children")"
wait "$run"
check_match "unregistered: engine run returns at the end of the container" \
	"$(<"$TEST_DIR/lost")" 'exit code 0|^$'
check_eq "unregistered: the log of the container is complete" \
	"$(cut -d ' ' -f 4 "$LOG_DIR/lost.log")" $'up\nTerminated\ndown'
engine start lost -- sleep 1000 >/dev/null
purserctl unregister lost
wait_for eval '! row lost'
check "unregistered: stop ends the container" engine stop lost
check "unregistered: the containers leave no files behind" \
	wait_for eval '[ -z "$(left)" ]'

# --- The module is replaced, and the new one has made more events ---

engine run ended -- sh -c 'echo words; exit 4'
check_status "the module does not unload while a container lives" \
	1 eval 'engine start holds -- sleep 1000 && rmmod purser'
engine stop holds --time 0 >/dev/null
check "the module unloads" wait_for rmmod purser
check "no module: the containers leave no files behind" \
	wait_for eval '[ -z "$(left)" ]'
refused "no module: ps says so" \
	4 'the kernel module purser is not loaded' engine ps
refused "no module: start says so" 4 \
	'container "web": the kernel module purser is not loaded' engine start web
insmod "$PURSER_KO" || ktap_bail "the module does not load"
sleep 1000 &
other=$!
at_exit kill "$other"
purserctl register other "$other" >/dev/null
"$SET" set other 2000
check_eq "new module: the supervisor forgets the old records" \
	"$(engine ps --json)" "[]"
refused "new module: the supervisor forgets the old containers" \
	1 'no container "ended"' engine stop ended
ends "new module: engine run returns the exit status" 5 sh -c 'exit 5'
engine start live -- sleep 1000 >/dev/null
check "new module: a container is stopped" engine stop live --time 0
check_eq "new module: ps lists both containers" "$(engine ps --json | rows | wc -l)" 2
purserctl unregister live
check "new module: the supervisor receives events" wait_for forgotten live
purserctl unregister other

# --- The same while the supervisor is stopped ---

engine run ended -- sh -c 'exit 4'
kill -STOP "$SUPERVISOR_PID"
check "the module unloads again" wait_for rmmod purser
insmod "$PURSER_KO" || ktap_bail "the module does not load"
purserctl register other "$other" >/dev/null
"$SET" set other 3000
engine start first -- sleep 1000 >/dev/null &
first=$!
kill -CONT "$SUPERVISOR_PID"
check "newer module: a container starts" wait "$first"
check_eq "newer module: the container runs" "$(value first /state)" running
check "newer module: the container is stopped" engine stop first --time 0
ends "newer module: engine run returns the exit status" 6 sh -c 'exit 6'
engine start live -- sleep 1000 >/dev/null
purserctl stop live --signal KILL >/dev/null
check "newer module: the supervisor sees the end of a container" \
	wait_for has_ended live
purserctl unregister live
check "newer module: the supervisor receives events" wait_for forgotten live
check_eq "newer module: ps lists each container once" \
	"$(engine ps --json | rows | "$JSON" /name | sort | uniq -c | tr -s ' ')" \
	$' 1 first\n 1 web'
purserctl unregister other
check "the supervisor stops" stop_supervisor

ktap_end
