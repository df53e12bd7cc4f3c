#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ids that are used again, and what happens to the record, log and files of the earlier
# container.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

records() {
	purserctl list --json | grep -c "\"name\":\"$1\""
}

# shellcheck disable=SC2317 # run by check
# say ID TEXT - run a container that prints TEXT; it fails if its root has /old
say() {
	engine run "$1" -- sh -c "echo $2; echo $2 >/mark; [ ! -e /old ]"
}

check "a container runs" say web first
first=$(value web /id)
check "its id can be used again" say web second
check "the second container has a greater kernel id" test "$(value web /id)" -gt "$first"
check_eq "the kernel has forgotten the first record" "$(records web)" 1
check_eq "logs prints the log of the second container" "$(engine logs web)" second
check_match "the first log is kept as web.log.1" "$(<"$LOG_DIR/web.log.1")" ' first$'
check "the id can be used a third time" say web third
check_match "older logs have numbers; the youngest is number 1" \
	"$(ls "$LOG_DIR") $(<"$LOG_DIR/web.log.1") $(<"$LOG_DIR/web.log.2")" \
	$'^web.log\nweb.log.1\nweb.log.2 .* second .* first$'
# shellcheck disable=SC2317 # run by check
five_more() {
	local n

	for n in 4 5 6 7 8; do
		say web "$n" || return
	done
}
check "the id can be used five more times" five_more
check_eq "five log files are kept" "$(ls "$LOG_DIR")" \
	"$(printf '%s\n' web.log web.log.{1..4})"
check_match "the oldest logs are removed" "$(<"$LOG_DIR/web.log.4")" ' 4$'

check "the id can be used with --log-max-files 2" engine run web --log-max-files 2 -- \
	sh -c 'echo 9; exec true'
check_eq "two log files are kept" "$(ls "$LOG_DIR")" $'web.log\nweb.log.1'
check_match "the kept old log is the youngest" "$(<"$LOG_DIR/web.log.1")" ' 8$'

# A start that fails changes nothing.
before=$(traces; value web /id; cat "$LOG_DIR"/web.log.1)
check_status "a start with an old id fails" 127 engine start web -- nosuch
check_eq "a failed start keeps the old container's record and files" \
	"$(traces; value web /id; cat "$LOG_DIR"/web.log.1)" "$before"
check_eq "a failed start keeps the old container's log" "$(engine logs web)" 9

# An overlay is empty at each start.
check "a container writes a file into its overlay" engine run over -- touch /old
check_status "the next container of that id does not have the file" 1 \
	engine run over -- test -e /old
# A root of its own keeps what a container has written.
make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
check "a container writes a file into a root of its own" \
	engine run own "$TEST_DIR/root" touch /old
check "the next container with that root has the file" \
	engine run own "$TEST_DIR/root" test -e /old

# A state folder that exists before the start.
mkdir -p "$STATE_DIR/left/upper/dir"
check_status "a container does not see the files of an old state folder" 1 \
	engine run left -- test -e /dir
# shellcheck disable=SC2317 # run by wait_for
no_state() {
	[ -z "$(ls -A -I .requests "$STATE_DIR")" ]
}
check "the old state folder is removed" wait_for no_state

# The supervisor forgets a record when the kernel does.
purserctl unregister own
check "ps does not show an ended container that was unregistered" \
	wait_for eval '! row own'
check "logs still finds its log" engine logs own

# The module is unloaded and loaded again.
check "the module can be unloaded while no container lives" rmmod purser
refused "ps reports that the module is not loaded" 4 \
	'the kernel module purser is not loaded' \
	engine ps
refused "start reports that the module is not loaded" 4 \
	'container "web": the kernel module purser is not loaded' \
	engine start web
check "the module can be loaded again" insmod "$PURSER_KO"
check_eq "ps shows an empty table" "$(engine ps --json)" "[]"
check_status "run works with the new module" 6 engine run web -- sh -c 'exit 6'
check_eq "ps shows the end of that container" "$(value web /state /reason /exit_code)" \
	"exited exited 6"
check "ps agrees with the kernel" same_as_kernel

ktap_end
