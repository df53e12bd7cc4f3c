#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# check-log finds each kind of fault in a kernel log, and takes nothing else for one.

. "$(dirname "$0")/../lib/kselftest.sh"

check_log=$PURSER_ROOT/selftests/vm/check-log
log=$TEST_DIR/log

# make_log LINE... - make a log of the kernel's console with these lines in the middle
make_log() {
	{
		echo "[    0.000000] Linux version 6.1.0"
		printf '%s\n' "$@"
		echo "[   10.368270] reboot: Power down"
	} >"$log"
}

# bad NAME LINE... - check that check-log finds a fault
bad() {
	local name=$1

	shift
	make_log "$@"
	check_status "check-log finds a fault: $name" 1 "$check_log" "$log"
}

# good NAME LINE... - check that check-log finds no fault
good() {
	local name=$1

	shift
	make_log "$@"
	check "check-log finds no fault: $name" "$check_log" "$log"
}

bad "WARN_ON()" \
	"[   12.000001] WARNING: CPU: 1 PID: 77 at kernel/fork.c:10 f+0x1/0x2"
check_eq "check-log prints the line with its number" "$OUTPUT" \
	"2: [   12.000001] WARNING: CPU: 1 PID: 77 at kernel/fork.c:10 f+0x1/0x2"
bad "a line with no time stamp" "WARNING: CPU: 1 PID: 77 at kernel/fork.c:10"
bad "a line with its caller" "[   12.000001][   T77] WARNING: CPU: 1 PID: 77 at x"
bad "a warning that a test has written" "[    5.111707] WARNING: test"
bad "a null pointer" \
	"[   12.0] BUG: kernel NULL pointer dereference, address: 0000000000000008"
bad "a page fault" "[   12.0] BUG: unable to handle page fault for address: ffff8"
bad "an oops" "[   12.0] Oops: 0002 [#1] PREEMPT SMP NOPTI"
bad "a general protection fault" \
	"[   12.0] general protection fault, probably for non-canonical address 0xdead: 0000 [#1] SMP"
bad "a division by zero" "[   12.0] divide error: 0000 [#1] PREEMPT SMP"
bad "BUG()" "[   12.0] kernel BUG at mm/slub.c:419!"
bad "a panic" "[   12.0] Kernel panic - not syncing: Fatal exception"
bad "a stack" "[   12.0] Call Trace:"
bad "a function that sleeps in atomic context" \
	"[   12.0] BUG: sleeping function called from invalid context at mm/util.c:1"
bad "scheduling while atomic" "[   12.0] BUG: scheduling while atomic: x/12/0x00000002"
bad "a possible deadlock" \
	"[   12.0] WARNING: possible circular locking dependency detected"
bad "an inconsistent lock" "[   12.0] inconsistent {HARDIRQ-ON-W} -> {IN-HARDIRQ-W} usage." \
	"[   12.0] WARNING: inconsistent lock state"
bad "RCU misused" "[   12.0] WARNING: suspicious RCU usage"
bad "a lock that was never initialised" \
	"[   12.0] INFO: trying to register non-static key."
bad "a lock freed while it is held" "[   12.0] WARNING: held lock freed!"
bad "a lock that is released but not held" \
	"[   12.0] WARNING: bad unlock balance detected!"
bad "a lock taken twice" \
	"[   12.0] WARNING: possible recursive locking detected"
bad "a lock validator that turns itself off" \
	"[   12.0] turning off the locking correctness validator."
bad "an object used wrongly" \
	"[   12.0] ODEBUG: free active (active state 0) object type: timer_list"
bad "memory that nothing points to" \
	"[   12.0] unreferenced object 0xffff888007c0a000 (size 64):"
bad "a stalled CPU" "[   12.0] rcu: INFO: rcu_preempt self-detected stall on CPU"
bad "stalled CPUs" "[   12.0] rcu: INFO: rcu_preempt detected stalls on CPUs/tasks:"
bad "an expedited stall" \
	"[   12.0] rcu: INFO: rcu_preempt detected expedited stalls on CPUs/tasks: {"
bad "a starved RCU thread" \
	"[   12.0] rcu: rcu_preempt kthread starved for 5250 jiffies! g1 f0x0"
bad "a hung task" "[   12.0] INFO: task kworker/0:1:12 blocked for more than 120 seconds."
bad "a soft lockup" "[   12.0] watchdog: BUG: soft lockup - CPU#1 stuck for 22s! [x:12]"
bad "a hard lockup" "[   12.0] NMI watchdog: Watchdog detected hard LOCKUP on cpu 1"
bad "a stuck work queue" \
	"[   12.0] BUG: workqueue lockup - pool cpus=0 node=0 flags=0x0 nice=0 stuck for 31s!"
