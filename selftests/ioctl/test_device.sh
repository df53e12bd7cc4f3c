#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# /dev/container_monitor as a file: who may open it, who may use it, what it is
# no device for, and what an open one does to the module.

. "$(dirname "$0")/ioctl.sh"

require_module

check_eq "a character device, of root, for root alone" \
	"$(stat -c '%F %U %G %a' "$DEVICE")" "character special file root root 600"
check_eq "nobody can open it" "$(setpriv --reuid 65534 --regid 65534 \
	--clear-groups monitor register 1 x)" "open: EACCES"

spawn
without_net_admin=(setpriv --bounding-set -net_admin --inh-caps -net_admin
	--ambient-caps -all monitor)
exec 7<>"$DEVICE"
check_eq "root without CAP_NET_ADMIN can open it, not register" \
	"$("${without_net_admin[@]}" register "$PID" mine)" EPERM
check_eq "nor by a file that is open" \
	"$("${without_net_admin[@]}" --fd 7 register "$PID" mine)" EPERM
check_eq "nor can nobody" "$(setpriv --reuid 65534 --regid 65534 \
	--clear-groups monitor --fd 7 register "$PID" mine)" EPERM
check_eq "nor root of a user namespace" "$(unshare --user --map-root-user \
	monitor --fd 7 register "$PID" mine)" EPERM
check_ioctl "root can" OK --fd 7 register "$PID" mine
check_eq "who may not register may not unregister" \
	"$("${without_net_admin[@]}" --fd 7 unregister "$PID" mine)" EPERM
check_record "nothing came of that" mine state=running

# Inside: with all capabilities, and with the file that was open before

other=$PID
spawn --pidns --hold bash -c "exec 2>&1
	monitor register $other inside; monitor --fd 7 register $other inside
	monitor --fd 7 unregister $other mine; echo ready; read -r"
check_ioctl "a pid namespace is registered" OK register "$PID" box
release "$PID"
wait_line 'E*'
check_eq "who is inside cannot register" "$LINE" EPERM
wait_line 'E*'
check_eq "nor by a file that is open" "$LINE" EPERM
wait_line 'E*'
check_eq "nor unregister" "$LINE" EPERM
wait_for record_is box state=exited
purserctl unregister box

spawn
box=$PID
check_ioctl "another one is registered" OK register "$box" box
spawn --hold bash -c "monitor --fd 7 register $box bare
	monitor --fd 7 unregister $box box; read -r"
purserctl register bare "$PID" >/dev/null
release "$PID"
wait_line 'E*'
check_eq "a bare process that is a container cannot register" "$LINE" EPERM
wait_line 'E*'
check_eq "nor unregister" "$LINE" EPERM
wait_for record_is bare state=exited
purserctl unregister bare
clear_container box

# No such request; 1 and 2 are every file's

for raw in 0 3 19713 1074810113 1078480131 3225963777 4294967295; do
	check_ioctl "request $raw is none of it" ENOTTY --fd 7 raw "$raw"
done
for address in 0 8 -1 -4096; do
	check_ioctl "MONITOR_REGISTER at address $address" EFAULT \
		--fd 7 fault register "$address"
	check_ioctl "MONITOR_UNREGISTER at address $address" EFAULT \
		--fd 7 fault unregister "$address"
done
check_refused "it cannot be read" "Invalid argument" head -c 1 "$DEVICE"
check_refused "nor written" "Invalid argument" dd if=/dev/zero of="$DEVICE" \
	bs=1 count=1
check "nothing came of that either" live_is 1
clear_container mine

# Its end

check "no container is left" wait_for live_is 0
check_refused "an open file keeps the module" "in use" rmmod purser
exec 7>&-
check "a closed one does not" wait_for unload_module
check "the device goes with the module" test ! -e "$DEVICE"
ktap_end
