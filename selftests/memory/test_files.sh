#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Mappings of files: what is read counts as pages of the file, what is written to
# privately as one's own.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
require_module sweep_ms=100

# A file system that is none in memory, on a file that is
disk=$TEST_DIR/disk
mkdir "$disk"
if ! { modprobe loop && modprobe ext4 &&
       truncate -s 256M "$TEST_DIR/image" &&
       busybox mke2fs -F "$TEST_DIR/image" >/dev/null &&
       mount -t ext4 -o loop "$TEST_DIR/image" "$disk"; } 2>"$TEST_DIR/why"; then
	ktap_skip_all "no file system on a loop device: $(<"$TEST_DIR/why")"
fi
at_exit umount "$disk"
file=$disk/file
dd if=/dev/urandom of="$file" bs=1M count=24 2>/dev/null || ktap_bail "no file"
sync

usage_is_least() {	# usage_is_least NAME MIB
	show "$1" && field "$RECORD" usage && [ "$REPLY" -ge $(($2 * MIB)) ]
}

# Before 6.2 a thread hands its figures on after 64 faults, and one that reads a
# file maps 16 pages around it: as much as 16 threads keep that touch one each.
AROUND=16

# check_kind POINT KEY - those 24 MiB are of that kind, by the kernel's own figures
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
	check_grown "$1, $2" mapped 24 $AROUND
	check_kind "$1, $2: counted as $3" "$3"
	act free
	check_grown "$1, $2: given back" mapped 0 $AROUND
done
end_actor mapped

# A file that a cgroup has read, mapped by three of it: once in its usage, in rss
# three times.

start_in_cgroup readers --hard-mib 48
sync
echo 1 >/proc/sys/vm/drop_caches
act file "$file" private read 24
act fork 2
act children look
mapfile -t family < <(cat "$CGROUP/cgroup.procs")
check "rss has it three times" wait_so agrees readers $((3 * AROUND)) "${family[@]}"
check "that is above the limit" test "$(value readers rss)" -gt $((48 * MIB))
usage=$(value readers usage)
check "usage has it once" near "$usage" $((25 * MIB)) $((5 * MIB))
check_record "they live" readers state=running processes=3
end_actor readers

# What another has read first is not theirs.

start_in_cgroup late
act file "$file" private read 24
check "the file was read by others" wait_so agrees late $AROUND "$PID"
check "rss has it" test "$(value late rss)" -ge $((20 * MIB))
check "usage has not" test "$(value late usage)" -le $((8 * MIB))
act touch 24
check "what is written to becomes its own" wait_so usage_is_least late 24
end_actor late

check_unload
ktap_end
