#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Neither purser-oci nor the module waits for an RCU grace period while a container is made
# and started: that takes many milliseconds. The one exception is the expedited grace period
# of the kernel's umount(), in which the container's process drops the host's root.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci
tracing=/sys/kernel/tracing
mountpoint -q $tracing || mount -t tracefs tracefs $tracing
[ -e $tracing/kprobe_events ] || ktap_skip_all "this kernel has no kprobes"

remove_probes() {
	echo 0 >"$tracing"/events/purser/enable
	echo '-:purser/slow' >>"$tracing"/kprobe_events
	echo '-:purser/fast' >>"$tracing"/kprobe_events
}

{
	echo 'p:purser/slow __wait_rcu_gp' >>"$tracing"/kprobe_events
	echo 'p:purser/fast synchronize_rcu_expedited' >>"$tracing"/kprobe_events
} 2>/dev/null || ktap_skip_all "the kernel's functions have other names"
at_exit remove_probes

# waits PROBE COMMAND... - print how often processes of these names waited
waits() {
	local probe=$1 command n=0

	shift
	for command; do
		n=$((n + $(grep -v '^#' $tracing/trace |
			grep -Ec "^ *$command-[0-9]+ .* $probe: ")))
	done
	echo "$n"
}

record() {	# record COMMAND...
	: >$tracing/trace
	echo 1 >"$tracing"/events/purser/enable
	"$@"
	echo 0 >"$tracing"/events/purser/enable
}

life() {	# life ID
	oci create --bundle "$BUNDLE" "$1" && oci start "$1" &&
		wait_for has_status "$1" stopped && oci delete "$1"
}

has_status() {
	[ "$(oci state "$1" | "$JSON" /status)" = "$2" ]
}

# The module attaches its probes for the first container, and detaches them after the last.
bundle keep sleep 1000
check "a container is there all the time" oci run --detach --bundle "$BUNDLE" keep
bundle one true

# A process with an own mount namespace that unmounts something waits.
record unshare --mount sh -c 'mount -t tmpfs tmpfs /mnt && umount /mnt'
check_match "the probes see umount" "$(waits fast umount busybox sh)" '^[1-9]'

for i in 1 2 3; do
	record check "container $i lives" life "one$i"
	check_eq "container $i: nobody waits for a grace period" "$(waits slow purser-oci true)" 0
	check_eq "container $i: purser-oci waits for one expedited" \
		"$(waits fast purser-oci)" 1
done

ktap_end
