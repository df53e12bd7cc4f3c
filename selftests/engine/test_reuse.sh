#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Ids that are used again, and what becomes of what was there before.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

records() {
	purserctl list --json | grep -c "\"name\":\"$1\""
}

# shellcheck disable=SC2317 # run by check
say() {	# say ID TEXT - run it to its end
	engine run "$1" -- sh -c "echo $2; echo $2 >/mark; [ ! -e /old ]"
}

check "an id" say web first
first=$(value web /id)
check "used again" say web second
check "is a new container" test "$(value web /id)" -gt "$first"
check_eq "the old record is forgotten" "$(records web)" 1
check_eq "the log is the new one's" "$(engine logs web)" second
check_match "the old log is kept" "$(<"$LOG_DIR/web.log.1")" ' first$'
check "used a third time" say web third
check_match "the old logs have numbers, the youngest the first" \
	"$(ls "$LOG_DIR") $(<"$LOG_DIR/web.log.1") $(<"$LOG_DIR/web.log.2")" \
	$'^web.log\nweb.log.1\nweb.log.2 .* second .* first$'
# shellcheck disable=SC2317 # run by check
five_more() {
	local n

	for n in 4 5 6 7 8; do
		say web "$n" || return
	done
}
check "used five times more" five_more
check_eq "as many logs stay as may" "$(ls "$LOG_DIR")" \
	"$(printf '%s\n' web.log web.log.{1..4})"
check_match "the oldest are gone" "$(<"$LOG_DIR/web.log.4")" ' 4$'

check "used with fewer files asked for" engine run web --log-max-files 2 -- \
	sh -c 'echo 9; exec true'
check_eq "the others go" "$(ls "$LOG_DIR")" $'web.log\nweb.log.1'
check_match "oldest first" "$(<"$LOG_DIR/web.log.1")" ' 8$'

# A start that fails changes nothing.
before=$(traces; value web /id; cat "$LOG_DIR"/web.log.1)
check_status "a failed start of an old id" 127 engine start web -- nosuch
check_eq "leaves all as it was" \
	"$(traces; value web /id; cat "$LOG_DIR"/web.log.1)" "$before"
check_eq "the log too" "$(engine logs web)" 9

# An overlay begins empty each time.
check "write in an overlay" engine run over -- touch /old
check_status "the next one does not have it" 1 \
	engine run over -- test -e /old
# A root of one's own is as it was left.
make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
check "write in a root of one's own" engine run own "$TEST_DIR/root" touch /old
check "the next one has it" engine run own "$TEST_DIR/root" test -e /old

# What somebody left where the state goes.
mkdir -p "$STATE_DIR/left/upper/dir"
check_status "a state folder of a supervisor that died" 1 \
	engine run left -- test -e /dir
# shellcheck disable=SC2317 # run by wait_for
no_state() {
	[ -z "$(ls -A "$STATE_DIR")" ]
}
check "is removed" wait_for no_state

# The kernel forgets an ended record: so does the supervisor.
purserctl unregister own
check "an ended one that was unregistered is in no table" \
	wait_for eval '! row own'
refused "nor known any more" 1 'no container "own"' engine logs own

# The module goes and comes while nothing lives.
check "the module can be unloaded while nothing lives" rmmod purser
refused "ps says that it is gone" 4 'the kernel module purser is not loaded' \
	engine ps
refused "and so does a start" 4 \
	'container "web": the kernel module purser is not loaded' \
	engine start web
check "it is loaded again" insmod "$PURSER_KO"
check_eq "the table is a new one" "$(engine ps --json)" "[]"
check_status "and all goes on" 6 engine run web -- sh -c 'exit 6'
check_eq "with news of the end" "$(value web /state /reason /exit_code)" \
	"exited exited 6"
check "ps has the kernel's rows" same_as_kernel

ktap_end
