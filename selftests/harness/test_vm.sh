#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 900
#
# vm/run passes the output and the exit status of a command on, and fails when it must.

. "$(dirname "$0")/../lib/kselftest.sh"

vm=$PURSER_ROOT/selftests/vm/run
run=$TEST_DIR/run.test

# in_vm [OPTION...] -- COMMAND... - run COMMAND in a virtual machine; sets status. Its
# output is in $TEST_DIR/{out,err}.
in_vm() {
	rm -rf "$run"
	mkdir "$run"
	status=0
	"$vm" --dir "$run" --timeout 120 "$@" </dev/null \
		>"$TEST_DIR/out" 2>"$TEST_DIR/err" || status=$?
}

shown() {
	cat "$TEST_DIR/err" "$TEST_DIR/out"
}

cat >"$TEST_DIR/guest.sh" <<'END'
echo "$(id -u) $(hostname) $(uname -r) $PWD $1 $SETTING"
printf 'a\r\nb\0\xff\x1b\tno newline' >&2
grep -q ' / overlay ' /proc/mounts && grep -q ' /sys/fs/cgroup cgroup2 ' /proc/mounts ||
	echo "mounts: $(cat /proc/mounts)"
touch /purser-was-here /tmp/x /run/x /var/lib/purser/x /var/log/purser/x ||
	echo "not writable"
modprobe -n tun || echo "no modules"
ping -c 1 127.0.0.1 >/dev/null 2>&1 || busybox ping -c 1 127.0.0.1 >/dev/null ||
	echo "no loopback"
echo again >/dev/stdout
cp "$0" "$PURSER_VM_OUT/copy"
mkdir "$PURSER_VM_SHARED/taken" 2>/dev/null || mkdir "$PURSER_VM_SHARED/free" ||
	echo "nothing is shared"
sleep 1000 &
(exec -a '' sleep 1000) &
exit 42
END
# The guest has its own /tmp: files for the guest must be in the tree.
guest_dir=$PURSER_BUILD/vm/harness.$$
mkdir -p "$guest_dir"
at_exit rm -rf "$guest_dir"
mv "$TEST_DIR/guest.sh" "$guest_dir/guest.sh"

mkdir -p "$TEST_DIR/shared/taken"
in_vm --env "SETTING=it's set" --share "$TEST_DIR/shared" -- bash "$guest_dir/guest.sh" 'a  b'
check_eq "run returns the exit status of the command" "$status" 42
check_eq "run passes stdout on" "$(<"$TEST_DIR/out")" \
	"0 purser-vm $("$PURSER_ROOT/selftests/vm/kernel" release) $PWD a  b it's set
again"
printf 'a\r\nb\0\xff\x1b\tno newline' >"$TEST_DIR/want"
check "run passes stderr on, apart and byte for byte" \
	cmp "$TEST_DIR/err" "$TEST_DIR/want"
check "run keeps a file that the command leaves in PURSER_VM_OUT" \
	cmp "$guest_dir/guest.sh" "$run/copy"
check "a folder made in a shared folder is on the host" \
	test -d "$TEST_DIR/shared/free"
check "run keeps the kernel log" grep -q 'Linux version' "$run/dmesg"
check_eq "the kernel log has no carriage returns" "$(grep -c $'\r' "$run/dmesg")" 0
check_eq "the command does not change the host's root" \
	"$(ls -d /purser-was-here 2>&1)" \
	"ls: cannot access '/purser-was-here': No such file or directory"

in_vm -- bash -c 'echo "WARNING: test" >/dev/kmsg; echo fine'
check_eq "a fault in the kernel log fails the run in spite of status 0" "$status" 99
check_match "run prints the line with the fault" "$(shown)" 'WARNING: test'

# A panic loses output that has not left the guest: panic only once it has.
(wait_for grep -q before "$TEST_DIR/out" && touch "$run/seen") &
# shellcheck disable=SC2016 # the guest expands it
in_vm -- bash -c 'echo before
	until [ -e "$PURSER_VM_OUT/seen" ]; do sleep 0.1; done
	echo c >/proc/sysrq-trigger'
wait "$!"
check_eq "a panic fails the run" "$status" 99
check_match "run keeps the output before the panic" "$(shown)" 'before'

in_vm -- bash -c 'echo o >/proc/sysrq-trigger; sleep 1000'
check_eq "a guest that powers off early fails the run" "$status" 98
check_match "run prints the last lines of the guest" "$(shown)" 'reboot: Power down'

in_vm --timeout 10 -- sleep 1000
check_eq "a command that does not end times out" "$status" 124

mkdir "$run.killed"
"$vm" --dir "$run.killed" -- sleep 1000 >"$TEST_DIR/out" 2>&1 &
runner=$!
check "the machine starts" wait_for test -s "$run.killed/pid"
qemu=$(<"$run.killed/pid")
kill -TERM "$runner"
wait "$runner" 2>/dev/null
check "the machine is gone when run is ended" wait_for is_gone "$qemu"

check_status "run refuses to run without a command" 2 "$vm"
check_status "run refuses an unknown option" 2 "$vm" --nosuchoption 1 -- true
check_status "run refuses a time-out that is no number" 2 "$vm" --timeout soon -- true
check_status "run refuses --interactive without a terminal" \
	2 "$vm" --interactive -- true
check_status "run refuses --icount with two processors" 2 "$vm" --icount -- true
check_status "run refuses a QEMU of what is not a suite" 2 "$vm" --qemu ../x -- true
check_status "run refuses a disk that is not there" 2 "$vm" --disk "$TEST_DIR/none" -- true
check_status "run refuses --disk with --share" \
	2 "$vm" --disk "$TEST_DIR/out" --share "$TEST_DIR" -- true

ktap_end
