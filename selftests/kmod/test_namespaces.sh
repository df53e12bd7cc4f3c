#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The record of an ended container holds only numbers. It keeps no pid and no pid
# namespace of the kernel, of which a user may have only a limited number.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

most=/proc/sys/user/max_pid_namespaces
was=$(<$most)
at_exit eval "echo $was >$most"
in_use=$(lsns -nt pid -o ns | sort -u | wc -l)
echo $((in_use + 20)) >$most || ktap_bail "cannot set the limit of namespaces"

# one_more CODE - start a process in a new pid namespace. This fails for some time after
# the end of an earlier one: the kernel frees a namespace late.
one_more() {
	spawn --pidns --hold bash -c "exit $1"
}

# one_after_the_other N - N containers are registered and end, one after the other
one_after_the_other() {
	local i

	for ((i = 1; i <= $1; i++)); do
		wait_for one_more "$i" || return
		register "box$i" && release "$PID" &&
			wait_event "box$i" exited || return
	done
}

check "30 containers run one after the other with 20 namespaces allowed" \
	one_after_the_other 30
check_eq "the records of all 30 are kept" "$(purserctl list --json --state exited |
	grep -c '"name":"box')" 30
show box7
field "$RECORD" pid
check_match "an ended record has the number of its pid" "$REPLY" '^[1-9][0-9]*$'
field "$RECORD" pidns
check_match "an ended record has the number of its pid namespace" "$REPLY" '^[1-9][0-9]*$'

check_unload
ktap_end
