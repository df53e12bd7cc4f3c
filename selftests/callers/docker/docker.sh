# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests of docker.

. "$(dirname "${BASH_SOURCE[0]}")/../callers.sh"

DOCKERD_LOG=$TEST_DIR/dockerd.log

# stop_docker - end the daemon and wait for it
stop_docker() {
	[ "${DOCKERD:-}" ] || return 0
	kill "$DOCKERD"
	wait "$DOCKERD"
	DOCKERD=
	return 0
}

# start_docker [OPTION...] - start the daemon, with purser-oci as its default runtime
start_docker() {
	mkdir -p /etc/docker
	cat >/etc/docker/daemon.json <<-EOF
		{"runtimes":{"purser":{"path":"$PURSER_OCI"},"crun":{"path":"/usr/bin/crun"}},
		 "default-runtime":"purser","exec-opts":["native.cgroupdriver=cgroupfs"],
		 "storage-driver":"overlay2"}
	EOF
	dockerd "$@" </dev/null >>"$DOCKERD_LOG" 2>&1 &
	DOCKERD=$!
	at_exit stop_docker
	wait_for docker version
}

# require_docker [OPTION...] - start the daemon and make the image bb
require_docker() {
	require_callers dockerd docker containerd crun
	start_docker "$@" || ktap_bail "dockerd does not start: $(tail -n 20 "$DOCKERD_LOG")"
	docker import "$IMAGE" bb >"$TEST_DIR/import" 2>&1 ||
		ktap_bail "docker import fails: $(<"$TEST_DIR/import")"
	at_exit remove_all
}

remove_all() {
	local all

	mapfile -t all < <(docker ps -aq)
	[ ${#all[@]} -eq 0 ] || docker rm --force "${all[@]}"
}

# dock_run ARGUMENT... - docker run with the runtime of this column
dock_run() {
	docker run --runtime "$RUNTIME" "$@"
}

# inspect ID FORMAT
inspect() {
	docker inspect --format "$2" "$1"
}

has_status() {	# has_status STATUS ID
	[ "$(inspect "$2" '{{.State.Status}}')" = "$1" ]
}
