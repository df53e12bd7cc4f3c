# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of memory share: an actor that takes it, and figures to hold the
# record against.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

PATH=$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# What the kernel keeps out of its counters: up to 64 pages a thread before 6.2,
# of each kind of page a batch per processor since. A program's own pages that it
# touches on its way come on top.
SLACK=$((MIB + $(nproc) * 131072))
SLACK_PER_THREAD=262144

# --- The actor ---

ANSWER=		# what was behind its "done"
ANSWERS=()	# the words of it

# start_actor [--hold] [SPAWN-OPTION...] - see memory_actor.c: sets PID, OUT and
# ORDERS. With --hold it is no program yet, see let_go
start_actor() {
	rm -f "$TEST_DIR/.orders"
	mkfifo "$TEST_DIR/.orders" && exec {ORDERS}<>"$TEST_DIR/.orders" || return
	exec {OUT}< <(exec spawn "$@" memory_actor <"$TEST_DIR/.orders")
	at_exit stop_process $!
	# shellcheck disable=SC2034
	read -r -t "$WAIT_CAP" -u "$OUT" PID || return
	[[ " $* " == *' --hold '* ]] || wait_line ready
}

# let_go - of an actor that is held
let_go() {
	release "$PID" && wait_line ready
}

# act COMMAND... - returns when the actor has done it; sets ANSWER
act() {
	order "$@" && wait_line 'done*' || return
	ANSWER=${LINE#done}
	ANSWER=${ANSWER# }
	# shellcheck disable=SC2034
	read -ra ANSWERS <<<"$ANSWER"
}

# end_actor NAME - kill its process, wait for its end, forget it
end_actor() {
	clear_container "$1" || ktap_bail "$1 does not end"
	exec {ORDERS}>&-
}

# --- Cgroups ---

CGROUP=		# the last one that was made

# make_cgroup NAME - with the memory controller, removed at the end
make_cgroup() {
	CGROUP=/sys/fs/cgroup/purser-memory-$1
	echo +memory >/sys/fs/cgroup/cgroup.subtree_control &&
		mkdir "$CGROUP" || return
	at_exit wait_for rmdir "$CGROUP"
}

require_cgroups() {
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "no memory controller in the cgroup tree"
}

# enter PID... - the cgroup
enter() {
	local pid

	for pid; do
		echo "$pid" >"$CGROUP/cgroup.procs" || return
	done
}

# start_in_cgroup NAME [OPTION...] - an actor in a cgroup of its own that has
# never been elsewhere, registered with these limits
start_in_cgroup() {
	if ! { make_cgroup "$1" && start_actor --hold && enter "$PID" &&
	       register "$@" && let_go; }; then
		ktap_bail "no actor in a cgroup"
	fi
}

# --- Figures ---

# sum_of KEY FILE... - in bytes, of lines "KEY: N kB"; of what is gone, nothing
sum_of() {
	cat "${@:2}" 2>/dev/null |
		awk -v key="$1:" '$1 == key { n += $2 } END { print n * 1024 }' ||
		true
}

# rss_of PID... - what the page tables of these processes hold, in bytes
rss_of() {
	local files=("${@/#//proc/}")

	sum_of Rss "${files[@]/%//smaps_rollup}"
}

# value NAME KEY - prints a figure of the record
value() {
	show "$1" && field "$RECORD" "$2" && echo "$REPLY"
}

# same_figures NAME - usage is rss
same_figures() {
	show "$1" && field "$RECORD" rss && fields_are "$RECORD" usage="$REPLY"
}

# near A B SLACK
near() {
	[ $(($1 - $2)) -le "$3" ] && [ $(($2 - $1)) -le "$3" ]
}

# A container's figures before something happens.
RSS_BEFORE=
USAGE_BEFORE=

# agrees NAME THREADS PID... - its rss is what their page tables hold
agrees() {
	local slack=$((SLACK + $2 * SLACK_PER_THREAD)) have

	have=$(rss_of "${@:3}") && show "$1" &&
		field "$RECORD" rss && near "$REPLY" "$have" "$slack" && return
	echo "rss $REPLY, $have in the page tables, up to $slack apart"
	return 1
}

# mark NAME PID... - what is to come starts from here
mark() {
	wait_for agrees "$1" $(($# - 1)) "${@:2}" || return
	field "$RECORD" rss && RSS_BEFORE=$REPLY
	field "$RECORD" usage && USAGE_BEFORE=$REPLY
}

# rss_grown NAME MIB [THREADS] - since it was marked; for wait_for
rss_grown() {
	show "$1" && field "$RECORD" rss &&
		near "$REPLY" $((RSS_BEFORE + $2 * MIB)) \
			$((SLACK + ${3:-1} * SLACK_PER_THREAD)) && return
	echo "rss $REPLY, was $RSS_BEFORE"
	return 1
}

usage_grown() {	# usage_grown NAME MIB [THREADS]: likewise
	show "$1" && field "$RECORD" usage &&
		near "$REPLY" $((USAGE_BEFORE + $2 * MIB)) \
			$((SLACK + ${3:-1} * SLACK_PER_THREAD)) && return
	echo "usage $REPLY, was $USAGE_BEFORE"
	return 1
}

# wait_so COMMAND... - wait for it, and say why it was in vain
wait_so() {
	wait_for "$@" && return
	"$@"
}

# check_grown POINT NAME MIB [THREADS] - both figures have grown by that much
check_grown() {
	check "$1" wait_so grown "${@:2}"
}

grown() {
	rss_grown "$@" && usage_grown "$@"
}

# --- Who has crossed a limit ---

# crossed_by_is JSON PID UID COMM
crossed_by_is() {
	local re='"crossed_by":(\{[^}]*\})'

	if ! [[ $1 =~ $re ]]; then
		echo "nobody has crossed it: $1"
		return 1
	fi
	fields_are "${BASH_REMATCH[1]}" pid="$2" uid="$3" comm="$4"
}

# killed_for NAME LIMIT-MIB OVER-KIB PID UID COMM - hard_limit, the end, and that
# both tell the whole story. No more than that much was taken beyond the limit
# before it was seen, whoever it was that took it ("-" where that is not known)
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
		echo "usage $usage, rss $rss, peak $peak, limit $limit"
		ok=1
	fi
	if [ $(((usage - limit) / 1024)) -gt "$3" ]; then
		echo "seen at $usage, more than $3 KiB above $limit"
		ok=1
	fi
	[ "$4" = - ] || crossed_by_is "$event" "${@:4}" || ok=1
	wait_event "$1" exited || return
	fields_are "$EVENT" reason=hard_limit_killed signal=9 rss=0 usage=0 || ok=1
	[ "$4" = - ] || crossed_by_is "$EVENT" "${@:4}" || ok=1
	[ "$4" = - ] || { show "$1" && crossed_by_is "$RECORD" "${@:4}"; } || ok=1
	return $ok
}

# check_killed POINT NAME LIMIT-MIB OVER-KIB PID UID COMM - not in a subshell:
# events are read on
check_killed() {
	check "$1" killed_for "${@:2}"
	purserctl unregister "$2" 2>/dev/null
}
