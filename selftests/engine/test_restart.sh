#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Restart policies: the reason in the kernel's record decides; back-off; a policy survives
# the supervisor.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# restarts_are NAME N
restarts_are() {
	value_is "$1" /restarts "$2"
}

# has_given_up NAME - the container has ended and does not wait for a restart
has_given_up() {
	[ "$(value "$1" /state /restarting)" = "exited false" ]
}

# restarted NAME - the container runs, and was started again
restarted() {
	[ "$(value "$1" /state)" = running ] && [ "$(value "$1" /restarts)" -gt 0 ]
}

# kill_it NAME - kill the init of the container
kill_it() {
	kill -KILL "$(value "$1" /pid)"
}

# --- on-failure ---

engine start crash --restart on-failure:2 -- sh -c 'echo try; exit 7' >/dev/null
check "on-failure:2 starts a container twice" wait_for restarts_are crash 2
check "and then gives up" wait_for has_given_up crash
check_eq "ps has the end of the last one" "$(value crash /reason /exit_code /restart)" \
	"exited 7 on-failure"
check_eq "three containers ran" "$(cat "$LOG_DIR"/crash.log* | grep -c try)" 3
engine start fine --restart on-failure -- true >/dev/null
wait_for has_ended fine
nap 0.5
check_eq "on-failure does not follow a success" "$(value fine /restarts /restarting)" \
	"0 false"
engine start hog --restart on-failure:1 --hard-mib 16 -- memory_hog 4 10 >/dev/null
check "a hard limit is a failure" wait_for restarts_are hog 1
check "of both attempts" wait_for value_is hog /reason hard_limit_killed

# --- always ---

engine start web --restart always -- sleep 1000 >/dev/null
kill_it web
check "a kill is a failure" wait_for restarted web
kill_it web
check "the next one, too" wait_for restarts_are web 2
wait_for value_is web /state running
check "stop stops it" engine stop web
nap 0.5
check_eq "a stop is not followed by a restart" "$(value web /state /restarting)" \
	"exited false"
check "start starts it again" engine start web
check_eq "and the count begins anew" "$(value web /restarts)" 0
purserctl stop web >/dev/null
wait_for has_ended web
nap 0.5
check_eq "a stop by purserctl is one" "$(value web /state /restarting)" "exited false"

# --- Waiting for a restart ---

engine start loop --restart always -- sh -c 'exit 1' >/dev/null
# The waits are 100, 200, 400 ms and so on: the fourth is long enough to be seen.
wait_for restarts_are loop 4
wait_for value_is loop /restarting true
check "stop ends the waiting" engine stop loop
check_eq "stop prints how it ended" "$OUTPUT" "loop: exited, exit code 1"
nap 2
check_eq "it is not started any more" "$(value loop /restarts /restarting)" "4 false"
engine start loop
wait_for restarts_are loop 4
check "rm ends the waiting, too" engine rm -f loop
nap 2
check "nothing starts it" eval '! row loop'

# --- Without a supervisor ---

engine start web --restart always -- sleep 1000 >/dev/null
engine start job --restart on-failure -- sleep 1000 >/dev/null
engine start good --restart on-failure -- sh -c 'sleep 1000; exit 0' >/dev/null
engine start gone --restart always -- sleep 1000 >/dev/null
web=$(value web /pid) job=$(value job /pid) good=$(value good /pid) gone=$(value gone /pid)
die
kill -KILL "$web" "$job"
kill "$(<"/proc/$good/task/$good/children")"
purserctl stop gone >/dev/null
for pid in "$web" "$job" "$good" "$gone"; do
	wait_for is_gone "$pid"
done
next
check "the next supervisor starts a killed container with always" wait_for restarted web
check "and one with on-failure" wait_for restarted job
nap 0.5
check_eq "but none that succeeded" "$(value good /state /restarting)" "exited false"
check_eq "and none that was stopped" "$(value gone /state /restarting)" "exited false"
kill_it web
check "the count goes on" wait_for restarts_are web 2

# --- After a reboot, or the orderly end of a supervisor ---

wait_for value_is web /state running
stop_supervisor
next
check "always starts a container after the orderly end of its supervisor" \
	wait_for value_is web /state running
nap 0.5
check "a container with on-failure is not started" eval '! row job'
check "nor one that was stopped" eval '! row gone'
engine start gone >/dev/null
die
# A reboot: the processes, the table, the cgroups and the run directory are gone.
for name in web gone; do
	kill -KILL "$(purserctl show "$name" --json | "$JSON" /pid)"
	wait_for eval "purserctl show $name --json | grep -q '\"state\":\"exited\"'"
	purserctl unregister "$name"
done
rm -rf "$RUN_DIR"
next
check "always starts a container after a reboot" wait_for value_is web /state running
check "also one that was started again after its stop" \
	wait_for value_is gone /state running

# --- A restart that fails ---

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
engine start own "$TEST_DIR/root" --restart on-failure:2 -- sleep 1000 >/dev/null
own=$(value own /pid)
mv "$TEST_DIR/root" "$TEST_DIR/moved"
kill -KILL "$own"
check "a restart that fails is repeated, and then given up" wait_for \
	grep -q 'container "own": starting it again failed, giving up: ' "$SUPERVISOR_LOG"
check_match "the supervisor says why" "$(grep 'own' "$SUPERVISOR_LOG")" \
	"trying once more: .*$TEST_DIR/root.*No such file"
mv "$TEST_DIR/moved" "$TEST_DIR/root"
check "a user can start it" engine start own
check_eq "and the count begins anew" "$(value own /restarts)" 0

ktap_end
