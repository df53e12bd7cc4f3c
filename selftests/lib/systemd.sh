# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# A systemd as the init of a PID namespace, with its own mounts and its own root of cgroups.
# A test sources this file after kselftest.sh. It is skipped where systemd cannot start; at
# its end, systemd is killed and its cgroups are removed. Unit files are in /run/units there.

systemd=/lib/systemd/systemd
[ "$(id -u)" = 0 ] || ktap_skip_all "not root"
[ -x "$systemd" ] || ktap_skip_all "there is no systemd"
[ -e /usr/lib/x86_64-linux-gnu/libsystemd.so.0 ] || ktap_skip_all "there is no libsystemd"
for top in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	[ ! -w "$top"/cgroup.procs ] || break
done
[ -w "$top/cgroup.procs" ] || ktap_skip_all "cgroup v2 is not mounted"

# The cgroup that systemd sees as the root, with the controllers that there are.
root=$top/purser-test-systemd
turned_on=()
for name in $(<"$top"/cgroup.controllers); do
	grep -qw "$name" "$top"/cgroup.subtree_control ||
		! echo "+$name" >"$top"/cgroup.subtree_control || turned_on+=("$name")
done 2>/dev/null
mkdir "$root" || ktap_skip_all "cannot make a cgroup"

# No process but systemd may enter that cgroup, or systemd can turn no controllers on. The
# process that waits for it stays outside.
cat >"$TEST_DIR/enter" <<'END'
set -e
echo 0 >"$1"/cgroup.procs
exec unshare --cgroup bash "$2" "$3"
END
cat >"$TEST_DIR/boot" <<'END'
set -e
mount --make-rprivate /
mount -t proc proc /proc
umount -l /sys/fs/cgroup
mount -t cgroup2 cgroup2 /sys/fs/cgroup
mount -t tmpfs tmpfs /run
mkdir /run/units
printf '[Unit]\nDescription=test\n' >/run/units/default.target
export container=test
export SYSTEMD_UNIT_PATH=/run/units:/run/systemd/transient:/run/systemd/system.control
exec "$1" --system --unit=default.target --show-status=0
END

is_empty() {
	grep -qx "populated 0" "$root"/cgroup.events
}

leave() {
	local name

	kill -KILL "$booted" 2>/dev/null
	wait "$booted" 2>/dev/null
	echo 1 >"$root"/cgroup.kill
	wait_for is_empty
	find "$root" -depth -type d -exec rmdir {} \;
	for name in "${turned_on[@]}"; do
		echo "-$name" >"$top"/cgroup.subtree_control
	done
	[ ! -e "$root" ]
}

unshare --mount --pid --ipc --uts --fork --kill-child bash "$TEST_DIR/enter" "$root" \
	"$TEST_DIR/boot" $systemd >"$TEST_DIR/log" 2>&1 </dev/null &
booted=$!
at_exit leave

# inside COMMAND... - run it where systemd is
inside() {
	nsenter -t "$init" -m -p -C -i -u -- "$@"
}

is_up() {
	init=$(pgrep -P "$booted") && inside test -S /run/systemd/private
}

if ! wait_for is_up; then
	ktap_diag "$(tail "$TEST_DIR/log")"
	ktap_skip_all "systemd does not start here"
fi
