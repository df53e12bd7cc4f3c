#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mappings of files: a page that is read counts as a page of the file, and a page of a
# private mapping that is written to counts as an anonymous page.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
require_module sweep_ms=100

# A file system that is not a tmpfs. The image file of it is in memory.
disk=$TEST_DIR/disk
mkdir "$disk"
if ! { modprobe loop && modprobe ext4 &&
       truncate -s 256M "$TEST_DIR/image" &&
       busybox mke2fs -F "$TEST_DIR/image" >/dev/null &&
       mount -t ext4 -o loop "$TEST_DIR/image" "$disk"; } 2>"$TEST_DIR/why"; then
	ktap_skip_all "cannot mount ext4 on a loop device: $(<"$TEST_DIR/why")"
fi
at_exit umount "$disk"
file=$disk/file
dd if=/dev/urandom of="$file" bs=1M count=24 2>/dev/null || ktap_bail "cannot make the file"
sync

# usage_is_least NAME MIB - usage is at least MIB
usage_is_least() {
	show "$1" && field "$RECORD" usage && [ "$REPLY" -ge $(($2 * MIB)) ]
}

# Before 6.2 a thread adds its pages to the counters after 64 faults. A fault that reads a
# file maps 16 pages at once, so one thread lacks as much as 16 threads do otherwise.
AROUND=16

# check_kind POINT KEY - the kernel counts most of the 24 MiB under KEY in status
check_kind() {
	check "$1" test "$(sum_of "$2" "/proc/$PID/status")" -ge $((19 * MIB))
}

start_actor
register mapped
for how in "private read RssFile" "private write RssAnon" \
	   "shared read RssFile" "shared write RssFile"; do
	# shellcheck disable=SC2086 # three words
	set -- $how
	mark mapped "$PID"
	act file "$file" "$1" "$2" 24
	check_grown "rss and usage count a $1 mapping of a file, $2" mapped 24 $AROUND
	check_kind "the kernel counts a $1 mapping, $2, as $3" "$3"
	act free
	check_grown "rss and usage fall when a $1 mapping, $2, is removed" mapped 0 $AROUND
done
end_actor mapped

# A cgroup has read a file, and three of its processes map it. usage counts the file once,
# rss three times.

start_in_cgroup readers --hard-mib 48
sync
echo 1 >/proc/sys/vm/drop_caches
act file "$file" private read 24
act fork 2
act children read
mapfile -t family < <(cat "$CGROUP/cgroup.procs")
check "rss counts a file once for each of three processes" \
	wait_so agrees readers $((3 * AROUND)) "${family[@]}"
check "that rss is above the hard limit" test "$(value readers rss)" -gt $((48 * MIB))
usage=$(value readers usage)
check "usage counts the file once" near "$usage" $((25 * MIB)) $((5 * MIB))
check_record "the container is not killed" readers state=running processes=3
end_actor readers

# The page cache belongs to the cgroup that read the file first.

start_in_cgroup late
act file "$file" private read 24
check "a container maps a file that another cgroup has read" \
	wait_so agrees late $AROUND "$PID"
check "rss counts that file" test "$(value late rss)" -ge $((20 * MIB))
check "usage does not count that file" test "$(value late usage)" -le $((8 * MIB))
act touch 24
check "usage counts private pages of that file after they are written to" \
	wait_so usage_is_least late 24
end_actor late

check_unload
ktap_end
