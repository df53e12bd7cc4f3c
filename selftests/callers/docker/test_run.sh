#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# docker run, exec, logs, stop, kill and others with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../docker/docker.sh"

require_docker

has_log() {
	docker logs "$1" 2>&1 | grep -qxF -- "$2"
}

one_shot() {
	fact "run prints the output" "$(outcome dock_run --rm bb echo hello)" hello
	fact "run returns the exit status" "$(outcome dock_run --rm bb sh -c 'exit 7')" '\[7\]'
	fact "run of a missing command" "$(outcome dock_run --rm bb /nowhere)" \
		'.*executable file not found.*\[127\]'
	fact "run of a folder" "$(outcome dock_run --rm bb /etc)" '.*permission denied.*\[126\]'
	fact "run -t gives a terminal" \
		"$(outcome tty docker run --runtime "$RUNTIME" --rm -t bb tty)" '/dev/pts/0'
	fact "the default bridge" \
		"$(outcome dock_run --rm bb sh -c 'ip -o -4 addr show eth0 | grep -c 172.17')" 1
	fact "--init" "$(outcome dock_run --rm --init bb cat /proc/1/comm)" docker-init
	fact "--read-only" "$(outcome dock_run --rm --read-only bb touch /x)" \
		'.*Read-only file system.*\[1\]'
	fact "-v" "$(outcome dock_run --rm -v "$TEST_DIR:/t:ro" bb ls /t/image.tar)" /t/image.tar
	fact "--user" "$(outcome dock_run --rm --user 5:6 bb id)" 'uid=5.* gid=6.*'
	fact "--memory" "$(outcome dock_run --rm --memory 32m bb cat /sys/fs/cgroup/memory.max | tail -n 1)" \
		33554432
	fact "--cap-drop" \
		"$(outcome dock_run --rm --cap-drop ALL bb grep CapEff /proc/self/status)" \
		'CapEff:.0000000000000000'
	fact "seccomp" "$(outcome dock_run --rm bb grep Seccomp: /proc/self/status)" 'Seccomp:.2'
}

background() {
	local c=c-$RUNTIME id

	# docker warns that the machine has no swap.
	id=$(outcome dock_run -d --name "$c" --memory 64m bb \
		sh -c 'trap "exit 3" TERM; sleep 1000 & echo started; wait' | tail -n 1)
	fact "run -d" "$id" '[0-9a-f]{64}'
	fact "logs" "$(wait_for has_log "$c" started && docker logs "$c")" started
	record "the record says that it runs" "$id" running /state
	fact "exec" "$(outcome docker exec "$c" echo inside)" inside
	fact "exec: exit status" "$(outcome docker exec "$c" sh -c 'exit 9')" '\[9\]'
	fact "exec of a missing command" "$(outcome docker exec "$c" /nowhere)" \
		'.*executable file not found.*\[(126|127)\]'
	fact "exec -it" "$(outcome tty docker exec -it "$c" tty)" '/dev/pts/[0-9]+'
	fact "top" "$(docker top "$c" -o pid,comm | awk 'NR > 1 { print $2 }' | sort -u | tr '\n' ' ')" 'sh sleep '
	fact "stats" "$(docker stats --no-stream --format '{{.PIDs}}' "$c")" '[2-9]'
	fact "pause" "$(outcome docker pause "$c")" "$c"
	fact "inspect: paused" "$(inspect "$c" '{{.State.Status}}')" paused
	fact "unpause" "$(outcome docker unpause "$c")" "$c"
	fact "update" "$(outcome docker update --memory 48m --memory-swap 96m "$c" | head -n 1)" "$c"
	fact "memory.max after update" \
		"$(outcome docker exec "$c" cat /sys/fs/cgroup/memory.max)" 50331648
	fact "stop" "$(outcome docker stop --time 60 "$c")" "$c"
	fact "inspect: exit code" "$(inspect "$c" '{{.State.ExitCode}}')" 3
	fact "restart" "$(outcome docker restart "$c")" "$c"
	fact "inspect: running again" "$(inspect "$c" '{{.State.Status}}')" running
	fact "kill" "$(outcome docker kill "$c")" "$c"
	fact "wait" "$(outcome docker wait "$c")" 137
	record "the record says that its manager has killed it" "$id" 'stopped 9' \
		/reason /signal
	fact "rm" "$(outcome docker rm "$c")" "$c"
	fact "nothing is left" "$(find /sys/fs/cgroup /run/docker/runtime-runc -name "*$id*" 2>/dev/null)" ''
}

strange_ends() {
	local c=e-$RUNTIME id

	id=$(outcome dock_run -d --name "$c" bb sleep 1000)
	kill -KILL "$(inspect "$c" '{{.State.Pid}}')"
	fact "a stranger kills it: exit code" "$(docker wait "$c")" 137
	record "a stranger kills it: the record names the stranger" "$id" "killed 9 $$" \
		/reason /signal /killer/pid
	docker rm "$c" >/dev/null

	id=$(outcome dock_run -d --name "$c" --memory 32m --memory-swap 32m bb memory_hog 1 10 |
		tail -n 1)
	fact "too much memory: exit code" "$(docker wait "$c")" 137
	fact "too much memory: OOMKilled" \
		"$(wait_for has_status exited "$c"; inspect "$c" '{{.State.OOMKilled}}')" true
	record "too much memory: the record says so" "$id" "oom_killed" /reason
	docker rm "$c" >/dev/null

	# docker 20.10 has no option for annotations. crun knows nothing of the limit: its
	# container reaches the memory limit.
	mkdir -p /etc/purser
	echo 'hard_limit = 50%' >/etc/purser/oci.conf
	id=$(outcome dock_run -d --name "$c" --memory 64m --memory-swap 64m bb \
		memory_hog 1 10 | tail -n 1)
	fact "a hard limit: exit code" "$(docker wait "$c")" 137
	fact "a hard limit: OOMKilled" \
		"$(wait_for has_status exited "$c"; inspect "$c" '{{.State.OOMKilled}}')" true
	record "a hard limit: the record says so" "$id" 'hard_limit_killed 33554432' \
		/reason /hard_limit
	docker rm "$c" >/dev/null
	rm /etc/purser/oci.conf
}

steps() {
	one_shot
	background
	strange_ends
}

in_columns steps
ktap_end
