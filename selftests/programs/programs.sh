# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of large programs: a supervisor over build/programs, whose
# containers write to a disk, and the containers' figures.

# Large programs are slow on an emulated machine.
WAIT_CAP=${WAIT_CAP:-$((900 * ${PURSER_SLOW:-1}))}

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../../lib/kselftest.sh"

JSON=$PURSER_BUILD/tests/bin/purserctl/json
PURSER_PROGRAMS=$PURSER_BUILD/programs
MIB=$((1 << 20))

# Mounts a disk for what containers write. The virtual machine's /tmp is a tmpfs, whose
# files the kernel cannot reclaim; the page cache of a disk can be reclaimed.
mount_disk() {
	modprobe brd rd_nr=1 rd_size=$((768 * 1024)) &&
		modprobe ext4 && busybox mke2fs -F /dev/ram0 >/dev/null &&
		mkdir -p "$TEST_DIR/disk" && mount -t ext4 /dev/ram0 "$TEST_DIR/disk" &&
		at_exit umount "$TEST_DIR/disk"
}

# require_programs - load the module, and start a supervisor over build/programs
require_programs() {
	require_machine
	[ -d "$PURSER_PROGRAMS/usr" ] ||
		ktap_skip_all "there is no build/programs; make check-programs makes it"
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no memory controller here"
	require_module
	mount_disk || ktap_bail "cannot mount a disk"
	require_supervisor "$PURSER_PROGRAMS" --state-dir "$TEST_DIR/disk"
}

# field NAME KEY... - print these fields of the container's record
field() {
	purserctl show "$1" --json | "$JSON" "${@:2}"
}

# has_said NAME LINE - the container's log has that line
has_said() {
	engine logs "$1" | grep -qxF -- "$2"
}

RSS=0		# the highest rss that sample has seen
FIGURES=	# the other figures at that moment

# sample NAME - read the container's figures; keep them if its rss is the highest so far
sample() {
	local rss usage

	read -r rss usage < <(field "$1" /rss /usage)
	[ "$rss" -gt "$RSS" ] || return 0
	RSS=$rss
	FIGURES="rss $(mib "$rss"), usage $(mib "$usage"), $(cgroup_figures "$1")"
}

# cgroup_figures NAME - print figures of the container's cgroup
cgroup_figures() {
	local words='anon|file|kernel|shmem|file_mapped|pagetables'

	awk -v words="^($words)\$" '$1 ~ words {
		printf "%s%s %d MiB", sep, $1, $2 / 1048576 + 0.5; sep = ", "
	}' "/sys/fs/cgroup/purser/$1/memory.stat"
}

# watch_for NAME LINE - wait until the container's log has that line, and sample its
# figures; fail if the container ends
watch_for() {
	local end=$((SECONDS + WAIT_CAP))

	until has_said "$1" "$2"; do
		if [ "$(field "$1" /state)" != running ] ||
		   [ "$SECONDS" -ge "$end" ]; then
			purserctl show "$1"
			engine logs "$1" --tail 20
			return 1
		fi
		sample "$1"
	done
}

# mib BYTES - print them in MiB, rounded
mib() {
	echo "$((($1 + MIB / 2) / MIB)) MiB"
}

# check_lives NAME - check that the container runs and that no limit of its cgroup was
# hit; print its figures next to its limits
check_lives() {
	local cgroup=/sys/fs/cgroup/purser/$1 peak hard

	sample "$1"
	check_eq "$1 runs" "$(field "$1" /state)" running
	check_eq "$1: the OOM killer killed no process" \
		"$(sed -n 's/^oom_kill //p' "$cgroup/memory.events")" 0
	check_eq "$1: no fork failed because of pids.max" \
		"$(sed -n 's/^max //p' "$cgroup/pids.events")" 0
	read -r peak hard < <(field "$1" /peak /hard_limit)
	ktap_diag "$1: hard limit $(mib "$hard"), memory.max $(mib "$(<"$cgroup/memory.max")")"
	ktap_diag "$1: peak of usage $(mib "$peak"), of memory.current $(mib "$(<"$cgroup/memory.peak")")"
	ktap_diag "$1: when rss was highest: $FIGURES"
	ktap_diag "$1: now memory.current $(mib "$(<"$cgroup/memory.current")"), $(cgroup_figures "$1"), $(<"$cgroup/pids.current") tasks"
}
