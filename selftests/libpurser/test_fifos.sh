#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# purser_register() passes FIFOs to the kernel, and purser_release_fifos() releases them.
# ../kmod/test_fifos.sh tests what the kernel does with them.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/../purserctl/lib.sh"
JSON=$PURSER_BUILD/tests/bin/purserctl/json
KEEP=$PURSER_BUILD/tests/bin/libpurser/keep

require_module

fifos=()
for i in 0 1 2 3; do
	fifos+=("$TEST_DIR/$i")
	mkfifo "$TEST_DIR/$i"
done

echo text >"$TEST_DIR/file"

# open_ones - print how many of the FIFOs are open for reading
open_ones() {
	local fifo n=0

	for fifo in "${fifos[@]}"; do
		! dd if=/dev/null of="$fifo" oflag=nonblock conv=nocreat,notrunc \
			2>"$TEST_DIR/.dd" || n=$((n + 1))
	done
	echo $n
}

spawn sleep 1000
check_eq "purser_register() refuses five FIFOs" \
	"$("$KEEP" web "$PID" "${fifos[@]}" "${fifos[0]}")" \
	"E2BIG: these are too many FIFOs"
check_eq "purser_register() refuses a file" \
	"$("$KEEP" web "$PID" "${fifos[0]}" "$TEST_DIR/file")" \
	"EINVAL: not a FIFO"
check_eq "a refused registration keeps no FIFO open" "$(open_ones)" 0
check_eq "purser_register() accepts four FIFOs" \
	"$("$KEEP" web "$PID" "${fifos[@]}")" OK
check_eq "the record keeps four FIFOs open" "$(open_ones)" 4
check_eq "purser_release_fifos() refuses an unknown name" "$("$KEEP" --release wed)" \
	"ENOENT: no such container"
check_eq "purser_release_fifos() succeeds" "$("$KEEP" --release web)" OK
check_eq "the released FIFOs are closed" "$(open_ones)" 0
check_eq "the record stays after the release" "$(value web /pid)" "$PID"
check "the container can be unregistered" purserctl unregister web

ktap_end
