#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine set": new limits of a container that runs, in the table and in the cgroup.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

cgroup=/sys/fs/cgroup/purser/web
[ -e /sys/fs/cgroup/cgroup.controllers ] || ktap_skip_all "there is no cgroup v2"

engine start web -- sleep 1000 >/dev/null
check "set changes the limits" engine set web --soft 32m --hard-mib 48
check_eq "set prints all of them" "$OUTPUT" \
	"web: soft 32.0 MiB, hard 48.0 MiB, memory.max 112.0 MiB, pids.max 2048"
check_eq "the kernel's table has them" "$(value web /soft_limit /hard_limit)" \
	"$((32 << 20)) $((48 << 20))"
check_eq "memory.max follows the hard limit" "$(<$cgroup/memory.max)" "$((112 << 20))"
check "a lower hard limit" engine set web --hard-mib 16
check_eq "lowers the soft one" "$(value web /soft_limit /hard_limit)" \
	"$((16 << 20)) $((16 << 20))"
check "set takes the limits of the cgroup" engine set web --pids-limit 7 \
	--memory-max 100m --cpus 0
check_eq "they are written" "$(cat $cgroup/{memory.max,memory.swap.max,pids.max})" \
	"$((100 << 20))"$'\n'"$((100 << 20))"$'\n7'
check "a higher hard limit" engine set web --hard 80m
check_eq "leaves the memory.max that was chosen" "$(<$cgroup/memory.max)" \
	"$((100 << 20))"
refused "memory.max below the hard limit is refused" 1 \
	'memory.max of 64 MiB is below the hard limit of 80 MiB' \
	engine set web --memory-max 64m
check_eq "and changes nothing" "$(<$cgroup/memory.max)" "$((100 << 20))"
refused "a soft limit above the hard one is refused" 1 \
	'soft limit of 90 MiB is above the hard limit of 80 MiB' \
	engine set web --soft 90m
check "limits are removed" engine set web --pids-max none --memory-max none --hard none
check_eq "in the cgroup" "$(cat $cgroup/{memory.max,pids.max})" $'max\nmax'
check_eq "and in the table" "$(value web /hard_limit)" 0
purserctl set web --soft-mib 20
check "set keeps what another program has set" engine set web --pids-max 9
check_eq "the soft limit of purserctl" "$(value web /soft_limit)" "$((20 << 20))"
engine stop web -t 0 >/dev/null
refused "a container that has ended has no limits" 1 'container "web" is not running' \
	engine set web --hard 80m
refused "nor has an unknown one" 1 'no container "none"' engine set none --hard 80m
check "the new limits hold after a start" engine start web
check_eq "in the table" "$(value web /soft_limit /hard_limit)" "$((20 << 20)) 0"
check_eq "and in the cgroup" "$(cat $cgroup/{memory.max,pids.max})" $'max\n9'
check "a hard limit below the usage ends the container" eval \
	'engine start big --hard 60m -- sh -c "memory_hog 20 1; sleep 1000" >/dev/null'
engine set big --hard-mib 1 >/dev/null
check "with the reason of the hard limit" wait_for value_is big /reason hard_limit_killed

ktap_end
