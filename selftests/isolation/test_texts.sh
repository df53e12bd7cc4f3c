#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Text from a container, or in its arguments, cannot pass for something else where it is
# printed: on a terminal, in a table, in JSON, in a log or in the kernel log. See
# adversary/test_loud for names of processes, and engine/test_names for those of
# containers.

. "$(dirname "$0")/isolation.sh"

require_module
require_supervisor

ESC=$'\e[2J\e]0;x\a' FORGED=$'a\nfake 1 sh running'

# check_plain POINT COMMAND... - check that the output has no control characters but tabs
# and newlines
check_plain() {
	_run "${@:2}"
	check_no_match "$1 prints no control characters" \
		"$OUTPUT" $'[\x01-\x08\x0b-\x1f\x7f]'
}

check "a container with odd arguments starts" engine start odd --env \
	"X=$ESC$FORGED" -- \
	sh -c 'sleep 100000' "$ESC" "$FORGED" $'\xff\xc0\x80'
check_plain "engine ps" engine ps
check_eq "engine ps prints the header and one line" "$(wc -l <<<"$OUTPUT")" 2
check_plain "engine ps --json" engine ps --json
check_eq "engine ps --json prints the arguments unchanged" \
	"$(value odd /command/3)" "$ESC"
check_plain "purserctl list --json" purserctl list --json
check_plain "purserctl show" purserctl show odd
check_plain "purserctl events" purserctl events

check_plain "engine run of a missing command" engine run x -- "/bin/$ESC$FORGED"
check_match "engine run of a missing command prints one line" \
	"$OUTPUT" $'^engine: [^\n]*$'
check_plain "engine run in a missing root" engine run x "/$ESC$FORGED" -- true
check_plain "engine logs of a missing container" engine logs "$ESC$FORGED"

# A container writes lines that look like lines of its log.
check "a container that forges log lines runs" engine run forger -- sh -c \
	"printf 'x\n2026-01-01T00:00:00.000000000Z stderr F forged\n'; printf 'half'"
check_eq "the forged line does not count as stderr" \
	"$(engine logs forger --stream stderr)" ""
check_eq "the forged line is text of stdout" "$(engine logs forger --stream stdout)" \
	$'x\n2026-01-01T00:00:00.000000000Z stderr F forged\nhalf'

# A container cannot write lines into the kernel log.
check "a container is killed by a process with an odd name" engine run killed \
	-- sh -c \
	"printf '\\033[2J\\npurser: fake' >/proc/self/comm; kill -KILL \$\$; true"
check_no_match "the kernel log has no control characters" \
	"$(kernel_log)" $'[\x01-\x08\x0b-\x1f\x7f]'
check_no_match "the kernel log has no line of the container" \
	"$(kernel_log)" $'\n[^:]*purser: fake'
check_plain "purserctl list" purserctl list

ktap_end
