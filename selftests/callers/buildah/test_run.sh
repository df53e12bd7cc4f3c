#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
#
# buildah run and build with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../podman/podman.sh"

require_podman

# The program of the runtime of this column.
runtime() {
	case $RUNTIME in
	purser) echo "$PURSER_OCI" ;;
	*) command -v "$RUNTIME" ;;
	esac
}

steps() {
	local c

	c=$(buildah from --pull=never localhost/bb)
	fact "from" "$c" '.+'
	fact "run" "$(outcome buildah run --runtime "$(runtime)" "$c" -- echo hello)" hello
	fact "run: exit status" \
		"$(outcome buildah run --runtime "$(runtime)" "$c" -- sh -c 'exit 7')" '.*\[7\]'
	fact "run --user" \
		"$(outcome buildah run --runtime "$(runtime)" --user 5:6 "$c" -- id -u)" 5
	fact "run -t" \
		"$(outcome tty buildah run --runtime "$(runtime)" -t "$c" -- tty)" '/dev/.*'
	printf 'FROM localhost/bb\nRUN echo built >/x\n' >"$TEST_DIR/Containerfile"
	fact "build" "$(outcome buildah build --pull=never --runtime "$(runtime)" \
		-t "built-$RUNTIME" -f "$TEST_DIR/Containerfile" "$TEST_DIR" | tail -n 1)" \
		'[0-9a-f]{64}'
	buildah rm "$c" >/dev/null
}

in_columns steps
ktap_end
