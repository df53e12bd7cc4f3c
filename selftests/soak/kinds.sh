# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The containers of a round: one of each kind. To be sourced by "rounds".
#
# A kind is a function start_KIND NAME. It starts the container, or the process that runs it
# in the foreground, and says how it must end by "expect". If the container waits for its
# end, there is also a function end_KIND NAME, which brings the end about.

# The kinds, in the order in which they start.
# shellcheck disable=SC2034 # "rounds" uses it
kinds=(code folder gone stopped forced stranger ctl hard soft oom rotated raw silent retried
	always terminal shown entered paused fenced kept orphan)

# A container writes a word into this FIFO when it is ready for its end: /up in it.
UP=$TEST_DIR/up
mkfifo -m 666 "$UP" && chmod 666 "$UP" && exec {UP_FD}<>"$UP" || exit 1

declare -A EXPECT	# by name: the KEY=VALUE pairs of the record after the end
declare -A CLIENT	# by name: the process that runs the container in the foreground
declare -A STATUS	# by name: the exit status of that process
declare -A SINCE	# by name: when it was started, in nanoseconds since the boot
awaited=0		# how many words must still come from the FIFO

# expect NAME KEY=VALUE... - the record of the container has these values at the end
expect() {
	local name=$1

	shift
	EXPECT[$name]=$*
}

# foreground STATUS NAME ARGUMENT... - "engine run" in the background, which ends so
foreground() {
	local now

	read -r now _ </proc/uptime
	SINCE[$2]=${now/./}0000000
	STATUS[$2]=$1
	shift
	engine run "$@" </dev/null >"$TEST_DIR/$1.out" 2>&1 &
	CLIENT[$1]=$!
}

# background NAME ARGUMENT... - "engine start"
background() {
	engine start "$@" >"$TEST_DIR/.start" 2>&1 </dev/null ||
		wrong "start $1: $(<"$TEST_DIR/.start")"
}

# waiting NAME ARGUMENT... - likewise, of a container that writes a word when it is ready
waiting() {
	awaited=$((awaited + 1))
	background "$@"
}

# has_started NAME - the container of "engine run" has started, or has even ended. Until then
# the client needs the supervisor that it has asked.
has_started() {
	[ -e "/proc/${CLIENT[$1]}/exe" ] || return 0
	field "$(purserctl show "$1" --json 2>/dev/null)" started_at &&
		[ "$REPLY" != null ] && [ "$REPLY" -ge "${SINCE[$1]}" ]
}

# all_are_up - wait until all containers have started, and for the words of those that write one
all_are_up() {
	local name word

	while [ "$awaited" -gt 0 ]; do
		if ! read -r -t "$WAIT_CAP" -u "$UP_FD" word; then
			wrong "$awaited containers did not start within $WAIT_CAP s"
			awaited=0
			return
		fi
		awaited=$((awaited - 1))
	done
	for name in "${!CLIENT[@]}"; do
		wait_for has_started "$name" || wrong "$name has not started"
	done
}

# do_to NAME COMMAND... - a command on a container, which must succeed
do_to() {
	local name=$1

	shift
	"$@" >"$TEST_DIR/.do" 2>&1 </dev/null || wrong "$name: $*: $(<"$TEST_DIR/.do")"
}

pid_of() {	# pid_of NAME: sets REPLY
	field "$(purserctl show "$1" --json 2>/dev/null)" pid || wrong "$1 has no record"
}

idle='echo up >/up; exec sleep 100000'
polite='trap "exit 5" TERM; echo up >/up; while :; do sleep 100000 & wait $!; done'

# --- Ends by themselves ---

start_code() {
	expect "$1" reason=exited exit_code=7
	foreground 7 "$1" -- sh -c 'exit 7'
}

start_folder() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" "$FOLDER" --net host -- sh -c 'echo written >/tmp/file'
}

start_gone() {	# removed at its end, so there is no record to look at
	foreground 0 "$1" --rm -- true
}

start_orphan() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" --init -- sh -c '(sleep 100000 & sleep 100000 &) ; exit 0'
}

start_kept() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" --keep -- sh -c 'echo kept >>/kept'
}

# --- Ends by others ---

