#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A registration must find the descendants of the process. That costs one step for each
# process of the machine, however these are related: a long chain of processes, each the
# child of the one before, does not make it slower.

. "$(dirname "$0")/kmod.sh"

require_module

n=$((2000 / ${PURSER_SLOW:-1}))
check "a process can be registered beside $n others" kinship "$n"
ktap_diag "$OUTPUT"
crowd=$(sed -n 's/^crowd //p' <<<"$OUTPUT")
chain=$(sed -n 's/^chain //p' <<<"$OUTPUT")
# A search through the ancestors of each process would take hundreds of times as long.
check "a registration beside a chain of $n takes as long as beside $n siblings" \
	[ "${chain:-999999999999}" -lt $((8 * ${crowd:-0})) ]

# --- A chain of processes in the container ---

spawn --hold bash -c 'exec nest 20'
register chain
release "$PID"
wait_line ready
purserctl unregister chain
check "the first process of a chain of 21 can be registered" register chain
check_record "each process of the chain is a member" chain processes=21
clear_container chain

check_unload
ktap_end
