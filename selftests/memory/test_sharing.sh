#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is shared is used once: in a cgroup of its own a container's usage is what
# the cgroup holds, for each kind of page, where that is less than the sum of what
# its processes map. The limits are held against that.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

lists_of() {	# lists_of KIND...: bytes on the cgroup's lists
	local re

	printf -v re '|%s' "$@"
	awk -v re="^(${re#|})\$" '$1 ~ re { n += $2 } END { print n + 0 }' \
		"$CGROUP/memory.stat"
}

min() {
	echo $(($1 < $2 ? $1 : $2))
}

# usage_fits NAME THREADS PID... - it is what the rule says, by the figures that
# the kernel shows
usage_fits() {
	local status=("${@:3}") anon file want

	status=("${status[@]/#//proc/}")
	status=("${status[@]/%//status}")
	anon=$(($(sum_of RssAnon "${status[@]}") + $(sum_of RssShmem "${status[@]}")))
	file=$(sum_of RssFile "${status[@]}")
	anon=$(min "$anon" "$(lists_of inactive_anon active_anon unevictable)")
	file=$(min "$file" "$(lists_of inactive_file active_file)")
	want=$((anon + file))
	show "$1" && field "$RECORD" usage &&
		near "$REPLY" "$want" $((SLACK + $2 * SLACK_PER_THREAD)) && return
	echo "usage $REPLY, should be $want"
	return 1
}

# Eight children and 30 MiB: 270 MiB in their page tables, and a limit of 64

start_in_cgroup family --hard-mib 64
act anon 30
act fork 8
family=("$PID" "${ANSWERS[@]}")
check "eight children share 30 MiB" wait_so agrees family 9 "${family[@]}"
field "$RECORD" rss
check "rss has it nine times" test "$REPLY" -ge $((260 * MIB))
check "usage is what the cgroup holds" wait_so usage_fits family 9 "${family[@]}"
field "$RECORD" usage
check "that is 30 MiB and a little" near "$REPLY" $((34 * MIB)) $((5 * MIB))
check_record "they live under a limit of 64 MiB" family state=running processes=9
mark family "${family[@]}"
act child 0 touch 8
check "one unshares 8 MiB" wait_so usage_grown family 8 9
check "which its page tables do not show" wait_so rss_grown family 0 9
check "the cgroup does" wait_so usage_fits family 9 "${family[@]}"
act child 0 exit
check "it leaves, and they with it" wait_so usage_grown family 0 9
act anon 8
act lock
check "8 MiB are locked, which count as well" wait_so usage_grown family 8 9
check_record "all that is below the limit" family state=running processes=8

# They unshare it: no figure of a process changes, and yet it is too much.
# The sweep is far away, but not for longer than what comes after can wait.
echo 20000 >/sys/module/purser/parameters/sweep_ms
order children touch 30
check_killed "they all unshare it, above the limit" family 64 2048 -
for pid in "${family[@]}"; do
	check "process $pid is dead" wait_for is_gone "$pid"
done
echo 100 >/sys/module/purser/parameters/sweep_ms

# watches_faults - is the page fault of the whole machine looked at
watches_faults() {
	[[ $(purserctl info --json) == *'"page_fault_user"'* ]]
}

# The soft limit, likewise

start_in_cgroup soft --soft-mib 48
act anon 30
act fork 2
children=("${ANSWERS[@]}")
check "three share 30 MiB" wait_so usage_fits soft 3 "$PID" "${children[@]}"
check_record "below the soft limit" soft soft_crossings=0
check "page faults are looked at" wait_for watches_faults
echo 20000 >/sys/module/purser/parameters/sweep_ms
act child 0 touch 30
check_event "one unshares them" soft soft_limit soft_crossings=1
field "$EVENT" usage
check "it is seen when it does" near "$REPLY" $((48 * MIB)) $((2 * MIB))
echo 100 >/sys/module/purser/parameters/sweep_ms
act child 0 exit
check_event "it leaves" soft soft_clear
act child 1 exit
check "page faults are not, once rss is below" wait_for eval '! watches_faults'
end_actor soft

# Shared memory

