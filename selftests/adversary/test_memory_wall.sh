#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container takes memory that no page table maps. The usage does not count it, and the
# wall stops the container: the memory.max of its cgroup behind the hard limit.

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
	check "${words[0]}: the attacker is ready" attack_limited "${words[@]}"
	check_stopped "${words[0]}" wall $WALL
done

for attack in "${attacks[@]}"; do
	read -ra words <<<"$attack"
	check "${words[0]}: the attacker without limits is ready" \
		attack_unlimited "${words[@]}"
	check_works "${words[0]}" $MUCH
done

# System calls that the seccomp filter refuses in a container: a registered process that
# may use them is stopped by a limit. Fields: NAME, the limit, COMMAND.
for attack in "ring wall take_kernel" "copy hard take_fault" "dead wall take_fault"; do
	read -r way limit program <<<"$attack"
	check "$way: the attacker in a container is ready" \
		attack_limited "$way" "$program" "$way" $MUCH
	order go
	check "$way: the seccomp filter refuses the system call" \
		wait_line 'refused Operation not permitted'
	check_event "$way: the refused attacker exits" \
		"$way" exited reason=exited exit_code=1
	gone
	check "$way: the attacker with all rights is ready" attack_bare "bare-$way" \
		--hard-mib $HARD -- "$program" "$way" $MUCH
	wall $WALL
	check_stopped "bare-$way" "$limit" $WALL
	check "$way: the attacker without limits is ready" \
		attack_bare "free-$way" -- "$program" "$way" $MUCH
	check_works "free-$way" $MUCH
done

check_unload
ktap_end
