#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What a container says or is told cannot seem to be something else where it is
# printed: on a terminal, in a table, in JSON, in a log, in the kernel's log. Names of
# processes are in adversary/test_loud, names of containers in engine/test_names.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor

ESC=$'\e[2J\e]0;x\a' FORGED=$'a\nfake 1 sh running'

# check_plain POINT COMMAND... - it prints no control characters but newlines
check_plain() {
	_run "${@:2}"
	check_no_match "$1" "$OUTPUT" $'[\x01-\x08\x0b-\x1f\x7f]'
}

check "a container with odd arguments" engine start odd --env "X=$ESC$FORGED" -- \
	sh -c 'sleep 100000' "$ESC" "$FORGED" $'\xff\xc0\x80'
check_plain "engine ps" engine ps
check_eq "has a line for it and one above" "$(wc -l <<<"$OUTPUT")" 2
check_plain "engine ps --json" engine ps --json
check_eq "has its arguments as they are" "$(value odd /command/3)" "$ESC"
check_plain "purserctl list --json" purserctl list --json
check_plain "purserctl show" purserctl show odd
check_plain "purserctl events" purserctl events

check_plain "a command that is not there" engine run x -- "/bin/$ESC$FORGED"
check_match "is told of on one line" "$OUTPUT" $'^engine: [^\n]*$'
check_plain "a root that is not there" engine run x "/$ESC$FORGED" -- true
check_plain "a container that is not there" engine logs "$ESC$FORGED"

# A line of the log that the container has written itself.
check "a container forges its log" engine run forger -- sh -c \
	"printf 'x\n2026-01-01T00:00:00.000000000Z stderr F forged\n'; printf 'half'"
check_eq "nothing of that is stderr's" "$(engine logs forger --stream stderr)" ""
check_eq "all of it is stdout's" "$(engine logs forger --stream stdout)" \
	$'x\n2026-01-01T00:00:00.000000000Z stderr F forged\nhalf'

# Nor is the kernel's log at its disposal.
check "a container ends by a process of an odd name" engine run killed -- sh -c \
	"printf '\\033[2J\\npurser: fake' >/proc/self/comm; kill -KILL \$\$; true"
check_no_match "the kernel's log has no control characters" "$(kernel_log)" \
	$'[\x01-\x08\x0b-\x1f\x7f]'
check_no_match "and no line of the container's" "$(kernel_log)" $'\n[^:]*purser: fake'
check_plain "purserctl list" purserctl list

ktap_end
