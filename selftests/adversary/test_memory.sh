#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes three times its hard limit, in each way that maps memory, alone
# and by many processes. It is killed for the hard limit, before it has twice as much.

. "$(dirname "$0")/take.sh"

begin sweep_ms=100

# NAME, MIB held at most, COMMAND
attacks=(
	"anon 64 take_map anon $MORE"
	"shared 64 take_map shared $MORE"
	"populate 64 take_map populate $MORE"
	"huge 64 take_map huge $MORE"
	"collapse 64 take_map collapse $MORE"
	"remap 64 take_map remap $MORE"
	"stack 64 take_map stack $MORE"
	"brk 64 take_map brk $MORE"
	"memfd 64 take_map memfd $MORE"
	"sysv 64 take_map sysv $MORE"
	# As much as /dev/shm has room for.
	"posix 64 take_map posix 60"
	"storm 64 take_child storm $MORE"
	"crowd 64 take_child crowd $MORE"
	"threads 64 take_child threads $MORE"
	"vfork 64 take_child vfork $MORE"
	"sharer 64 take_child sharer $MORE"
	# The kernel tells nobody when it ends the sharing: the sweep sees it, and
	# meanwhile all of it may have been taken, which is less than the wall.
	"cow 96 take_child cow 80"
)

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready" attack_limited "${words[0]}" "${words[@]:2}"
	check_stopped "${words[0]}" hard "${words[1]}"
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready, without limits" \
		attack_unlimited "${words[0]}" "${words[@]:2}"
	check_works "${words[0]}" "${words[-1]}"
done

check_unload
ktap_end
