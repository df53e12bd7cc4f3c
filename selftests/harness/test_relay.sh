#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# vm/relay passes the output of a guest on, and notices a guest that is silent; vm/run ends
# such a guest. QEMU is a made-up one.

. "$(dirname "$0")/../lib/kselftest.sh"

relay=$PURSER_ROOT/selftests/vm/relay
mkfifo "$TEST_DIR/out" "$TEST_DIR/err"

# relayed SECONDS - start the relay, with the FIFOs open as descriptors 7 and 8
relayed() {
	"$relay" "$1" "$TEST_DIR/out" "$TEST_DIR/err" >"$TEST_DIR/to" 2>"$TEST_DIR/to.err" &
	pid=$!
	exec 7>"$TEST_DIR/out" 8>"$TEST_DIR/err"
}

# ends - close the FIFOs; sets status to that of the relay
ends() {
	status=0
	exec 7>&- 8>&-
	wait "$pid" || status=$?
}

relayed 0
printf 'a\r\nb\0\xff\x1b\tno newline' >&8
echo one >&7
check "a line is there at once" wait_for grep -qx one "$TEST_DIR/to"
seq 100000 >&7
ends
check_eq "it ends well when both have ended" "$status" 0
check "stdout is passed on" cmp "$TEST_DIR/to" <(echo one; seq 100000)
check "stderr is passed on, apart and byte for byte" \
	cmp "$TEST_DIR/to.err" <(printf 'a\r\nb\0\xff\x1b\tno newline')

relayed 1
status=0
wait "$pid" || status=$?
check_eq "it ends with 124 if nothing comes" "$status" 124
exec 7>&- 8>&-

# The time limit is 3 s. The output takes longer than that, on either side.
relayed 3
for n in 1 2 3 4 5 6 7 8; do
	nap 0.5
	echo "$n" >&$((7 + n % 2))
done
ends
check_eq "it does not end while something comes" "$status" 0
check_eq "all of it was passed on" "$(cat "$TEST_DIR/to" "$TEST_DIR/to.err" | sort | xargs)" \
	"1 2 3 4 5 6 7 8"

check_status "it needs a number" 255 "$relay" soon "$TEST_DIR/out" "$TEST_DIR/err"

# QEMU: the folder of the run is that of the file that gets the kernel log.
mkdir "$TEST_DIR/bin"
cat >"$TEST_DIR/bin/qemu-system-x86_64" <<'END'
#!/bin/bash
run=$(sed -n 's/.*id=log,path=\([^ ]*\)\/dmesg.*/\1/p' <<<"$*")
echo "a kernel" >"$run/dmesg"
. "$run/deed"
echo "$?" >"$run/status"
END
chmod +x "$TEST_DIR/bin/qemu-system-x86_64"
PATH=$TEST_DIR/bin:$PATH

# guest DEED - run vm/run with a time limit of 3 s; sets status. DEED is what QEMU does.
guest() {
	rm -rf "$TEST_DIR/run"
	mkdir "$TEST_DIR/run"
	echo "$1" >"$TEST_DIR/run/deed"
	status=0
	"$PURSER_ROOT/selftests/vm/run" --dir "$TEST_DIR/run" --accel tcg --timeout 3 -- true \
		>"$TEST_DIR/to" 2>"$TEST_DIR/to.err" || status=$?
}

# shellcheck disable=SC2016 # it is for the made-up QEMU
guest 'for n in 1 2 3 4 5 6 7 8; do sleep 0.5; echo $n; done >"$run/stdout"; (exit 7)'
check_eq "a guest may run longer than its time limit if it prints" \
	"$status $(xargs <"$TEST_DIR/to")" "7 1 2 3 4 5 6 7 8"
# shellcheck disable=SC2016 # so is this
guest 'echo $$ >"$run/me"; echo begin >"$run/stdout"; exec sleep 1000'
check_eq "a guest that prints nothing any more is ended" \
	"$status $(xargs <"$TEST_DIR/to")" "124 begin"
check_match "run says so" "$(<"$TEST_DIR/to.err")" 'printed nothing for 3 s'
check "QEMU is gone" wait_for is_gone "$(<"$TEST_DIR/run/me")"
guest 'exit 1'
check_eq "a guest that ends early is no success" "$status" 98

ktap_end
