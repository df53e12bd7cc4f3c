# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of large programs share, beside ../engine/engine.sh: a supervisor
# over build/programs, whose containers write to a disk, and their figures.

# Nothing of this is quick on an emulated machine.
WAIT_CAP=${WAIT_CAP:-$((900 * ${PURSER_SLOW:-1}))}

# shellcheck source=../lib/kselftest.sh
. "$(dirname "$0")/../../lib/kselftest.sh"

JSON=$PURSER_BUILD/tests/bin/purserctl/json
PURSER_PROGRAMS=$PURSER_BUILD/programs
MIB=$((1 << 20))

# What containers write goes to a disk in memory: in a tmpfs, as the virtual machine
# has it below /tmp, files would be memory that cannot be given back.
mount_disk() {
	modprobe brd rd_nr=1 rd_size=$((768 * 1024)) &&
		modprobe ext4 && busybox mke2fs -F /dev/ram0 >/dev/null &&
		mkdir -p "$TEST_DIR/disk" && mount -t ext4 /dev/ram0 "$TEST_DIR/disk" &&
		at_exit umount "$TEST_DIR/disk"
}

# require_programs
require_programs() {
	require_machine
	[ -d "$PURSER_PROGRAMS/usr" ] ||
		ktap_skip_all "there is no build/programs; make check-programs makes it"
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "no memory controller in the cgroup tree"
	require_module
	mount_disk || ktap_bail "no disk"
	require_supervisor "$PURSER_PROGRAMS" --state-dir "$TEST_DIR/disk"
}

# field NAME KEY... - of its record
field() {
	purserctl show "$1" --json | "$JSON" "${@:2}"
}

has_said() {	# has_said NAME LINE: for wait_for
	engine logs "$1" | grep -qxF -- "$2"
}

RSS=0		# the most that was seen
FIGURES=	# of that moment

# look_at NAME - note its figures if its rss is the most until now
look_at() {
	local rss usage

	read -r rss usage < <(field "$1" /rss /usage)
	[ "$rss" -gt "$RSS" ] || return 0
	RSS=$rss
	FIGURES="rss $(mib "$rss"), usage $(mib "$usage"), $(stat_of "$1")"
}

# stat_of NAME - of its cgroup
stat_of() {
	local words='anon|file|kernel|shmem|file_mapped|pagetables'

	awk -v words="^($words)\$" '$1 ~ words {
		printf "%s%s %d MiB", sep, $1, $2 / 1048576 + 0.5; sep = ", "
	}' "/sys/fs/cgroup/purser/$1/memory.stat"
}

# watch_for NAME LINE - wait until its log has that line; fails when it has ended
watch_for() {
	local end=$((SECONDS + WAIT_CAP))

	until has_said "$1" "$2"; do
		if [ "$(field "$1" /state)" != running ] ||
		   [ "$SECONDS" -ge "$end" ]; then
			purserctl show "$1"
			engine logs "$1" --tail 20
			return 1
		fi
		look_at "$1"
	done
}

mib() {
	echo "$((($1 + MIB / 2) / MIB)) MiB"
}

# check_lives NAME - it runs on, and what it has taken beside its limits
check_lives() {
	local cgroup=/sys/fs/cgroup/purser/$1 peak hard

	look_at "$1"
	check_eq "$1: it lives" "$(field "$1" /state)" running
	check_eq "$1: nothing of it met the wall" \
		"$(sed -n 's/^oom_kill //p' "$cgroup/memory.events")" 0
	check_eq "$1: nor pids.max" \
		"$(sed -n 's/^max //p' "$cgroup/pids.events")" 0
	read -r peak hard < <(field "$1" /peak /hard_limit)
	ktap_diag "$1: hard limit $(mib "$hard"), memory.max $(mib "$(<"$cgroup/memory.max")")"
	ktap_diag "$1: usage $(mib "$peak") at most, memory.current $(mib "$(<"$cgroup/memory.peak")") at most"
	ktap_diag "$1: when rss was highest: $FIGURES"
	ktap_diag "$1: now memory.current $(mib "$(<"$cgroup/memory.current")"), $(stat_of "$1"), $(<"$cgroup/pids.current") tasks"
}
