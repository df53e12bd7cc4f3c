#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage counts shared memory once. If a container has a cgroup of its own, usage is, for
# each kind of page, the smaller one of what the cgroup holds and the sum of what its
# processes map. The limits apply to usage.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

# lists_of KIND... - print the bytes of these kinds in the cgroup's memory.stat
lists_of() {
	local re

	printf -v re '|%s' "$@"
	awk -v re="^(${re#|})\$" '$1 ~ re { n += $2 } END { print n + 0 }' \
		"$CGROUP/memory.stat"
}

# min A B - print the smaller number
min() {
	echo $(($1 < $2 ? $1 : $2))
}

# usage_fits NAME THREADS PID... - usage is what the rule says, by figures of the kernel
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
	echo "usage is $REPLY and should be $want"
	return 1
}

# --- Nine processes share 30 MiB: rss is 270 MiB, the limit 64 MiB ---

start_in_cgroup family --hard-mib 64
act anon 30
act fork 8
family=("$PID" "${ANSWERS[@]}")
check "rss of nine processes agrees with the page tables" \
	wait_so agrees family 9 "${family[@]}"
field "$RECORD" rss
check "rss counts 30 MiB nine times" test "$REPLY" -ge $((260 * MIB))
check "usage of nine processes is what the cgroup holds" \
	wait_so usage_fits family 9 "${family[@]}"
field "$RECORD" usage
check "usage of nine processes is a little above 30 MiB" \
	near "$REPLY" $((34 * MIB)) $((5 * MIB))
check_record "the container lives under a limit of 64 MiB" family state=running processes=9
mark family "${family[@]}"
act child 0 touch 8
check "usage counts 8 MiB that a process copies" wait_so usage_grown family 8 9
check "rss does not change by the copy" wait_so rss_grown family 0 9
check "usage is what the cgroup holds after the copy" \
	wait_so usage_fits family 9 "${family[@]}"
act child 0 exit
check "usage falls when that process exits" wait_so usage_grown family 0 9
act anon 8
act lock
check "usage counts 8 MiB that are locked" wait_so usage_grown family 8 9
check_record "the container lives below the limit" family state=running processes=8

# Copies of shared pages change no figure of a process, and yet cross the limit. The sweep
# runs only every 20 s, which later points can wait for.
echo 20000 >/sys/module/purser/parameters/sweep_ms
order children touch 30
check_killed "copies of shared pages cross the hard limit" family 64 2048 -
for pid in "${family[@]}"; do
	check "process $pid of that container is dead" wait_for is_gone "$pid"
done
echo 100 >/sys/module/purser/parameters/sweep_ms

# watches_faults - the module has attached the tracepoint of page faults
watches_faults() {
	[[ $(purserctl info --json) == *'"page_fault_user"'* ]]
}

# --- The soft limit ---

start_in_cgroup soft --soft-mib 48
act anon 30
act fork 2
children=("${ANSWERS[@]}")
check "usage of three processes that share 30 MiB is what the cgroup holds" \
	wait_so usage_fits soft 3 "$PID" "${children[@]}"
check_record "usage is below the soft limit" soft soft_crossings=0
check "the module watches page faults since rss is above the soft limit" \
	wait_for watches_faults
echo 20000 >/sys/module/purser/parameters/sweep_ms
act child 0 touch 30
check_event "copies of shared pages cross the soft limit" soft soft_limit soft_crossings=1
field "$EVENT" usage
check "the module sees it near the soft limit" near "$REPLY" $((48 * MIB)) $((2 * MIB))
echo 100 >/sys/module/purser/parameters/sweep_ms
act child 0 exit
check_event "usage falls below the soft limit when that process exits" soft soft_clear
act child 1 exit
check "the module does not watch page faults when rss is below the soft limit" \
	wait_for eval '! watches_faults'
end_actor soft

# --- Shared memory ---

