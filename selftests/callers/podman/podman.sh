# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of podman.

. "$(dirname "${BASH_SOURCE[0]}")/../callers.sh"

# require_podman - set podman up with purser-oci as one of its runtimes, and the image bb
require_podman() {
	require_callers podman conmon crun
	mkdir -p /etc/containers
	cat >/etc/containers/containers.conf <<-EOF
		[containers]
		log_driver = "k8s-file"
		[engine]
		runtime = "purser"
		runtime_supports_json = ["crun", "runc", "purser"]
		cgroup_manager = "cgroupfs"
		events_logger = "file"
		[engine.runtimes]
		purser = ["$PURSER_OCI"]
	EOF
	cat >/etc/containers/storage.conf <<-EOF
		[storage]
		driver = "overlay"
		graphroot = "/var/lib/containers/storage"
		runroot = "/run/containers/storage"
	EOF
	cat >/etc/containers/policy.json <<-EOF
		{"default":[{"type":"insecureAcceptAnything"}]}
	EOF
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
