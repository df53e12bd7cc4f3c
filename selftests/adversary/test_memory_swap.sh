#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What is swapped out is not used. A container swaps out whatever it takes, and goes on
# below its hard limit until it brings that back, or until its cgroup may swap no more.

. "$(dirname "$0")/take.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_machine
start_swap >"$TEST_DIR/why" 2>&1 ||
	ktap_skip_all "no swap in compressed memory: $(<"$TEST_DIR/why")"

begin sweep_ms=100

check "full: is ready" attack_limited full take_swap out $MUCH
check_stopped full hard $WALL
check "back: is ready" attack_limited back take_swap back $MORE
check_stopped back hard $((2 * HARD))

check "out: is ready" attack_limited out take_swap out $MUCH
echo max >"$CGROUP/memory.swap.max"
order go
check "out: works where swap has no limit" wait_line "holds $((MUCH * MIB))"
check "out: it is in the swap" test \
	"$(bytes_in "$CGROUP/memory.swap.current")" -ge $(((MUCH - HARD) * MIB))
check_record "out: and not in its usage" out state=running
finish out

check_unload
ktap_end
