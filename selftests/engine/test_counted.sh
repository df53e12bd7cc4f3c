#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What counts memory of which kind: "usage", that limits are held against; the
# container's cgroup, that the wall stands in; or nothing. Documentation/memory.md
# has the same as a table.

. "$(dirname "$0")/engine.sh"

require_module sweep_ms=100
for controller in memory pids; do
	grep -qw $controller /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "no $controller controller in the cgroup tree"
done

MIB=$((1 << 20))
disk=$TEST_DIR/disk
tree=/sys/fs/cgroup/purser

# Roots on a disk: files in a tmpfs, as the virtual machine has it below /tmp, are
# of another kind.
mkdir "$disk"
if ! { modprobe brd rd_nr=1 rd_size=$((256 * 1024)) &&
       busybox mke2fs -F /dev/ram0 >/dev/null &&
       modprobe ext4 && mount -t ext4 /dev/ram0 "$disk"; } 2>"$TEST_DIR/why"; then
	ktap_skip_all "no file system on a disk in memory: $(<"$TEST_DIR/why")"
fi
at_exit umount "$disk"
require_supervisor
make_busybox_root "$disk/root" || ktap_bail "no root"
cp "$PURSER_TEST_BIN/take" "$disk/root/bin/" || ktap_bail "no program"
dd if=/dev/zero of="$disk/root/old" bs=1M count=32 2>/dev/null
sync
echo 3 >/proc/sys/vm/drop_caches

said() {	# said NAME: for wait_for
	[ "$(engine logs "$1")" ]
}

# has COUNTED MIB FIGURE - as much as that where it is counted, next to nothing
# where not
has() {
	case $1 in
	yes) [ "$3" -ge $(($2 * MIB)) ] ;;
	no) [ "$3" -lt $((4 * MIB)) ] ;;
	esac
}

# counted_so NAME MIB USAGE CGROUP - both figures are as they should be; for wait_for
counted_so() {
	has "$3" "$2" "$(value "$1" /usage)" &&
		has "$4" "$2" "$(<"$tree/$1/memory.current")"
}

# check_counted USAGE CGROUP MIB KIND N [PATH] - of N of the kind, so many MiB
check_counted() {
	local usage=$1 cgroup=$2 mib=$3 kind=$4

	engine start "$kind" "$disk/root" --soft-mib 0 --hard-mib 0 -- \
		take "${@:4}" >/dev/null || ktap_diag "$kind does not start"
	check "$kind: is taken" wait_for said "$kind"
	check_eq "$kind: all of it" "$(engine logs "$kind")" "took $5"
	check "$kind: in usage: $usage, in the cgroup: $cgroup" \
		wait_for counted_so "$kind" "$mib" "$usage" "$cgroup"
	ktap_diag "$kind: usage $(value "$kind" /usage), rss $(value "$kind" /rss), cgroup $(<"$tree/$kind/memory.current")"
	engine stop "$kind" --signal KILL >/dev/null
}

# A page that the cgroup counts late, in batches of 64, may be missing.
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

# As many huge pages as the host gives to hugetlbfs, and no more.
echo 16 >/proc/sys/vm/nr_hugepages
at_exit eval 'echo 0 >/proc/sys/vm/nr_hugepages'
if [ "$(</proc/sys/vm/nr_hugepages)" -eq 16 ]; then
	check_counted no no 31 hugetlb 32
	check "more of hugetlb" engine start more "$disk/root" -- take hugetlb 34
	check "are refused" wait_for said more
	check_eq "by the pool of the host" "$(engine logs more)" \
		"cannot take hugetlb: Cannot allocate memory"
else
	ktap_skip "hugetlb" "no huge pages to be had"
fi

ktap_end
