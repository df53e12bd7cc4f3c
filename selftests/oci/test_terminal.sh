#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Terminals: handed over by a console socket, or connected with the runtime's own; and the
# notify descriptor of a seccomp profile.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

RECEIVE=$PURSER_BUILD/tests/bin/oci/receive
# receiver NAME [KIND] - start one; SOCKET is its socket, TEXT what it prints
receiver() {
	SOCKET=$TEST_DIR/$1.sock TEXT=$TEST_DIR/$1.text
	mkfifo "$TEST_DIR/$1.in" && exec {INPUT}<>"$TEST_DIR/$1.in" || return
	"$RECEIVE" "$SOCKET" "${2:-tty}" <"$TEST_DIR/$1.in" >"$TEXT" 2>&1 &
	RECEIVER=$!
	at_exit end_receiver "$RECEIVER"
	wait_for grep -q ready "$TEXT"
}

end_receiver() {
	kill -KILL "$1" 2>/dev/null || true
}

# printed - what the receiver has printed, without carriage returns and "ready"
printed() {
	tr -d '\r' <"$TEXT" | tail -n +2
}

# --- A console socket ---

PROCESS='"terminal":true,"consoleSize":{"height":30,"width":90},'
look='tty; stty size; ls -l /dev/console >/dev/null && echo console; read line; echo "line: $line"'
bundle one sh -c "$look"
check_status "a terminal needs a console socket" 1 create one
check_match "and the message says so" "$(<"$OUT")" '\-\-console-socket is needed'
receiver one
check "a container with a terminal is created" create one --console-socket "$SOCKET"
check "it starts" oci start one
echo hello >&"$INPUT"
check "it ends" wait_for is stopped one
check "the receiver sees the end of the terminal" wait_for is_gone "$RECEIVER"
check_eq "the terminal is the container's, and has the size" "$(printed)" \
	$'/dev/pts/0\n30 90\nconsole\nhello\nline: hello'
check "delete" oci delete one

PROCESS=
bundle two sleep 100000
receiver two
check_status "a console socket needs a terminal" 1 create two --console-socket "$SOCKET"
check "a container without a terminal starts" eval 'create two && oci start two'
rm "$SOCKET"
receiver exec
check "exec --tty --detach hands over a terminal" \
	oci exec --tty --detach --console-socket "$SOCKET" two sh -c 'tty; stty size; echo $0; exit 3'
check "the process ends" wait_for is_gone "$RECEIVER"
check_match "it had a terminal" "$(printed)" '^/dev/pts/0'
check "delete" oci delete --force two

# --- Our own terminal ---

PROCESS='"terminal":true,'
bundle three sh -c 'stty size; tty; exit 4'
command="purser-oci --root $OCI_ROOT run --bundle $BUNDLE three"
# Without an end of file on its stdin: script would pass that on as a character.
text=$(script -qec "stty rows 25 cols 77; $command" /dev/null <&"$INPUT")
check_eq "run connects the terminal with ours, and returns the exit status" \
	"$? $(tr -d '\r' <<<"$text")" $'4 25 77\n/dev/pts/0'
check "nothing is left" leaves_nothing three
PROCESS=

# bash reads a pipe byte by byte: it is behind when the container ends.
PROCESS='"terminal":true,'
bundle slow sh -c 'seq 1 20000'
lines=0
while read -r _; do
	lines=$((lines + 1))
done < <(script -qec "purser-oci --root $OCI_ROOT run --bundle $BUNDLE slow" /dev/null <&"$INPUT")
check_eq "a slow reader gets all that was written to the terminal" "$lines" 20000
check "nothing is left" leaves_nothing slow
PROCESS=

# --- The notify descriptor ---

receiver notify text
LINUX="\"seccomp\":{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"$SOCKET\",\"listenerMetadata\":\"meta\",
	\"syscalls\":[{\"names\":[\"mkdir\"],\"action\":\"SCMP_ACT_NOTIFY\"}]},"
bundle four sleep 100000
check "a container with a seccomp agent starts" eval 'create four && oci start four'
check "the agent gets the descriptor" wait_for grep -q ociVersion "$TEXT"
check_eq "with the state of the process" \
	"$(printed | "$JSON" /fds/0 /metadata /state/id /pid)" "seccompFd meta four $(record four /pid)"
check "delete" oci delete --force four

ktap_end
