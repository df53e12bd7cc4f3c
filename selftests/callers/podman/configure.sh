# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The files that set podman up with purser-oci.

# configure_podman PROGRAM - make purser-oci podman's default runtime
configure_podman() {
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
		purser = ["$1"]
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
}
