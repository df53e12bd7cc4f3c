# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Containers of engine: one supervisor; to be sourced by density.

names() {
	echo engine
}

supervisor=

begin_side() {
	mkfifo ready
	engine supervisor root --run-dir "$PWD/run" --state-dir "$PWD/lib" \
		--log-dir "$PWD/log" --ready-fd 9 9>ready >supervisor.log 2>&1 &
	supervisor=$!
	[ "$(head -n 1 ready)" ] || die "$(<supervisor.log)"
	export PURSER_RUN_DIR=$PWD/run
}

start_one() {
	engine start "c$1" -- /bin/sleep 1000000 >start.log 2>&1 ||
		die "$(<start.log)"
}

stop_side() {
	[ "$supervisor" ] || return 0
	kill "$supervisor" 2>/dev/null || return 0
	wait "$supervisor" || true
}

# The supervisor stops all containers before it ends.
end_side() {
	stop_side
}
