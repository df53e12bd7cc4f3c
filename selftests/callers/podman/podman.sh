# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of podman.

. "$(dirname "${BASH_SOURCE[0]}")/../callers.sh"
. "$(dirname "${BASH_SOURCE[0]}")/configure.sh"

# require_podman - set podman up with purser-oci as one of its runtimes, and the image bb
require_podman() {
	require_callers podman conmon crun
	configure_podman "$PURSER_OCI"
	podman import "$IMAGE" bb >"$TEST_DIR/import" 2>&1 ||
		ktap_bail "podman import fails: $(<"$TEST_DIR/import")"
	at_exit podman rm --all --force --time 0
}

# pod COMMAND... - podman with the runtime of this column
pod() {
	podman --runtime "$RUNTIME" "$@"
}

# inspect ID FORMAT
inspect() {
	pod inspect --format "$2" "$1"
}
