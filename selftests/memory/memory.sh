# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of memory: an actor that takes memory, and figures of the kernel
# to compare the record with.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# How far the record may differ from the page tables. Before 6.2 the kernel's counters lack
# up to 64 pages for each thread. Since 6.2 they lack up to a batch of each kind of page for
# each processor. A program also touches a few pages of its own meanwhile.
SLACK=$((MIB + $(nproc) * 131072))
SLACK_PER_THREAD=262144

# --- The actor ---

ANSWER=		# what the actor printed after "done"
ANSWERS=()	# the words of ANSWER

# start_actor [--hold] [SPAWN-OPTION...] - start memory_actor.c; set PID, OUT and ORDERS.
# With --hold it waits before its execve() until release_actor
start_actor() {
	rm -f "$TEST_DIR/.orders"
	mkfifo "$TEST_DIR/.orders" && exec {ORDERS}<>"$TEST_DIR/.orders" || return
	exec {OUT}< <(exec spawn "$@" memory_actor <"$TEST_DIR/.orders")
	at_exit stop_process $!
	# shellcheck disable=SC2034
	read -r -t "$WAIT_CAP" -u "$OUT" PID || return
	[[ " $* " == *' --hold '* ]] || wait_line ready
}

# release_actor - let an actor go on that was started with --hold
release_actor() {
	release "$PID" && wait_line ready
}

