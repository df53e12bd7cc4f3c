#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 600
#
# Sends a stream of valid and invalid messages. Each answer must be one that the reference
# allows, and the table must be consistent. No process may die that the table was not told
# to end, no FIFO may stay open, and the module must unload afterwards.
#
# test_fuzz.sh [MESSAGES [SEED]] - send more messages, or repeat a stream

. "$(dirname "$0")/../lib/kselftest.sh"

fuzz=$PURSER_TEST_BIN/fuzz
# Send fewer messages to a slow kernel.
count=${1:-$((200000 / ${PURSER_SLOW:-1}))}
seed=()
[ -z "${2:-}" ] || seed=(--seed "$2")

# Keep few records and events, so that the module drops old ones all the time.
require_module exit_records=64 event_log=256

check "each answer to $count messages is allowed" \
	"$fuzz" --count "$count" ${seed[@]+"${seed[@]}"}
ktap_diag "$OUTPUT"
said=$OUTPUT

check "the fuzzer sends all messages" \
	test "$(sed -n 's/^\([0-9]*\) messages: .*/\1/p' <<<"$said")" -ge "$count"
check_match "the kernel grants some messages and points at wrong attributes" \
	"$said" ': [1-9][0-9]* granted, .* [1-9][0-9]* pointing at an attribute'
check_match "changes interrupt some dumps" "$said" ' [1-9][0-9]* interrupted'
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check "the module unloads" unload_module

ktap_end
