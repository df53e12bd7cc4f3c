#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Which kinds of memory are counted by "usage", which the limits of the module apply to,
# and which by the container's cgroup, which memory.max applies to. Documentation/memory.md
# has the same as a table.

. "$(dirname "$0")/engine.sh"

require_module sweep_ms=100
for controller in memory pids; do
	grep -qw $controller /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no $controller controller here"
done

MIB=$((1 << 20))
disk=$TEST_DIR/disk
tree=/sys/fs/cgroup/purser

# The roots are on a disk: the virtual machine's /tmp is a tmpfs, whose files are shmem
# and not page cache.
mkdir "$disk"
if ! { modprobe brd rd_nr=1 rd_size=$((256 * 1024)) &&
       busybox mke2fs -F /dev/ram0 >/dev/null &&
       modprobe ext4 && mount -t ext4 /dev/ram0 "$disk"; } 2>"$TEST_DIR/why"; then
	ktap_skip_all "cannot mount ext4 on a RAM disk: $(<"$TEST_DIR/why")"
fi
at_exit umount "$disk"
require_supervisor
make_busybox_root "$disk/root" || ktap_bail "cannot make a root"
cp "$PURSER_TEST_BIN/take" "$disk/root/bin/" || ktap_bail "cannot copy the program"
dd if=/dev/zero of="$disk/root/old" bs=1M count=32 2>/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches

# said NAME - the container has printed something
said() {
	[ "$(engine logs "$1")" ]
}

# has COUNTED MIB FIGURE - if COUNTED is "yes", FIGURE is at least that; else it is small
has() {
	case $1 in
	yes) [ "$3" -ge $(($2 * MIB)) ] ;;
	no) [ "$3" -lt $((4 * MIB)) ] ;;
	esac
}

# counted_so NAME MIB USAGE CGROUP - has() holds for usage and for memory.current
counted_so() {
	has "$3" "$2" "$(value "$1" /usage)" &&
		has "$4" "$2" "$(<"$tree/$1/memory.current")"
}

# check_counted USAGE CGROUP MIB KIND N [PATH] - a container takes N units of that kind of
# memory; check whether usage and the cgroup count at least MIB of it
check_counted() {
	local usage=$1 cgroup=$2 mib=$3 kind=$4

	engine start "$kind" "$disk/root" --soft-mib 0 --hard-mib 0 -- \
		take "${@:4}" >/dev/null || ktap_diag "the container $kind does not start"
	check "$kind: the container takes the memory" wait_for said "$kind"
	check_eq "$kind: the container got all of it" "$(engine logs "$kind")" "took $5"
	check "$kind: counted by usage: $usage, counted by the cgroup: $cgroup" \
		wait_for counted_so "$kind" "$mib" "$usage" "$cgroup"
	ktap_diag "$kind: usage $(value "$kind" /usage), rss $(value "$kind" /rss), cgroup $(<"$tree/$kind/memory.current")"
	engine stop "$kind" --signal KILL >/dev/null
}

# The cgroup counts in batches of 64 pages, so a few pages may be missing.
check_counted yes yes 31 private 32
check_counted yes yes 31 shared 32
check_counted yes yes 31 huge 32
check_counted yes yes 5 locked 6
check_counted yes yes 31 mapped 32 /new
check_counted no yes 31 cache 32 /old
check_counted no yes 31 memfd 32
check_counted no yes 31 file 32 /dev/shm/file
check_counted no yes 11 inodes 16000 /dev/shm
check_counted no yes 31 sysv 32
check_counted no yes 23 pipes 24
check_counted no yes 31 sockets 32
check_counted no yes 31 tables 32
check_counted no yes 13 threads 800

# hugetlb gets as many huge pages as the host has reserved, and no more.
echo 16 >/proc/sys/vm/nr_hugepages
at_exit eval 'echo 0 >/proc/sys/vm/nr_hugepages'
if [ "$(</proc/sys/vm/nr_hugepages)" -eq 16 ]; then
	check_counted no no 31 hugetlb 32
	check "a container that asks for more huge pages starts" \
		engine start more "$disk/root" -- take hugetlb 34
	check "that container prints an error" wait_for said more
	check_eq "the pool of the host limits its huge pages" "$(engine logs more)" \
		"cannot take hugetlb: Cannot allocate memory"
else
	ktap_skip "hugetlb" "the kernel cannot reserve huge pages"
fi

ktap_end