start_stopped() {
	expect "$1" reason=stopped forced=false exit_code=5
	waiting "$1" -v "$UP:/up" -- sh -c "$polite"
}

end_stopped() {
	do_to "$1" engine stop "$1"
}

start_forced() {
	expect "$1" reason=stopped forced=true signal=9
	waiting "$1" -v "$UP:/up" -- sh -c "$idle"
}

end_forced() {
	do_to "$1" engine stop "$1" --time 0
}

start_stranger() {
	expect "$1" reason=killed signal=9
	waiting "$1" -v "$UP:/up" --cpus 0 --nice 5 -- sh -c "$idle"
}

end_stranger() {
	pid_of "$1"
	do_to "$1" kill -KILL "$REPLY"
}

start_ctl() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" -v "$UP:/up" --read-only --tmpfs /tmp:size=1m -- sh -c "$polite"
}

end_ctl() {
	do_to "$1" purserctl stop "$1"
}

# --- Limits ---

start_hard() {
	expect "$1" reason=hard_limit_killed signal=9
	foreground 137 "$1" --hard-mib 16 -- memory_hog 4 0
}

start_soft() {	# it is above the soft limit when it writes its line
	expect "$1" reason=stopped soft_crossings=1
	waiting "$1" --soft-mib 8 --hard-mib 64 -v "$UP:/up" -- \
		sh -c 'exec memory_hog 16 86400000 >/up'
}

end_soft() {
	do_to "$1" purserctl stop "$1"
}

start_oom() {
	expect "$1" reason=oom_killed signal=9
	foreground 137 "$1" --soft none --hard none --memory-max 16m -- memory_hog 4 0
}

# --- Logs ---

start_rotated() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" --quiet --log-driver cri --log-max-size 32768 --log-max-files 3 -- \
		seq 1 4000
}

start_raw() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" --quiet --log-driver raw --log-max-size 32768 -- \
		dd if=/dev/zero bs=4096 count=20
}

start_silent() {
	expect "$1" reason=exited exit_code=0
	foreground 0 "$1" --log-driver none -- seq 1 1000
}

# --- Restart policies ---

start_retried() {	# each of its three lives writes a word
	expect "$1" reason=exited exit_code=3
	awaited=$((awaited + 2))
	waiting "$1" --restart on-failure:2 -v "$UP:/up" -- sh -c 'echo up >/up; exit 3'
}

start_always() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" --restart always -v "$UP:/up" -- sh -c "$polite"
}

end_always() {
	pid_of "$1"
	awaited=1
	do_to "$1" kill -KILL "$REPLY"
	all_are_up
	do_to "$1" engine stop "$1"
}

# --- Terminals ---

start_terminal() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" --tty -v "$UP:/up" -- sh -c "$polite"
}

end_terminal() {
	do_to "$1" script -qec "engine exec -it $1 tty" /dev/null
	do_to "$1" engine stop "$1"
}

start_shown() {
	expect "$1" reason=exited exit_code=4
	foreground 4 "$1" --tty -- sh -c 'tty; exit 4'
}

# --- Commands on containers that run ---

start_entered() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" -v "$UP:/up" -- sh -c "$polite"
}

end_entered() {
	local status=0

	do_to "$1" engine exec "$1" sh -c 'seq 1 1000'
	engine exec "$1" sh -c 'exit 9' </dev/null || status=$?
	[ "$status" -eq 9 ] || wrong "$1: exec exits with $status, not 9"
	do_to "$1" engine exec -d "$1" sleep 100000
	do_to "$1" engine stop "$1"
}

start_paused() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" --cpu-max 0.5 -v "$UP:/up" -- sh -c "$polite"
}

end_paused() {
	do_to "$1" engine pause "$1"
	do_to "$1" engine unpause "$1"
	do_to "$1" engine stop "$1"
}

start_fenced() {
	expect "$1" reason=stopped exit_code=5
	waiting "$1" --pids-max 20 --ulimit nofile=64 --user 1000:1000 -v "$UP:/up" -- \
		sh -c "$polite"
}

end_fenced() {
	do_to "$1" engine set "$1" --soft-mib 24 --hard-mib 32
	do_to "$1" engine stats --no-stream "$1"
	do_to "$1" engine inspect "$1"
	do_to "$1" engine stop "$1"
}
