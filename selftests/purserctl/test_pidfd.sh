#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Registration by pidfd: of the process that is meant, and of no other one.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

REQUEST=$PURSER_BUILD/tests/bin/kmod/request
pidfd_attribute=28	# PURSER_A_CONTAINER_PIDFD

by_pidfd() {	# by_pidfd PID COMMAND...: with a pidfd of that process as 7
	"$CLIENT" pidfd 7 "$@"
}

spawn sleep 1000
web=$PID
check_match "register --pidfd prints the id" \
	"$(by_pidfd "$web" purserctl register web --pidfd 7 --soft-mib 40)" \
	'^[1-9][0-9]*$'
check_eq "it is that process" "$(value web /pid /soft_limit)" "$web 41943040"
spawn sleep 1000
check_eq "register --pidfd --json prints the record" \
	"$(by_pidfd "$PID" purserctl register --json --pidfd 7 json |
		"$JSON" /name /pid)" "json $PID"
refused "one that is in a container" 1 \
	'cannot register "web2" (pidfd 7): the process is in a container already' \
	by_pidfd "$web" purserctl register web2 --pidfd 7
refused "what is no pidfd" 1 \
	'cannot register "web2" (pidfd 7): this is not a pidfd' \
	purserctl register web2 --pidfd 7 7</dev/null
refused "without permission" 5 \
	'cannot register "web2" (pidfd 7): this needs CAP_NET_ADMIN' \
	by_pidfd $$ setpriv --reuid 65534 --regid 65534 --clear-groups \
	purserctl register web2 --pidfd 7

# Another PID namespace's /proc would name another process.
refused "a /proc that is not one's own" 1 \
	'cannot register "web2" (pidfd 7): a pidfd needs the /proc of this PID namespace' \
	by_pidfd $$ unshare --pid --fork purserctl register web2 --pidfd 7

# A process that has ended is refused: one that is still to be waited for, one
# that is gone, and one whose PID is another's by now.
read -r -u 6 zombie 6< <(sh -c \
	'sleep 1000 & echo $! >&6; exec sleep 1000 >/dev/null' 6>&1) ||
	ktap_bail "no process"
parent=$(sed 's/.*) . \([0-9]*\) .*/\1/' "/proc/$zombie/stat")
at_exit kill -KILL "$parent"

# shellcheck disable=SC2016 # for the inner shell
refused "one that is to be waited for" 1 \
	'cannot register "web2" (pidfd 7): the process of the pidfd has exited' \
	by_pidfd "$zombie" bash -c 'kill -KILL "$1"
		until [[ $(<"/proc/$1/stat") == *") Z "* ]]; do :; done
		exec purserctl register web2 --pidfd 7' bash "$zombie"

spawn sleep 1000
# shellcheck disable=SC2016
refused "one that is gone" 1 \
	'cannot register "web2" (pidfd 7): the process of the pidfd has ended' \
	by_pidfd "$PID" bash -c 'kill -KILL "$1"
		while [ -e "/proc/$1" ]; do :; done
		exec purserctl register web2 --pidfd 7' bash "$PID"

# What purserctl does, in slow motion: the PID is read, then the process ends and
# another one gets its PID, then the request goes out.
spawn sleep 1000
# shellcheck disable=SC2016
recycled='
kill -KILL "$1"
while [ -e "/proc/$1" ]; do :; done
for ((i = 0; i < 200; i++)); do
	echo $(($1 - 1)) >/proc/sys/kernel/ns_last_pid
	sleep 1000 &
	disown # or the shell may tell that it was killed
	[ $! -ne "$1" ] || break
	kill -KILL $!
done
[ $! -eq "$1" ] || { echo "the PID did not come again"; exit; }
"$2" register name=web2 pid="$1" "$3=7"
"$2" register name=web2 pid="$1"
kill -KILL "$1"'
check_match "one whose PID is another one's now" \
	"$(by_pidfd "$PID" bash -c "$recycled" bash "$PID" "$REQUEST" \
		$pidfd_attribute 2>&1)" \
	$'^ESRCH [^\n]*: the process of the pidfd has exited\nOK [0-9]+$'
check "whose PID alone would have been taken" wait_for has web2 /state exited

check_eq "nothing else was registered" \
	"$(purserctl list --json | "$JSON" '?length')" 3
for name in web json web2; do
	purserctl unregister "$name"
done

ktap_end
