#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 1800
#
# The units and the scripts of the packages under a systemd, without a virtual machine: it is
# the first process of a PID namespace, in a Debian with the packages. There is no module, so
# "stub" takes the place of purser. What is tested is what systemd and dpkg do to containers.

. "$(dirname "$0")/packages.sh"

top=/sys/fs/cgroup
[ -w $top/cgroup.procs ] || top=/sys/fs/cgroup/unified
[ -w $top/cgroup.procs ] || ktap_skip_all "cgroup v2 is not mounted"
root=$top/purser-test-packages
mkdir "$root" || ktap_skip_all "cannot make a cgroup"

make_root
mapfile -t all < <(debs "$DEBS"/{purser_,purser-dkms_}*.deb)
# DKMS need not build here; test_packages.sh sees it do so.
mkdir -p "$ROOT/etc/dkms"
echo 'exit 0' >"$ROOT/usr/lib/dkms/common.postinst"
newer "$DEBS"/purser_*.deb "$TEST_DIR/newer"
mapfile -t newer < <(debs "$TEST_DIR"/newer/*.deb)
cp "$here/stub" "$ROOT/purser-test/"
leave_root

cat >"$TEST_DIR/enter" <<'END'
set -e
echo 0 >"$1"/cgroup.procs
exec unshare --cgroup bash "$2" "$3"
END
cat >"$TEST_DIR/boot" <<'END'
set -e
root=$1
mount --make-rprivate /
mount -t proc proc "$root/proc"
mount -t sysfs -o ro sysfs "$root/sys"
mount -t cgroup2 cgroup2 "$root/sys/fs/cgroup"
mount -t tmpfs tmpfs "$root/run"
mount -t tmpfs tmpfs "$root/tmp"
mount -t tmpfs tmpfs "$root/dev"
for device in null:3 zero:5 full:7 random:8 urandom:9; do
	mknod -m 666 "$root/dev/${device%:*}" c 1 "${device#*:}"
done
ln -s /proc/self/fd "$root/dev/fd"
mkdir "$root/dev/shm"
exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin chroot "$root" \
	/lib/systemd/systemd --system --unit=multi-user.target --show-status=0
END

is_empty() {
	grep -qx "populated 0" "$root"/cgroup.events
}
leave() {
	kill -KILL "$booted" 2>/dev/null
	wait "$booted" 2>/dev/null
	echo 1 >"$root"/cgroup.kill
	wait_for is_empty
	find "$root" -depth -type d -exec rmdir {} \;
}

unshare --mount --pid --ipc --uts --net --fork --kill-child bash "$TEST_DIR/enter" "$root" \
	"$TEST_DIR/boot" "$ROOT" >"$TEST_DIR/log" 2>&1 </dev/null &
booted=$!
at_exit leave

guest() {
	nsenter -t "$init" --mount --pid --cgroup --ipc --uts --net --root --wdns=/ \
		/usr/bin/env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root \
		DEBIAN_FRONTEND=noninteractive "$@" </dev/null
}
is_up() {
	init=$(pgrep -P "$booted") && guest test -d /purser-test && guest systemctl is-active multi-user.target
}
if ! wait_for is_up; then
	ktap_diag "$(tail "$TEST_DIR/log")"
	ktap_skip_all "systemd does not start here"
fi
property() {	# property UNIT NAME
	guest systemctl show --value -p "$2" "$1"
}
state() {
	echo "$(property purser ActiveState) $(property purser-containers ActiveState)"
}
# The PIDs of the containers
alive() {
	guest sh -c 'cat /sys/fs/cgroup/purser/*/cgroup.procs 2>/dev/null' | sort
}
is_back() {	# is_back PID: the supervisor is another process, and ready
	[ "$(state)" = "active active" ] && [ "$(property purser MainPID)" != "$1" ]
}

# --- Installing ---

# The programs of the package are replaced before its scripts start the service.
guest dpkg-divert --quiet --local --rename --divert /usr/bin/purser.real --add /usr/bin/purser
guest cp /purser-test/stub /usr/bin/purser
check "the packages are installed" guest dpkg -i "${all[@]}"
check_eq "the service runs at once, and the unit of the containers" "$(state)" "active active"
check_eq "the service is enabled" "$(guest systemctl is-enabled purser)" enabled
check "it has made the base" guest test -x /var/lib/purser-base/bin/sh
check_eq "the folders have their modes" \
	"$(guest stat -c %a /run/purser /var/lib/purser /var/log/purser)" $'755\n700\n750'

for name in a b c d; do
	guest purser start $name
done
four_live() { [ "$(alive | wc -l)" = 4 ]; }
check "four containers live" wait_for four_live
before=$(alive)

# --- What leaves them ---

main=$(property purser MainPID)
check "the service restarts" guest systemctl restart purser
check "with another process" is_back "$main"
check_eq "the containers live" "$(alive)" "$before"

main=$(property purser MainPID)
guest kill -KILL "$main"
check "after a crash systemd starts the next one" wait_for is_back "$main"
check_eq "the containers live" "$(alive)" "$before"

check "the service stops" guest systemctl stop purser
check_eq "only it" "$(state)" "inactive active"
check_eq "the containers live" "$(alive)" "$before"
check "it starts" guest systemctl start purser

main=$(property purser MainPID)
check "the package is upgraded" guest dpkg -i "${newer[@]}"
check "which restarts the supervisor" is_back "$main"
check_eq "the containers live" "$(alive)" "$before"

# A supervisor that does not answer: SIGKILL, which leaves the containers.
# On a fast machine this test restarts the unit more often than systemd permits within 10 seconds.
guest kill -STOP "$(property purser MainPID)"
main=$(property purser MainPID)
mkdir -p "$TEST_DIR/dropin"
guest sh -c 'mkdir -p /run/systemd/system/purser.service.d
	printf "[Unit]\nStartLimitIntervalSec=0\n[Service]\nTimeoutStopSec=3\n" \
		>/run/systemd/system/purser.service.d/test.conf'
guest systemctl daemon-reload
check "a supervisor that is stuck is replaced" guest systemctl restart purser
check "by another process" is_back "$main"
check_eq "the containers live" "$(alive)" "$before"

# --- What ends them ---

check "stopping the unit of the containers" guest systemctl stop purser-containers
check_eq "ends them" "$(alive)" ""
check_eq "and the supervisor" "$(state)" "inactive inactive"
check_eq "which has not failed" "$(property purser Result)" success

guest touch /run/no-module
check_status "without a module the service does not start" 1 guest systemctl start purser
check_eq "it has failed" "$(property purser ActiveState)" failed
check_eq "and is not tried again" "$(property purser NRestarts)" 0
guest rm /run/no-module
check "with a module it starts" guest systemctl start purser
check_eq "and the other unit with it" "$(state)" "active active"

# --- Removing, with containers but without a supervisor ---

guest purser start e
one_lives() { [ "$(alive | wc -l)" = 1 ]; }
check "a container lives" wait_for one_lives
check "the service stops" guest systemctl stop purser
check "the package is removed" guest dpkg --remove purser
check_eq "the container has ended" "$(alive)" ""
check_eq "nothing runs" "$(state)" "inactive inactive"
check "it is purged" guest dpkg --purge purser
check_eq "its folders are gone" \
	"$(guest sh -c 'ls -d /run/purser /var/lib/purser* /var/log/purser 2>/dev/null')" ""

ktap_end
