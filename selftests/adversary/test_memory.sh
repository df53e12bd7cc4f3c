#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes three times its hard limit, in every way that maps memory, by one
# process and by many. The hard limit kills it before it has twice as much. The sweep
# cannot be the cause: its interval is a minute.

. "$(dirname "$0")/take.sh"

# NAME, MIB, COMMAND
attacks=(
	"anon $MORE take_map anon"
	"shared $MORE take_map shared"
	"populate $MORE take_map populate"
	"huge $MORE take_map huge"
	"collapse $MORE take_map collapse"
	"remap $MORE take_map remap"
	"stack $MORE take_map stack"
	"brk $MORE take_map brk"
	"memfd $MORE take_map memfd"
	"sysv $MORE take_map sysv"
	"posix 60 take_map posix"	# /dev/shm has room for 64 MiB
	"storm $MORE take_child storm"
	"crowd $MORE take_child crowd"
	"locked $MORE take_child locked"
	"dust $MORE take_child dust"
	"threads $MORE take_child threads"
	"tail $MORE take_child tail"
	"usurper $MORE take_child usurper"
	"vfork $MORE take_child vfork"
	"sharer $MORE take_child sharer"
)

begin sweep_ms=60000

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: the attacker is ready" \
		attack_limited "${words[0]}" "${words[@]:2}" "${words[1]}"
	check_stopped "${words[0]}" hard $((2 * HARD))
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: the attacker without limits is ready" \
		attack_unlimited "${words[0]}" "${words[@]:2}" "${words[1]}"
	check_works "${words[0]}" "${words[1]}"
done

check_unload
ktap_end
