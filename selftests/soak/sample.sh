# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the soak samples. To be sourced by "rounds".
# shellcheck disable=SC2154 # "rounds" has the variables

# meminfo KEY - set REPLY to a number of /proc/meminfo, in KiB
meminfo() {
	local key value

	REPLY=
	while read -r key value _; do
		[ "$key" != "$1:" ] || REPLY=$value
	done </proc/meminfo
}

# status_of PID KEY - set REPLY to a number of /proc/PID/status
status_of() {
	local key value

	REPLY=
	while read -r key value _; do
		[ "$key" != "$2:" ] || REPLY=$value
	done <"/proc/$1/status"
}

# cgroup_stat KEY - set REPLY to a number in cgroup.stat of the root
cgroup_stat() {
	local key value

	REPLY=
	while read -r key value; do
		[ "$key" != "$1" ] || REPLY=$value
	done </sys/fs/cgroup/cgroup.stat
}

count_files() {	# count_files DIR: sets REPLY
	REPLY=$(find "$1" -mindepth 1 -printf x | wc -c)
}

# settled PREDICATE - succeeds when what the predicate prints has been the same five times.
# What the kernel frees late, in works and after grace periods, has no event to wait for.
same=0 last=
settled() {
	local now

	now=$("$@") || return
	[ "$now" = "$last" ] && same=$((same + 1)) || same=0
	last=$now
	[ "$same" -ge 5 ]
}

# What the kernel frees late: cgroups that are removed, and files. After 4, the kernel does not
# log each time that it drops its caches.
echo 4 >/proc/sys/vm/drop_caches
late() {
	echo 3 >/proc/sys/vm/drop_caches || return
	cgroup_stat nr_dying_descendants
	echo "$REPLY $(</proc/sys/fs/file-nr)"
}

# standing_alone - only the containers live that outlive rounds
standing_alone() {
	[[ $(purserctl info --json) == *"\"live\":$1,"* ]]
}

# swept DIR - the supervisor has removed all state folders that it had put aside
swept() {
	! compgen -G "$1/.stale-*"
}

# put VALUE - the next column of the sample
put() {
	line+=${line:+,}$1
}

# The columns. "verdict.awk" says what must not grow, and by how much it may differ.
columns=time,round,containers,SUnreclaim,SReclaimable,VmallocUsed,Percpu,PageTables
columns+=,KernelStack,Shmem,steady_rss,steady_fds,steady_threads,next_rss,next_fds
columns+=,run_files,state_files,log_files,inodes,dentries,files,mounts,cgroups,dying
columns+=,processes,module_refs,live,ended,members

# supervisor_columns PID - its memory without that of the log buffer: output uses the pages of that
# one after the other, until it begins again
supervisor_columns() {
	local fds

	status_of "$1" RssAnon
	put "$REPLY"
	fds=("/proc/$1/fd"/*)
	put "${#fds[@]}"
}

# take_sample FILE SLABS - add a line to both files
take_sample() {
	local line='' key info numbers

	put "$(elapsed)"
	put "$round"
	put "$started"
	for key in SUnreclaim SReclaimable VmallocUsed Percpu PageTables KernelStack Shmem; do
		meminfo "$key"
		put "$REPLY"
	done
	supervisor_columns "${SUPERVISOR[steady]}"
	status_of "${SUPERVISOR[steady]}" Threads
	put "$REPLY"
	supervisor_columns "${SUPERVISOR[next]}"
	for key in run state log; do
		count_files "$TEST_DIR/folders/$key"
		put "$REPLY"
	done
	read -r -a numbers </proc/sys/fs/inode-nr
	put $((numbers[0] - numbers[1]))
	read -r -a numbers </proc/sys/fs/dentry-state
	put "${numbers[0]}"
	read -r -a numbers </proc/sys/fs/file-nr
	put "${numbers[0]}"
	put "$(wc -l </proc/self/mounts)"
	for key in nr_descendants nr_dying_descendants; do
		cgroup_stat "$key"
		put "$REPLY"
	done
	numbers=(/proc/[0-9]*)
	put "${#numbers[@]}"
	put "$(</sys/module/purser/refcnt)"
	info=$(purserctl info --json)
	for key in live ended members; do
		field "$info" "$key"
		put "$REPLY"
	done
	echo "$line" >>"$1"
	awk -v round="$round" 'NR > 2 && $3 * $4 > 0 {
		printf "%d,%s,%d\n", round, $1, $3 * $4 / 1024 }' /proc/slabinfo >>"$2"
}
