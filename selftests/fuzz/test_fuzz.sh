#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# A stream of messages, right and wrong ones: no answer that cannot be, a table
# that agrees with itself, no process that dies without having been told to, no
# FIFO that stays open, and a module that goes afterwards.
#
# test_fuzz.sh [MESSAGES [SEED]]: a longer stream, or the same once more.

. "$(dirname "$0")/../lib/kselftest.sh"

fuzz=$PURSER_TEST_BIN/fuzz
# Fewer where all takes longer.
count=${1:-$((200000 / ${PURSER_SLOW:-1}))}
seed=()
[ -z "${2:-}" ] || seed=(--seed "$2")

# Few records and events are kept, so that old ones go all the time.
require_module exit_records=64 event_log=256

check "$count messages have answers that can be" \
	"$fuzz" --count "$count" ${seed[@]+"${seed[@]}"}
ktap_diag "$OUTPUT"
said=$OUTPUT

check "all of them were sent" test \
	"$(sed -n 's/^\([0-9]*\) messages: .*/\1/p' <<<"$said")" -ge "$count"
check_match "the kernel has agreed to some, and pointed at what was wrong" \
	"$said" ': [1-9][0-9]* agreed to, .* [1-9][0-9]* at an attribute'
check_match "dumps were interrupted" "$said" ' [1-9][0-9]* interrupted'
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check "the module unloads" unload_module

ktap_end
