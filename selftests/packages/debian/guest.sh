# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for what test_systemd.sh runs in its virtual machine.

# An emulated machine is slow, and apt's scripts are long.
WAIT_CAP=600
# shellcheck source=../../lib/kselftest.sh
. "${BASH_SOURCE[0]%/*}/../../lib/kselftest.sh"

# The programs of the packages, not those of the source tree
PATH=/usr/sbin:/usr/bin:/sbin:/bin
export DEBIAN_FRONTEND=noninteractive
unset PURSER_QUIET # kselftest.sh sets it, then "engine run" shows nothing
LOGS=/var/log/purser

# The containers c01 to c20. Each prints a line a second, and at a stop the number of lines.
# It starts no process.
many=(c{01..20})
# What "alive" has printed about them when all ran
before=
# shellcheck disable=SC2034,SC2016 # for the containers' shell
counting='trap stop=1 TERM; stop= i=0; mkfifo /tmp/f; exec 3<>/tmp/f
while [ ! "$stop" ]; do echo line $i; i=$((i + 1)); read -t 1 x <&3; done; echo bye $i'

property() {	# property UNIT NAME
	systemctl show --value -p "$2" "$1"
}

state() {
	echo "$(property purser ActiveState) $(property purser-containers ActiveState)"
}

is_back() {	# is_back PID: the supervisor is another process, and ready
	[ "$(property purser ActiveState)" = active ] &&
		[ "$(property purser MainPID)" != "$1" ]
}

# alive - print the names and PIDs of the containers that run, as the kernel has them
alive() {
	purserctl list --json --state running |
		sed -n 's/.*"name":"\([^"]*\)","pid":\([0-9]*\).*/\1 \2/p' | sort
}

names() {
	alive | cut -d ' ' -f 1 | paste -s -d ' '
}

# are_alive NAME... - these run, and no other
are_alive() {
	[ "$(names)" = "$*" ]
}

# lines FILE - print how many lines of a container's log there are, and "bye" if its last one is
# there; fail if one is missing, or is in another place
lines() {
	awk '{ sub(/^[^ ]+ stdout F /, "") }
		/^line / { if ($2 != n || bye) exit bad = 1; n++; next }
		/^bye / { if ($2 != n || bye) exit bad = 1; bye = 1; next }
		{ exit bad = 1 }
		END { print n + 0 (bye ? " bye" : ""); exit bad }' "$1"
}

# broken FILE... - print the files in which a line is missing
broken() {
	local file

	for file in "$@"; do
		lines "$file" >/dev/null || echo "$file"
	done
}

# unfinished FILE... - print the files that do not end with the last words of the container
unfinished() {
	local file

	for file in "$@"; do
		[[ $(lines "$file") == *" bye" ]] || echo "$file"
	done
}

have_printed() {	# have_printed NAME...
	local name

	for name in "$@"; do
		[ -s "$LOGS/$name.log" ] || return
	done
}

# remember - keep how many lines there are in the logs
declare -A had
remember() {
	local name

	for name in "${many[@]}"; do
		had[$name]=$(lines "$LOGS/$name.log")
	done
}

# all_go_on - each log has more lines than remembered
all_go_on() {
	local name

	for name in "${many[@]}"; do
		(($(lines "$LOGS/$name.log") > had[$name])) || return
	done
}

# check_containers - the same ones run, nothing is missing in their logs, and these grow
check_containers() {
	check_eq "the 20 containers have their PIDs" "$(alive)" "$before"
	remember
	check "each of them goes on" wait_for all_go_on
	check_eq "no line of their output is missing" "$(broken "${many[@]/%/.log}")" ""
}

cd "$LOGS" 2>/dev/null || cd /
