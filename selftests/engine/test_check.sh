#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine check": what is missing without the module, and what a dead supervisor has left.

. "$(dirname "$0")/engine.sh"

# state NAME - print the state of a check
state() {
	engine check --json | tr -d '\n' |
		sed -n "s/.*{\"check\":\"$1\",\"state\":\"\([a-z]*\)\".*/\1/p"
}

require_no_module
check_status "without the module, the check fails" 1 engine check
check_match "it says what is missing" "$OUTPUT" $'\nmodule +missing'
check_no_match "and the rest is there" "$OUTPUT" \
	$'\n(kernel|cgroup v2|controllers|seccomp|namespaces|permissions) +missing'

load_module || ktap_bail "cannot load $PURSER_KO"
check "with the module, nothing is missing" engine check
check_match "the versions are the same" "$OUTPUT" $'\nversions +ok '
check_eq "JSON says the same" "$(state versions)" ok
check_status "in a user namespace it fails" 1 \
	unshare --user --map-root-user engine check
check_match "since root there is not the machine's" "$OUTPUT" \
	$'\npermissions +missing'

start_supervisor
check "a container starts" engine start web -- sleep 1000
check_eq "the supervisor's containers are no leftovers" "$(state containers)" ""
kill -KILL "$SUPERVISOR_PID"
wait "$SUPERVISOR_PID" 2>/dev/null
check "a dead supervisor makes nothing missing" engine check
check_match "its container waits for the next one" "$OUTPUT" \
	$'\ncontainers +warning +.*: web +engine supervisor '
start_supervisor
check_eq "which takes it over" "$(state containers)" ""
check_eq "and serves the folder" "$(state supervisor)" ok
check "the container stops" engine stop web
stop_supervisor
check_eq "after an orderly end, no container is left" "$(state containers)" ok
check_eq "nor a cgroup" "$(state cgroups)" ok

ktap_end
