#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
#
# containerd's ctr with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../callers.sh"

require_callers containerd ctr crun

stop_containerd() {
	kill "$CONTAINERD"
	wait "$CONTAINERD"
	return 0
}

containerd >"$TEST_DIR/containerd.log" 2>&1 </dev/null &
CONTAINERD=$!
at_exit stop_containerd
wait_for ctr version || ktap_bail "containerd does not start: $(tail -n 20 "$TEST_DIR/containerd.log")"

# The program of the runtime of this column.
runtime() {
	case $RUNTIME in
	purser) echo "$PURSER_OCI" ;;
	*) command -v "$RUNTIME" ;;
	esac
}

# run_ctr OPTION... - ctr run with the root of the tests. crun needs PATH, which ctr sets
# only from the configuration of an image.
run_ctr() {
	ctr run --runc-binary "$(runtime)" --env PATH=/bin --rootfs "$@"
}

has_task() {
	[ "$(ctr task ls | awk -v c="$2" '$1 == c { print $3 }')" = "$1" ]
}

root=$TEST_DIR/root
make_busybox_root "$root" || ktap_bail "cannot make a root"

steps() {
	local c=c-$RUNTIME

	fact "run" "$(outcome run_ctr --rm "$root" "once-$RUNTIME" echo hello)" hello
	fact "run: exit status" \
		"$(outcome run_ctr --rm "$root" "seven-$RUNTIME" sh -c 'exit 7')" '.*\[7\]'
	fact "run -t" \
		"$(outcome tty ctr run --runc-binary "$(runtime)" --env PATH=/bin --rootfs --rm \
			-t "$root" "tty-$RUNTIME" tty)" \
		'/dev/pts/0'
	fact "run --detach" "$(outcome run_ctr --detach "$root" "$c" sleep 1000)" ''
	record "the record says that it runs" "$c" running /state
	fact "task ls" "$(wait_for has_task RUNNING "$c"; echo $?)" 0
	fact "task exec" "$(outcome ctr task exec --exec-id one "$c" echo inside)" inside
	fact "task exec: exit status" \
		"$(outcome ctr task exec --exec-id two "$c" sh -c 'exit 9')" '.*\[9\]'
	fact "task ps" "$(ctr task ps "$c" | sed 1d | grep -c .)" 1
	fact "task pause" "$(outcome ctr task pause "$c")" ''
	fact "paused" "$(wait_for has_task PAUSED "$c"; echo $?)" 0
	fact "task resume" "$(outcome ctr task resume "$c")" ''
	fact "task kill" "$(outcome ctr task kill --signal SIGKILL "$c")" ''
	fact "stopped" "$(wait_for has_task STOPPED "$c"; echo $?)" 0
	record "the record says that its manager has killed it" "$c" 'stopped 9' /reason /signal
	fact "task delete" "$(outcome ctr task delete "$c")" '.*'
	fact "container delete" "$(outcome ctr container delete "$c")" ''
	fact "nothing is left" \
		"$(find /sys/fs/cgroup /run/containerd/runc -name "$c" 2>/dev/null)" ''
}

in_columns steps
ktap_end
