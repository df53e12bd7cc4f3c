#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who descends from a process that is registered? The answer costs a step for each
# process of the machine, however these are related: a long chain of processes, each
# the child of the one before, holds up nobody's registration.

. "$(dirname "$0")/kmod.sh"

require_module

n=$((2000 / ${PURSER_SLOW:-1}))
check "a process is registered beside $n others" kinship "$n"
ktap_diag "$OUTPUT"
crowd=$(sed -n 's/^crowd //p' <<<"$OUTPUT")
chain=$(sed -n 's/^chain //p' <<<"$OUTPUT")
# Where each is looked for among the ancestors of all, it is hundreds of times as much.
check "a chain of $n costs about as much as a crowd of $n" \
	[ "${chain:-999999999999}" -lt $((8 * ${crowd:-0})) ]

# A chain that is a container's own

spawn --hold bash -c 'exec nest 20'
register chain
release "$PID"
wait_line ready
purserctl unregister chain
check "a chain of its own is registered" register chain
check_record "each of it is a member" chain processes=21
clear_container chain

check_unload
ktap_end