start_in_cgroup shared --hard-mib 64
act shared 24
act fork 4
family=("$PID" "${ANSWERS[@]}")
act children touch 24
check "rss of five processes with shared memory agrees with the page tables" \
	wait_so agrees shared 5 "${family[@]}"
field "$RECORD" rss
check "rss counts 24 MiB of shared memory five times" test "$REPLY" -ge $((115 * MIB))
check "usage counts the shared memory once" wait_so usage_fits shared 5 "${family[@]}"
field "$RECORD" usage
check "usage with the shared memory is below the limit" test "$REPLY" -lt $((40 * MIB))
mark shared "${family[@]}"
act fill 16
check "rss does not count a memfd that no process maps" \
	wait_so rss_grown shared 0 5
check "usage is not above rss" test "$(value shared usage)" -le \
	"$(value shared rss)"
check_record "the container with shared memory lives" shared state=running processes=5
order exit
check_event "the container with shared memory exits" shared exited reason=exited exit_code=0
purserctl unregister shared

# --- 200 processes of one shell ---

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
	read -r -t "$WAIT_CAP" -u "$up" _ || ktap_bail "only $i of 200 shells have started"
done
check_record "a container has a shell and 200 children of it" shells processes=201 \
	state=running
mapfile -t shells < <(cat "$CGROUP/cgroup.procs")
check "usage of 201 shells is what the cgroup holds" \
	wait_so usage_fits shells 20 "${shells[@]}"
field "$RECORD" rss
check "rss of 201 shells is above the limit" test "$REPLY" -gt $((96 * MIB))
field "$RECORD" usage
check "usage of 201 shells is below the limit" test "$REPLY" -le $((96 * MIB))
exec {go}<>"$TEST_DIR/wait"
for ((i = 0; i < 200; i++)); do
	echo >&"$go"
done
check_event "the 201 shells exit" shells exited reason=exited exit_code=0
check_no_match "the shells did not cross the hard limit" "$(purserctl events --json |
	grep '"name":"shells"')" '"event":"hard_limit"'

# --- A cgroup that the container shares with another process ---

make_cgroup common
spawn
stranger=$PID
start_actor --hold
enter "$stranger" "$PID"
register guest
release_actor
act anon 24
act fork 2
check "rss in a shared cgroup agrees with the page tables" \
	wait_so agrees guest 3 "$PID" "${ANSWERS[@]}"
field "$RECORD" rss
check "rss in a shared cgroup counts 24 MiB three times" test "$REPLY" -ge $((70 * MIB))
check "usage in a shared cgroup equals rss" fields_are "$RECORD" usage="$REPLY"
end_actor guest
kill -KILL "$stranger"

# --- A member moves to another cgroup ---
#
# The first cgroup keeps the pages that are charged to it. It does not know the pages that
# the member takes in the other cgroup. usage counts these in full, also after the member
# has come back.

start_in_cgroup parted
act anon 24
act fork 2
check "usage of three processes is what the cgroup holds" \
	wait_so usage_fits parted 3 "$PID" "${ANSWERS[@]}"
field "$RECORD" usage
check "usage counts 24 MiB once" test "$REPLY" -le $((40 * MIB))
check_record "no member is in another cgroup" parted outside=0
member=${ANSWERS[0]}
mark parted "$PID" "${ANSWERS[@]}"
home=$CGROUP
make_cgroup elsewhere
enter "$member"
check "a member moves to another cgroup" wait_for record_is parted outside=1
check "the move does not change usage" wait_so usage_grown parted 0 3
act child 0 anon 8
check "usage counts 8 MiB that the member takes in the other cgroup" \
	wait_so usage_grown parted 8 3
CGROUP=$home
enter "$member"
check "the member comes back" wait_for record_is parted outside=0
check "usage still counts these 8 MiB" wait_so usage_grown parted 8 3
act child 0 anon 8
check "usage counts 8 MiB that the member takes after that" wait_so usage_grown parted 16 3
act child 0 exit
check "usage falls when the member exits" wait_so usage_grown parted 0 3
end_actor parted

check_unload
ktap_end
