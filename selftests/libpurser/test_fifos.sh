#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# purser_register() hands on FIFOs, purser_release_fifos() lets them go. What they
# are good for is in ../kmod/test_fifos.sh.

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

# How many of them somebody has open for reading
open_ones() {
	local fifo n=0

	for fifo in "${fifos[@]}"; do
		! dd if=/dev/null of="$fifo" oflag=nonblock conv=nocreat,notrunc \
			2>"$TEST_DIR/.dd" || n=$((n + 1))
	done
	echo $n
}

spawn sleep 1000
check_eq "five are too many" "$("$KEEP" web "$PID" "${fifos[@]}" "${fifos[0]}")" \
	"E2BIG: these are too many FIFOs"
check_eq "a file is no FIFO" "$("$KEEP" web "$PID" "${fifos[0]}" "$TEST_DIR/file")" \
	"EINVAL: not a FIFO"
check_eq "none is open" "$(open_ones)" 0
check_eq "a process is registered with four" \
	"$("$KEEP" web "$PID" "${fifos[@]}")" OK
check_eq "all of them are open" "$(open_ones)" 4
check_eq "nobody else's are let go" "$("$KEEP" --release wed)" \
	"ENOENT: no such container"
check_eq "they are let go" "$("$KEEP" --release web)" OK
check_eq "none is open" "$(open_ones)" 0
check_eq "its record is there" "$(value web /pid)" "$PID"
check "the container is let go" purserctl unregister web

ktap_end
