#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What the kernel refuses: its own words in one line, and the exit status.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module
spawn sleep 1000
web=$PID
purserctl register web "$web" --soft-mib 10 --hard-mib 20 >/dev/null ||
	ktap_bail "no container"
spawn sleep 1000
free=$PID

none='no such container'
refused "show" 1 "cannot show \"nope\": $none" purserctl show nope
refused "show --json" 1 "cannot show \"nope\": $none" \
	purserctl show nope --json
refused "show --id" 1 "cannot show container 77: $none" \
	purserctl show --id 77
refused "show --pid" 1 "cannot show the container of process 1: $none" \
	purserctl show --pid 1
refused "unregister" 1 "cannot unregister \"nope\": $none" \
	purserctl unregister nope
refused "set" 1 "cannot set the limits of \"nope\": $none" \
	purserctl set nope --soft-mib 1
refused "stop" 1 "cannot stop \"nope\": $none" purserctl stop nope
refused "stop --no-wait" 1 "cannot stop \"nope\": $none" \
	purserctl stop nope --no-wait
refused "stop --id" 1 "cannot stop container 77: $none" purserctl stop --id 77

# starts_with NAME STATUS BEGINNING COMMAND... - where the rest is the kernel's
starts_with() {
	local name=$1 want=$2 line=$3 out status=0

	shift 3
	out=$("$@" 2>&1 </dev/null) || status=$?
	check_eq "$name: the status" "$status" "$want"
	check_match "$name: one line" "$out" "^purserctl: $line: [a-z][^"$'\n'"]*\$"
	check_no_match "$name: the kernel's words" "$out" \
		'File exists|Invalid argument|No such process'
}

starts_with "a name that is taken" 1 \
	"cannot register \"web\" \\(process $free\\)" \
	purserctl register web "$free"
starts_with "a process that is taken" 1 \
	"cannot register \"web2\" \\(process $web\\)" \
	purserctl register web2 "$web"
starts_with "no such process" 1 \
	'cannot register "web2" \(process 2147483647\)' \
	purserctl register web2 2147483647
starts_with "the init of the system" 1 \
	'cannot register "web2" \(process 1\)' purserctl register web2 1
starts_with "a hard limit below the soft one that is there" 1 \
	'cannot set the limits of "web"' purserctl set web --hard-mib 5
starts_with "a soft limit above the hard one that is there" 1 \
	'cannot set the limits of "web"' purserctl set web --soft-mib 30
check_eq "nothing has changed" "$(value web /soft_limit /hard_limit)" \
	"10485760 20971520"

kill -KILL "$web"
wait_for has web /state exited || ktap_bail "it lives"
starts_with "stop one that has ended" 1 'cannot stop "web"' \
	purserctl stop web
starts_with "new limits for one that has ended" 1 \
	'cannot set the limits of "web"' purserctl set web --soft-mib 1
check_eq "its record is what it was" "$(value web /reason /signal)" "killed 9"

# Without CAP_NET_ADMIN: look, but neither change nor listen.
purserctl register web2 "$free" >/dev/null || ktap_bail "no container"
cap='this needs CAP_NET_ADMIN'
check_eq "users may list" \
	"$(as_nobody purserctl list --json | "$JSON" '?length')" 2
check_eq "and show" "$(as_nobody purserctl show web2 --json | "$JSON" /pid)" \
	"$free"
check "and read the counters" as_nobody purserctl info
refused "but not register" 5 "cannot register \"web3\" (process $$): $cap" \
	as_nobody purserctl register web3 $$
refused "nor unregister" 5 "cannot unregister \"web2\": $cap" \
	as_nobody purserctl unregister web2
refused "nor set" 5 "cannot set the limits of \"web2\": $cap" \
	as_nobody purserctl set web2 --hard-mib 1
refused "nor stop" 5 "cannot stop \"web2\": $cap" \
	as_nobody purserctl stop web2
refused "nor stop without waiting" 5 "cannot stop \"web2\": $cap" \
	as_nobody purserctl stop web2 --no-wait
refused "nor listen" 5 "cannot listen to the events: $cap" \
	as_nobody purserctl monitor
refused "nor listen from the start" 5 "cannot listen to the events: $cap" \
	as_nobody purserctl monitor --since 0
refused "nor read the log" 5 "cannot read the events: $cap" \
	as_nobody purserctl events
check "the container is untouched" kill -0 "$free"

# A member of a container, root as it may be.
# shellcheck disable=SC2016 # for the inner shell
inside=$(bash -c '
	purserctl register inner $$ >/dev/null || exit 1
	purserctl list
	echo "status $?"' 2>&1)
check_match "a container may not use the table" "$inside" \
	$'^purserctl: cannot list the containers: [a-z][^\n]*\nstatus 5$'

ktap_end
