#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The record of a container that has ended is numbers alone: it keeps no pid and no
# pid namespace, of which a user may have only so many.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

most=/proc/sys/user/max_pid_namespaces
was=$(<$most)
at_exit eval "echo $was >$most"
in_use=$(lsns -nt pid -o ns | sort -u | wc -l)
echo $((in_use + 20)) >$most || ktap_bail "cannot limit the namespaces"

# The kernel frees a namespace some time after its last process has gone.
one_more() {
	spawn --pidns --hold bash -c "exit $1"
}

one_after_the_other() {	# one_after_the_other N
	local i

	for ((i = 1; i <= $1; i++)); do
		wait_for one_more "$i" || return
		register "box$i" && release "$PID" &&
			wait_event "box$i" exited || return
	done
}

check "30 containers come and go, of 20 that there may be" one_after_the_other 30
check_eq "their records are kept" "$(purserctl list --json --state exited |
	grep -c '"name":"box')" 30
show box7
field "$RECORD" pid
check_match "with their pids" "$REPLY" '^[1-9][0-9]*$'
field "$RECORD" pidns
check_match "and the numbers of their namespaces" "$REPLY" '^[1-9][0-9]*$'

check_unload
ktap_end
