# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests by fault injection, beside those of engine/engine.sh.
# shellcheck disable=SC2034 # the tests use these variables

# shellcheck source=../engine/engine.sh
. "$(dirname "$0")/../engine/engine.sh"

CLIENT=$PURSER_TEST_BIN/client
SET=$PURSER_BUILD/tests/bin/purserctl/client

# client MODE ... - run client.c as a client of the running supervisor
client() {
	"$CLIENT" "$RUN_DIR/engine.sock" "$@"
}

# start_request ID ROOTFS WORD... - print a start request for "client talk"; ROOTFS may
# be empty
start_request() {
	local id=$1 root=$2 words

	shift 2
	words=$(printf ',"%s"' "$@")
	printf '{"v":1,"op":"start","id":"%s",%s"command":[%s],"env":[],"soft_limit":0,"hard_limit":0,"own_network":false}\n' \
		"$id" "${root:+\"rootfs\":\"$root\",}" "${words#,}"
}

# said TEXT - the supervisor has printed TEXT, for wait_for
said() {
	grep -q -- "$1" "$SUPERVISOR_LOG"
}

# forgotten NAME - the supervisor knows no container of that name, for wait_for
forgotten() {
	[ "$(engine stop "$1" 2>&1)" = "engine: no container \"$1\"" ]
}

# alive - the supervisor is still the same process, and answers
alive() {
	kill -0 "$SUPERVISOR_PID" && engine ps
}

# memory [FIELD] - print the supervisor's memory in KiB
memory() {
	awk -v field="${1:-VmRSS}:" '$1 == field { print $2 }' \
		"/proc/$SUPERVISOR_PID/status"
}

# descriptors - print how many descriptors the supervisor has
descriptors() {
	local all=("/proc/$SUPERVISOR_PID/fd/"*)

	echo "${#all[@]}"
}
