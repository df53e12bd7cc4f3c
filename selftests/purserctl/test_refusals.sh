#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# If the kernel refuses a command, purserctl prints the kernel's text in one line, and its
# exit status says what kind of refusal it is.

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
refused "show fails without the container" \
	1 "cannot show \"nope\": $none" purserctl show nope
refused "show --json fails" 1 "cannot show \"nope\": $none" \
	purserctl show nope --json
refused "show --id fails" 1 "cannot show container 77: $none" \
	purserctl show --id 77
refused "show --pid fails" 1 "cannot show the container of process 1: $none" \
	purserctl show --pid 1
refused "unregister fails" 1 "cannot unregister \"nope\": $none" \
	purserctl unregister nope
refused "set fails" 1 "cannot set the limits of \"nope\": $none" \
	purserctl set nope --soft-mib 1
refused "stop fails" 1 "cannot stop \"nope\": $none" purserctl stop nope
refused "stop --no-wait fails" 1 "cannot stop \"nope\": $none" \
	purserctl stop nope --no-wait
refused "stop --id fails" 1 "cannot stop container 77: $none" purserctl stop --id 77

# starts_with NAME STATUS BEGINNING COMMAND... - the rest of the line is the kernel's text
starts_with() {
	local name=$1 want=$2 line=$3 out status=0

	shift 3
	out=$("$@" 2>&1 </dev/null) || status=$?
	check_eq "$name: the status" "$status" "$want"
	check_match "$name: there is one line" \
		"$out" "^purserctl: $line: [a-z][^"$'\n'"]*\$"
	check_no_match "$name: the text is not that of the errno" "$out" \
		'File exists|Invalid argument|No such process'
}

starts_with "a name in use is refused" 1 \
	"cannot register \"web\" \\(process $free\\)" \
	purserctl register web "$free"
starts_with "a process in a container is refused" 1 \
	"cannot register \"web2\" \\(process $web\\)" \
	purserctl register web2 "$web"
starts_with "a pid without a process is refused" 1 \
	'cannot register "web2" \(process 2147483647\)' \
	purserctl register web2 2147483647
starts_with "the system's init is refused" 1 \
	'cannot register "web2" \(process 1\)' purserctl register web2 1
starts_with "new limits for a container that does not exist are refused" 1 \
	'cannot set the limits of "nosuch"' purserctl set nosuch --hard-mib 5
starts_with "a soft limit above the present hard limit is refused" 1 \
	'cannot set the limits of "web"' purserctl set web --soft-mib 30
check_eq "the limits have not changed" "$(value web /soft_limit /hard_limit)" \
	"10485760 20971520"

kill -KILL "$web"
wait_for has web /state exited || ktap_bail "it does not end"
starts_with "a stop of an ended container is refused" 1 'cannot stop "web"' \
	purserctl stop web
starts_with "new limits for an ended container are refused" 1 \
	'cannot set the limits of "web"' purserctl set web --soft-mib 1
check_eq "its record has not changed" "$(value web /reason /signal)" "killed 9"

# A user without CAP_NET_ADMIN may read records, but may not change anything or listen.
purserctl register web2 "$free" >/dev/null || ktap_bail "no container"
cap='this needs CAP_NET_ADMIN'
check_eq "another user may list containers" \
	"$(as_nobody purserctl list --json | "$JSON" '?length')" 2
check_eq "another user may show a container" \
	"$(as_nobody purserctl show web2 --json | "$JSON" /pid)" \
	"$free"
check "another user may read the counters" as_nobody purserctl info
refused "another user may not register" 5 "cannot register \"web3\" (process $$): $cap" \
	as_nobody purserctl register web3 $$
refused "another user may not unregister" 5 "cannot unregister \"web2\": $cap" \
	as_nobody purserctl unregister web2
refused "another user may not set limits" 5 "cannot set the limits of \"web2\": $cap" \
	as_nobody purserctl set web2 --hard-mib 1
refused "another user may not stop" 5 "cannot stop \"web2\": $cap" \
	as_nobody purserctl stop web2
refused "another user may not stop without waiting" 5 "cannot stop \"web2\": $cap" \
	as_nobody purserctl stop web2 --no-wait
refused "another user may not listen" 5 "cannot listen to the events: $cap" \
	as_nobody purserctl monitor
refused "another user may not listen with --since" 5 "cannot listen to the events: $cap" \
	as_nobody purserctl monitor --since 0
refused "another user may not read the event log" 5 "cannot read the events: $cap" \
	as_nobody purserctl events
check "the container is still alive" kill -0 "$free"

# A process in a container, which runs as root.
# shellcheck disable=SC2016 # for the inner shell
inside=$(bash -c '
	purserctl register inner $$ >/dev/null || exit 1
	purserctl list
	echo "status $?"' 2>&1)
check_match "a process in a container may not use the table" "$inside" \
	$'^purserctl: cannot list the containers: [a-z][^\n]*\nstatus 5$'

ktap_end
