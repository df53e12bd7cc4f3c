#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Swapped-out memory is not in the usage. A container that swaps out what it takes stays
# below its hard limit until it reads that memory again, or until its cgroup may swap no
# more.

. "$(dirname "$0")/take.sh"
. "$(dirname "$0")/../lib/swap.sh"

require_machine
start_swap >"$TEST_DIR/why" 2>&1 ||
	ktap_skip_all "cannot swap to compressed memory: $(<"$TEST_DIR/why")"

begin sweep_ms=100

check "full: the attacker is ready" attack_limited full take_swap out $MUCH
check_stopped full hard $WALL
check "back: the attacker is ready" attack_limited back take_swap back $MORE
check_stopped back hard $((2 * HARD))

check "out: the attacker is ready" attack_limited out take_swap out $MUCH
echo max >"$CGROUP/memory.swap.max"
order go
check "out: without a swap limit it gets $MUCH MiB" wait_line "holds $((MUCH * MIB))"
check "out: all but $HARD MiB is in the swap" test \
	"$(bytes_in "$CGROUP/memory.swap.current")" -ge $(((MUCH - HARD) * MIB))
check_record "out: the container still runs" out state=running
finish out

check_unload
ktap_end
