# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Containers of crun, each with a conmon, as podman has them; to be sourced by density.

cgroup=/sys/fs/cgroup/purser-bench

names() {
	echo conmon
}

begin_side() {
	mkdir -p state/crun exits sockets
	mkfifo sync
}

# conmon writes to _OCI_SYNCPIPE when crun has created the container. Its first process
# forks and exits.
start_one() {
	local id=c$1 answer

	make_bundle "$id"
	_OCI_SYNCPIPE=9 conmon --api-version 1 -c "$id" -u "$id" -n "$id" \
		-r "$(type -P crun)" --runtime-arg --root --runtime-arg "$PWD/state/crun" \
		-b "$PWD/bundles/$id" -p "$PWD/bundles/$id/pid" \
		--exit-dir "$PWD/exits" --socket-dir-path "$PWD/sockets" \
		--conmon-pidfile "$PWD/bundles/$id/conmon.pid" \
		-l "k8s-file:$PWD/bundles/$id/log" \
		9>sync >conmon.log 2>&1 </dev/null &
	read -r answer <sync
	[[ $answer =~ \"data\":\ *[1-9] ]] || die "conmon: $answer"
	crun --root "$PWD/state/crun" start "$id"
}

stop_side() {
	local bundle id

	for bundle in bundles/*; do
		[ -e "$bundle" ] || continue
		id=${bundle##*/}
		crun --root "$PWD/state/crun" delete --force "$id" 2>/dev/null || true
	done
	rmdir "$cgroup" 2>/dev/null || true
}

# Each conmon ends with its container.
end_side() {
	local pid pids

	mapfile -t pids < <(processes conmon)
	stop_side
	for pid in "${pids[@]}"; do
		timeout 300 tail --pid="$pid" -f /dev/null
	done
	umount bundles/*/merged
	rm -rf bundles
}
