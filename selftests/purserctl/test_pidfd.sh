#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Registration by pidfd: of the process of the pidfd, and never of another one.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

REQUEST=$PURSER_BUILD/tests/bin/kmod/request
pidfd_attribute=28	# PURSER_A_CONTAINER_PIDFD

by_pidfd() {	# by_pidfd PID COMMAND...: run it with a pidfd of PID as descriptor 7
	"$CLIENT" pidfd 7 "$@"
}

spawn sleep 1000
web=$PID
check_match "register --pidfd prints the id" \
	"$(by_pidfd "$web" purserctl register web --pidfd 7 --soft-mib 40)" \
	'^[1-9][0-9]*$'
check_eq "the container has that process and the limit" \
	"$(value web /pid /soft_limit)" "$web 41943040"
spawn sleep 1000
check_eq "register --pidfd --json prints the record" \
	"$(by_pidfd "$PID" purserctl register --json --pidfd 7 json |
		"$JSON" /name /pid)" "json $PID"
refused "a process in a container is refused" 1 \
	'cannot register "web2" (pidfd 7): the process is in a container already' \
	by_pidfd "$web" purserctl register web2 --pidfd 7
refused "a descriptor that is not a pidfd is refused" 1 \
	'cannot register "web2" (pidfd 7): this is not a pidfd' \
	purserctl register web2 --pidfd 7 7</dev/null
refused "a user without CAP_NET_ADMIN is refused" 5 \
	'cannot register "web2" (pidfd 7): this needs CAP_NET_ADMIN' \
	by_pidfd $$ setpriv --reuid 65534 --regid 65534 --clear-groups \
	purserctl register web2 --pidfd 7

# In the /proc of another PID namespace, the PID may belong to another process.
refused "a /proc of another PID namespace is refused" 1 \
	'cannot register "web2" (pidfd 7): a pidfd needs the /proc of this PID namespace' \
	by_pidfd $$ unshare --pid --fork purserctl register web2 --pidfd 7

# Dead processes are refused: a zombie, a reaped one, and one whose PID another process has
# now.
read -r -u 6 zombie 6< <(sh -c \
	'sleep 1000 & echo $! >&6; exec sleep 1000 >/dev/null' 6>&1) ||
	ktap_bail "no process"
parent=$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$zombie/stat")
at_exit kill -KILL "$parent"

# shellcheck disable=SC2016 # for the inner shell
refused "a zombie is refused" 1 \
	'cannot register "web2" (pidfd 7): the process of the pidfd has exited' \
	by_pidfd "$zombie" bash -c 'kill -KILL "$1"
		until [[ $(<"/proc/$1/stat") == *") Z "* ]]; do :; done
		exec purserctl register web2 --pidfd 7' bash "$zombie"

spawn sleep 1000
# shellcheck disable=SC2016
refused "a reaped process is refused" 1 \
	'cannot register "web2" (pidfd 7): the process of the pidfd has ended' \
	by_pidfd "$PID" bash -c 'kill -KILL "$1"
		while [ -e "/proc/$1" ]; do :; done
		exec purserctl register web2 --pidfd 7' bash "$PID"

# The steps of purserctl, one by one: read the PID; then the process ends and another one
# gets its PID; then send the request.
spawn sleep 1000
# shellcheck disable=SC2016
recycled='
kill -KILL "$1"
while [ -e "/proc/$1" ]; do :; done
for ((i = 0; i < 200; i++)); do
	echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
	sleep 1000 &
	disown # so that the shell does not report that it was killed
	[ $! -ne "$1" ] || break
	kill -KILL $!
done
[ $! -eq "$1" ] || { echo "no process has got the PID again"; exit; }
"$2" register name=web2 pid="$1" "$3=7"
"$2" register name=web2 pid="$1"
kill -KILL "$1"'
registered=(web json)
if [ -e /proc/sys/kernel/ns_last_pid ]; then
	check_match "a dead process whose PID was used again is refused" \
		"$(by_pidfd "$PID" bash -c "$recycled" bash "$PID" "$REQUEST" \
			$pidfd_attribute 2>&1)" \
		$'^ESRCH [^\n]*: the process of the pidfd has exited\nOK [0-9]+$'
	check "without the pidfd the other process is registered" wait_for has web2 /state exited
	registered+=(web2)
else
	ktap_skip "a dead process whose PID was used again is refused" \
		"this kernel lets nobody choose a PID"
fi

check_eq "no other process was registered" \
	"$(purserctl list --json | "$JSON" '?length')" ${#registered[@]}
for name in "${registered[@]}"; do
	purserctl unregister "$name"
done

ktap_end
