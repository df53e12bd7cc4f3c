#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# podman run, exec, logs, stop, kill and others with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../podman/podman.sh"

require_podman

steps() {
	local c=c-$RUNTIME id

	# --- run ---

	fact "run prints the output" \
		"$(outcome pod run --rm --network none bb echo hello)" hello
	fact "run returns the exit status" \
		"$(outcome pod run --rm --network none bb sh -c 'exit 7')" '\[7\]'
	fact "run of a missing command" \
		"$(outcome pod run --rm --network none bb /nowhere)" \
		'.*executable file.* not found.*\[127\]'
	fact "run of a folder" \
		"$(outcome pod run --rm --network none bb /etc)" '.*permission denied.*\[126\]'
	fact "run -t gives a terminal" \
		"$(outcome tty podman --runtime "$RUNTIME" run --rm -t --network none bb tty)" \
		'/dev/pts/0'

	# --- a container in the background ---

	fact "run -d" "$(outcome pod run -d --name "$c" --network none --memory 64m \
		--pids-limit 100 bb sh -c 'trap "exit 3" TERM; sleep 1000 & echo started; wait')" \
		'[0-9a-f]{64}'
	id=$(inspect "$c" '{{.Id}}')
	fact "inspect: status" "$(inspect "$c" '{{.State.Status}}')" running
	fact "inspect: runtime" "$(inspect "$c" '{{.OCIRuntime}}')" "$RUNTIME"
	fact "logs" "$(outcome wait_for_log "$c" started)" started
	fact "exec" "$(outcome pod exec "$c" echo inside)" inside
	fact "exec: exit status" "$(outcome pod exec "$c" sh -c 'exit 9')" '\[9\]'
	fact "exec of a missing command" "$(outcome pod exec "$c" /nowhere)" \
		'.*executable file.* not found.*\[127\]'
	fact "exec -it" "$(outcome tty podman --runtime "$RUNTIME" exec -it "$c" tty)" \
		'/dev/pts/[0-9]+'
	# podman sets the size after the process has started.
	fact "exec -it: size of the terminal" "$(outcome tty podman --runtime "$RUNTIME" exec -it \
		"$c" sh -c 'until stty size | grep 33; do sleep 0.1; done')" '33 99'
	fact "exec -d" "$(outcome pod exec -d "$c" sleep 1000)" '[0-9a-f]{64}'
	fact "exec --user" "$(outcome pod exec --user 5:6 "$c" id -u)" 5
	fact "memory.max" "$(outcome pod exec "$c" cat /sys/fs/cgroup/memory.max)" 67108864
	fact "top" "$(pod top "$c" comm | sed 1d | sort -u | tr '\n' ' ')" 'sh sleep '
	fact "stats" "$(pod stats --no-stream --format '{{.PIDs}}' "$c")" '[2-9]'
	fact "pause" "$(outcome pod pause "$c")" "$id|$c"
	fact "inspect: paused" "$(inspect "$c" '{{.State.Status}}')" paused
	fact "unpause" "$(outcome pod unpause "$c")" "$id|$c"
	fact "update" "$(outcome pod update --memory 80m "$c")" "$id"
	fact "memory.max after update" \
		"$(outcome pod exec "$c" cat /sys/fs/cgroup/memory.max)" 83886080
	record "purserctl shows it by its id" "$id" running /state
	fact "stop" "$(outcome pod stop --time 60 "$c")" "$id|$c"
	fact "inspect: exit code" "$(inspect "$c" '{{.State.ExitCode}}')" 3
	record "the record has the exit status, and that podman asked for the end" "$id" "stopped 3" /reason /exit_code
	fact "restart" "$(outcome pod restart "$c")" "$id|$c"
	fact "inspect: running again" "$(inspect "$c" '{{.State.Status}}')" running
	fact "kill" "$(outcome pod kill "$c")" "$id|$c"
	fact "wait" "$(outcome pod wait "$c")" 137
	record "the record says that its manager has killed it" \
		"$id" "stopped 9" /reason /signal
	fact "rm" "$(outcome pod rm "$c")" "$id|$c"
	fact "nothing is left" "$(find /sys/fs/cgroup /run/purser-oci /run/crun -name "*$id*" 2>/dev/null)" ''
}

# wait_for_log CONTAINER LINE - print the log when it has that line
wait_for_log() {
	wait_for has_log "$@" && pod logs "$1"
}

has_log() {
	pod logs "$1" 2>&1 | grep -qxF -- "$2"
}

in_columns steps
ktap_end
