#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes memory that no page table maps. That is not in its usage, and it
# runs into the wall behind its hard limit, the limit of its cgroup.

. "$(dirname "$0")/take.sh"

begin sweep_ms=100

attacks=(
	"memfd take_file memfd $MUCH"
	"tmpfs take_file tmpfs $MUCH"
	"sysv take_file sysv $MUCH"
	"unmapped take_file unmapped $MUCH"
	"pipes take_kernel pipes $MUCH"
	"splice take_kernel splice $MUCH"
	"unix take_kernel unix $MUCH"
	"tcp take_kernel tcp $MUCH"
	"tables take_kernel tables $MUCH"
)

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready" attack_limited "${words[@]}"
	check_stopped "${words[0]}" wall $WALL
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: is ready, without limits" attack_unlimited "${words[@]}"
	check_works "${words[0]}" $MUCH
done

# What the seccomp filter refuses to a container, by a process that may do it: NAME,
# what stops it, COMMAND
for attack in "ring wall take_kernel" "copy hard take_fault" "dead wall take_fault"; do
	read -r way limit program <<<"$attack"
	check "$way: is ready" attack_limited "$way" "$program" "$way" $MUCH
	order go
	check "$way: is refused" wait_line 'refused Operation not permitted'
	check_event "$way: and that is its end" "$way" exited reason=exited exit_code=1
	gone
	check "$way: is ready, with all rights" attack_bare "bare-$way" \
		--hard-mib $HARD -- "$program" "$way" $MUCH
	wall $WALL
	check_stopped "bare-$way" "$limit" $WALL
	check "$way: is ready, without limits" \
		attack_bare "free-$way" -- "$program" "$way" $MUCH
	check_works "free-$way" $MUCH
done

check_unload
ktap_end