bad "KASAN" "[   12.0] BUG: KASAN: slab-use-after-free in f+0x1/0x2 [purser]"
line="[   12.0] =================================================================="
race=("$line" "[   12.0] BUG: KCSAN: data-race in f / g" "[   12.0] write to 0xffff8 of 8 bytes by task 1 on cpu 0:"
	"[   12.0]  f+0x1/0x2")
reader=("[   12.0] read to 0xffff8 of 8 bytes by task 2 on cpu 1:" "[   12.0]  g+0x1/0x2")
bad "KCSAN, with a function of the module" "${race[@]}" "[   12.0]  h+0x1/0x2 [purser]" "${reader[@]}" "$line"
check_eq "check-log prints the line that names the race" "$OUTPUT" \
	"3: [   12.0] BUG: KCSAN: data-race in f / g"
bad "KCSAN, with a function of the module in the second stack" \
	"${race[@]}" "${reader[@]}" "[   12.0]  h+0x1/0x2 [purser]" "$line"
bad "KCSAN, with a report that does not end" "${race[@]}"
bad "KFENCE" "[   12.0] BUG: KFENCE: use-after-free read in f+0x1/0x2"
bad "UBSAN" "[   12.0] UBSAN: array-index-out-of-bounds in a.c:3:5"
bad "a leak" "[   12.0] kmemleak: 3 new suspected memory leaks (see /sys/kernel/debug/kmemleak)"
bad "a slab cache that is destroyed with objects" \
	"[   12.0] kmem_cache_destroy purser: Slab cache still has objects when called from x"
bad "slab corruption" "[   12.0] BUG kmalloc-64 (Tainted: G  O): Poison overwritten"
bad "a reference count that underflows" \
	"[   12.0] refcount_t: underflow; use-after-free."
bad "a corrupt list" "[   12.0] list_del corruption. prev->next should be ffff8"

good "no line"
good "an out-of-tree module" \
	"[    5.0] purser: loading out-of-tree module taints kernel." \
	"[    5.0] purser: module verification failed: signature and/or required key missing - tainting kernel"
good "an emulated clock" \
	"[    2.0] clocksource: timekeeping watchdog on CPU1: Marking clocksource 'tsc' as unstable because the skew is too large:" \
	"[    2.0] Unstable clock detected, switching default tracing clock to \"global\"" \
	"[    2.0] TSC synchronization [CPU#0 -> CPU#1]: Measured 1 cycles TSC warp"
good "mitigations" \
	"[    0.1] Spectre V2 : WARNING: Unprivileged eBPF is enabled with eIBRS on, data leaks possible via Spectre v2 BHB attacks!"
good "detectors that start" \
	"[    0.1] kfence: initialized - using 2097152 bytes for 255 objects" \
	"[    0.1] NMI watchdog: Enabled. Permanently consumes one hw-PMU counter." \
	"[    0.1] kmemleak: Kernel memory leak detector initialized (mem pool available: 15679)"
good "programs that crash" \
	"[    5.0] traps: x[12] general protection fault ip:401136 sp:7ffe error:0 in x[401000+1000]" \
	"[    5.0] x[12]: segfault at 0 ip 0000000000401136 sp 00007ffe error 6 in x[401000+1000]" \
	"[    5.0] traps: x[12] trap divide error ip:401136 sp:7ffe error:0 in x[401000+1000]" \
	"[    5.0] traps: x[12] trap invalid opcode ip:401136 sp:7ffe error:0 in x[401000+1000]"
good "the OOM killer and the stack that it shows" \
	"[    5.0] memory_hog invoked oom-killer: gfp_mask=0x140dca, order=0, oom_score_adj=0" \
	"[    5.0] CPU: 0 PID: 12 Comm: memory_hog Not tainted 6.1.0" \
	"[    5.0] Call Trace:" "[    5.0]  <TASK>" "[    5.0] Mem-Info:" \
	"[    5.0] Out of memory: Killed process 12 (memory_hog) total-vm:1kB"
bad "a stack after the OOM killer's" \
	"[    5.0] memory_hog invoked oom-killer: gfp_mask=0x140dca" \
	"[    5.0] Call Trace:" "[    5.0] Mem-Info:" "[    6.0] Call Trace:"
good "KCSAN, with functions of the kernel alone" "${race[@]}" "${reader[@]}" "$line" \
	"[   13.0] purser: loaded [purser]"
good "a container named WARNING and its end" \
	"[    5.0] purser: exited container=WARNING reason=killed signal=11"

check_status "check-log refuses a file that does not exist" \
	2 "$check_log" "$TEST_DIR/nothing"
check_status "check-log refuses to run without an argument" 2 "$check_log"

ktap_end