# act COMMAND... - send the actor a command and wait until it is done; set ANSWER
act() {
	order "$@" && wait_line 'done*' || return
	ANSWER=${LINE#done}
	ANSWER=${ANSWER# }
	# shellcheck disable=SC2034
	read -ra ANSWERS <<<"$ANSWER"
}

# end_actor NAME - kill the container's processes, wait for its end, forget its record
end_actor() {
	clear_container "$1" || ktap_bail "$1 does not end"
	exec {ORDERS}>&-
}

# --- Cgroups ---

CGROUP=		# the cgroup that was made last

# make_cgroup NAME - make a cgroup with the memory controller; the end of the test removes
# it
make_cgroup() {
	CGROUP=/sys/fs/cgroup/purser-memory-$1
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
		mkdir "$CGROUP" || return
	at_exit wait_for rmdir "$CGROUP"
}

# require_cgroups - skip the test if cgroup v2 has no memory controller
require_cgroups() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no memory controller here"
}

# enter PID... - move processes into CGROUP
enter() {
	local pid

	for pid; do
		echo "$pid" >"$CGROUP/cgroup.procs" || return
	done
}

# start_in_cgroup NAME [OPTION...] - start an actor in a new cgroup, and register it with
# these limits. All its memory is charged to that cgroup
start_in_cgroup() {
	if ! { make_cgroup "$1" && start_actor --hold && enter "$PID" &&
	       register "$@" && release_actor; }; then
		ktap_bail "cannot start an actor in a cgroup"
	fi
}

# --- Figures ---

# sum_of KEY FILE... - print the sum of the lines "KEY: N kB" in bytes; a missing file
# counts as 0
sum_of() {
	cat "${@:2}" 2>/dev/null |
		awk -v key="$1:" '$1 == key { n += $2 } END { print n * 1024 }' ||
		true
}

# rss_of PID... - print the bytes that the page tables of these processes map
rss_of() {
	local files=("${@/#//proc/}")

	sum_of Rss "${files[@]/%//smaps_rollup}"
}

# value NAME KEY - print a figure of the record
value() {
	show "$1" && field "$RECORD" "$2" && echo "$REPLY"
}

# same_figures NAME - usage equals rss
same_figures() {
	show "$1" && field "$RECORD" rss && fields_are "$RECORD" usage="$REPLY"
}

# near A B SLACK - A and B differ by at most SLACK
near() {
	[ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ]
}

# A container's figures at the last "mark".
RSS_BEFORE=
USAGE_BEFORE=

# agrees NAME THREADS PID... - the container's rss is what the page tables of these
# processes map; they have THREADS threads
agrees() {
	local slack=$((SLACK + $2 * SLACK_PER_THREAD)) have

	have=$(rss_of "${@:3}") && show "$1" &&
		field "$RECORD" rss && near "$REPLY" "$have" "$slack" && return
	echo "rss is $REPLY, page tables map $have, allowed difference $slack"
	return 1
}

# mark NAME PID... - remember the container's figures, for rss_grown and usage_grown
mark() {
	wait_for agrees "$1" $(($# - 1)) "${@:2}" || return
	field "$RECORD" rss && RSS_BEFORE=$REPLY
	field "$RECORD" usage && USAGE_BEFORE=$REPLY
}

# rss_grown NAME MIB [THREADS] - rss has grown by MIB since "mark"
rss_grown() {
	show "$1" && field "$RECORD" rss &&
		near "$REPLY" $((RSS_BEFORE + $2 * MIB)) \
			$((SLACK + ${3:-1} * SLACK_PER_THREAD)) && return
	echo "rss is $REPLY and was $RSS_BEFORE"
	return 1
}

# usage_grown NAME MIB [THREADS] - usage has grown by MIB since "mark"
usage_grown() {
	show "$1" && field "$RECORD" usage &&
		near "$REPLY" $((USAGE_BEFORE + $2 * MIB)) \
			$((SLACK + ${3:-1} * SLACK_PER_THREAD)) && return
	echo "usage is $REPLY and was $USAGE_BEFORE"
	return 1
}

# wait_so COMMAND... - wait until the command succeeds; if it does not, print its output
wait_so() {
	wait_for "$@" && return
	"$@"
}

# check_grown POINT NAME MIB [THREADS] - rss and usage have grown by MIB since "mark"
check_grown() {
	check "$1" wait_so grown "${@:2}"
}

grown() {
	rss_grown "$@" && usage_grown "$@"
}

# --- The process that crossed a limit ---

# crossed_by_is JSON PID UID COMM - the record names that process in "crossed_by"
crossed_by_is() {
	local re='"crossed_by":(\{[^}]*\})'

	if ! [[ $1 =~ $re ]]; then
		echo "crossed_by is null: $1"
		return 1
	fi
	fields_are "${BASH_REMATCH[1]}" pid="$2" uid="$3" comm="$4"
}

# killed_for NAME LIMIT-MIB OVER-KIB PID UID COMM - the events hard_limit and exited come
# and have the right values. usage was at most OVER-KIB above the limit when the module
# saw it. PID, UID and COMM are of the process that crossed the limit; "-" for any
killed_for() {
	local limit=$(($2 * MIB)) usage rss peak event ok=0

	wait_event "$1" hard_limit || return
	event=$EVENT
	field "$event" usage && usage=$REPLY
	field "$event" rss && rss=$REPLY
	field "$event" peak && peak=$REPLY
	fields_are "$event" hard_limit="$limit" || ok=1
	if [ "$usage" -le "$limit" ] || [ "$rss" -lt "$usage" ] ||
	   [ "$peak" -lt "$usage" ]; then
		echo "usage $usage, rss $rss and peak $peak do not fit the limit $limit"
		ok=1
	fi
	if [ $(((usage - limit) / 1024)) -gt "$3" ]; then
		echo "the limit $limit acted at $usage, more than $3 KiB above it"
		ok=1
	fi
	[ "$4" = - ] || crossed_by_is "$event" "${@:4}" || ok=1
	wait_event "$1" exited || return
	fields_are "$EVENT" reason=hard_limit_killed signal=9 rss=0 usage=0 || ok=1
	[ "$4" = - ] || crossed_by_is "$EVENT" "${@:4}" || ok=1
	[ "$4" = - ] || { show "$1" && crossed_by_is "$RECORD" "${@:4}"; } || ok=1
	return $ok
}

# check_killed POINT NAME LIMIT-MIB OVER-KIB PID UID COMM - a point: killed_for. (check
# must not run it in a subshell, since it reads events)
check_killed() {
	check "$1" killed_for "${@:2}"
	purserctl unregister "$2" 2>/dev/null
}
