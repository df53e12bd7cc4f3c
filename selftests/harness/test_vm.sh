#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 900
#
# The runner of the virtual machine: what comes out of it and when it fails.

. "$(dirname "$0")/../lib/kselftest.sh"

vm=$PURSER_ROOT/selftests/vm/run
run=$TEST_DIR/run.test

# in_vm [OPTION...] -- COMMAND...: one boot; its output is in $TEST_DIR/{out,err}
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
# The guest's /tmp is its own: what it shall see lies in the tree.
guest_dir=$PURSER_BUILD/vm/harness.$$
mkdir -p "$guest_dir"
at_exit rm -rf "$guest_dir"
mv "$TEST_DIR/guest.sh" "$guest_dir/guest.sh"

mkdir -p "$TEST_DIR/shared/taken"
in_vm --env "SETTING=it's set" --share "$TEST_DIR/shared" -- bash "$guest_dir/guest.sh" 'a  b'
check_eq "the command's exit status comes back" "$status" 42
check_eq "its output too" "$(<"$TEST_DIR/out")" \
	"0 purser-vm $("$PURSER_ROOT/selftests/vm/kernel" release) $PWD a  b it's set
again"
printf 'a\r\nb\0\xff\x1b\tno newline' >"$TEST_DIR/want"
check "stderr apart, byte for byte" cmp "$TEST_DIR/err" "$TEST_DIR/want"
check "files come back" cmp "$guest_dir/guest.sh" "$run/copy"
check "what is made in a shared folder is made once" test -d "$TEST_DIR/shared/free"
check "the kernel log is kept" grep -q 'Linux version' "$run/dmesg"
check_eq "without carriage returns" "$(grep -c $'\r' "$run/dmesg")" 0
check_eq "the host's root is as it was" "$(ls -d /purser-was-here 2>&1)" \
	"ls: cannot access '/purser-was-here': No such file or directory"

in_vm -- bash -c 'echo "WARNING: test" >/dev/kmsg; echo fine'
check_eq "a fault in the kernel log fails a run that went well" "$status" 99
check_match "the line is shown" "$(shown)" 'WARNING: test'

# What nobody has taken off the guest's hands when it panics is lost.
(wait_for grep -q before "$TEST_DIR/out" && touch "$run/seen") &
# shellcheck disable=SC2016 # it is for the guest
in_vm -- bash -c 'echo before
	until [ -e "$PURSER_VM_OUT/seen" ]; do sleep 0.1; done
	echo c >/proc/sysrq-trigger'
wait "$!"
check_eq "a panic fails the run" "$status" 99
check_match "what came before it is there" "$(shown)" 'before'

in_vm -- bash -c 'echo o >/proc/sysrq-trigger; sleep 1000'
check_eq "a guest that goes away without a status" "$status" 98
check_match "its last words are shown" "$(shown)" 'reboot: Power down'

in_vm --timeout 10 -- sleep 1000
check_eq "a command that does not end" "$status" 124

mkdir "$run.killed"
"$vm" --dir "$run.killed" -- sleep 1000 >"$TEST_DIR/out" 2>&1 &
runner=$!
check "the machine starts" wait_for test -s "$run.killed/pid"
qemu=$(<"$run.killed/pid")
kill -TERM "$runner"
wait "$runner" 2>/dev/null
check "and is gone when its runner is ended" wait_for is_gone "$qemu"

check_status "no command" 2 "$vm"
check_status "an unknown option" 2 "$vm" --nosuchoption 1 -- true
check_status "a time-out that is no number" 2 "$vm" --timeout soon -- true
check_status "a terminal where there is none" 2 "$vm" --interactive -- true
check_status "a clock of instructions for two processors" 2 "$vm" --icount -- true

ktap_end