start_in_cgroup shared --hard-mib 64
act shared 24
act fork 4
family=("$PID" "${ANSWERS[@]}")
act children touch 24
check "five map 24 MiB of shared memory" wait_so agrees shared 5 "${family[@]}"
field "$RECORD" rss
check "rss has it five times" test "$REPLY" -ge $((115 * MIB))
check "usage once" wait_so usage_fits shared 5 "${family[@]}"
field "$RECORD" usage
check "that is below the limit" test "$REPLY" -lt $((40 * MIB))
mark shared "${family[@]}"
act fill 16
check "a file in memory that nobody maps is nobody's rss" \
	wait_so rss_grown shared 0 5
check "usage is never above rss" test "$(value shared usage)" -le \
	"$(value shared rss)"
check_record "they live" shared state=running processes=5
order exit
check_event "and end as they like" shared exited reason=exited exit_code=0
purserctl unregister shared

# 200 processes of one shell

make_cgroup shells
mkfifo "$TEST_DIR/wait" "$TEST_DIR/up"
exec {up}<>"$TEST_DIR/up"
# shellcheck disable=SC2016 # it is for the inner shells
spawn --hold sh -c 'i=0
	while [ $i -lt 200 ]; do
		sh -c "echo up >\"$1/up\"; read -r line <\"$1/wait\"" sh "$1" &
		i=$((i + 1))
	done
	wait' sh "$TEST_DIR"
enter "$PID"
register shells --hard-mib 96
release "$PID"
for ((i = 0; i < 200; i++)); do
	read -r -t "$WAIT_CAP" -u "$up" _ || ktap_bail "$i of 200 shells are up"
done
check_record "200 processes of one shell, and that" shells processes=201 \
	state=running
mapfile -t shells < <(cat "$CGROUP/cgroup.procs")
check "they share what they are" wait_so usage_fits shells 20 "${shells[@]}"
field "$RECORD" rss
check "the sum is above their limit" test "$REPLY" -gt $((96 * MIB))
field "$RECORD" usage
check "usage is not" test "$REPLY" -le $((96 * MIB))
exec {go}<>"$TEST_DIR/wait"
for ((i = 0; i < 200; i++)); do
	echo >&"$go"
done
check_event "they end of themselves" shells exited reason=exited exit_code=0
check_no_match "nothing was too much" "$(purserctl events --json |
	grep '"name":"shells"')" '"event":"hard_limit"'

# Whose cgroup it is

make_cgroup common
spawn
stranger=$PID
start_actor --hold
enter "$stranger" "$PID"
register guest
let_go
act anon 24
act fork 2
check "in a cgroup with others" wait_so agrees guest 3 "$PID" "${ANSWERS[@]}"
field "$RECORD" rss
check "rss has it three times" test "$REPLY" -ge $((70 * MIB))
check "usage is the same" fields_are "$RECORD" usage="$REPLY"
end_actor guest
kill -KILL "$stranger"

# A member moves to another cgroup: the first one keeps the pages that it paid for. It
# knows nothing of the pages that the member takes there, so that usage has these in
# full, also after the member came back.

start_in_cgroup parted
act anon 24
act fork 2
check "three share 24 MiB" wait_so usage_fits parted 3 "$PID" "${ANSWERS[@]}"
field "$RECORD" usage
check "usage has it once" test "$REPLY" -le $((40 * MIB))
check_record "nobody is outside" parted outside=0
member=${ANSWERS[0]}
mark parted "$PID" "${ANSWERS[@]}"
home=$CGROUP
make_cgroup elsewhere
enter "$member"
check "one enters another cgroup" wait_for record_is parted outside=1
check "usage stays" wait_so usage_grown parted 0 3
act child 0 anon 8
check "it takes 8 MiB there: usage has these" wait_so usage_grown parted 8 3
CGROUP=$home
enter "$member"
check "it comes back" wait_for record_is parted outside=0
check "usage still has these" wait_so usage_grown parted 8 3
act child 0 anon 8
check "it takes 8 MiB here: usage has these too" wait_so usage_grown parted 16 3
act child 0 exit
check "it ends, and its pages with it" wait_so usage_grown parted 0 3
end_actor parted

check_unload
ktap_end
