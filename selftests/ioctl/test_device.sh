#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# /dev/container_monitor as a file: who may open and use it, which operations it
# refuses, and that an open file keeps the module loaded.

. "$(dirname "$0")/ioctl.sh"

require_module

check_eq "the device is a character device for root alone" \
	"$(stat -c '%F %U %G %a' "$DEVICE")" "character special file root root 600"
check_eq "the user nobody cannot open it" "$(setpriv --reuid 65534 --regid 65534 \
	--clear-groups monitor register 1 x)" "open: EACCES"

spawn
without_net_admin=(setpriv --bounding-set -net_admin --inh-caps -net_admin
	--ambient-caps -all monitor)
exec 7<>"$DEVICE"
check_eq "root without CAP_NET_ADMIN can open it but not register" \
	"$("${without_net_admin[@]}" register "$PID" mine)" EPERM
check_eq "root without CAP_NET_ADMIN cannot register by a file of root" \
	"$("${without_net_admin[@]}" --fd 7 register "$PID" mine)" EPERM
check_eq "the user nobody cannot register by a file of root" \
	"$(setpriv --reuid 65534 --regid 65534 \
	--clear-groups monitor --fd 7 register "$PID" mine)" EPERM
check_eq "root of a user namespace cannot register by a file of root" \
	"$(unshare --user --map-root-user \
	monitor --fd 7 register "$PID" mine)" EPERM
check_ioctl "root can register" OK --fd 7 register "$PID" mine
check_eq "root without CAP_NET_ADMIN cannot unregister" \
	"$("${without_net_admin[@]}" --fd 7 unregister "$PID" mine)" EPERM
check_record "the container is still registered" mine state=running

# Members of containers have all capabilities here, and inherit the open file.

other=$PID
spawn --pidns --hold bash -c "exec 2>&1
	monitor register $other inside; monitor --fd 7 register $other inside
	monitor --fd 7 unregister $other mine; echo ready; read -r"
check_ioctl "root registers a container with a pid namespace" OK register "$PID" box
release "$PID"
wait_line 'E*'
check_eq "its member cannot register" "$LINE" EPERM
wait_line 'E*'
check_eq "its member cannot register by a file of root" "$LINE" EPERM
wait_line 'E*'
check_eq "its member cannot unregister" "$LINE" EPERM
wait_for record_is box state=exited
purserctl unregister box

spawn
box=$PID
check_ioctl "root registers a container without a pid namespace" \
	OK register "$box" box
spawn --hold bash -c "monitor --fd 7 register $box bare
	monitor --fd 7 unregister $box box; read -r"
purserctl register bare "$PID" >/dev/null
release "$PID"
wait_line 'E*'
check_eq "a member without a pid namespace cannot register" "$LINE" EPERM
wait_line 'E*'
check_eq "a member without a pid namespace cannot unregister" "$LINE" EPERM
wait_for record_is bare state=exited
purserctl unregister bare
clear_container box

# Numbers of requests that the device does not have. The kernel handles 1 and 2 for
# every file.

for raw in 0 3 19713 1074810113 1078480131 3225963777 4294967295; do
	check_ioctl "the device does not know request $raw" ENOTTY --fd 7 raw "$raw"
done
for address in 0 8 -1 -4096; do
	check_ioctl "MONITOR_REGISTER refuses address $address" \
		EFAULT --fd 7 fault register "$address"
	check_ioctl "MONITOR_UNREGISTER refuses address $address" \
		EFAULT --fd 7 fault unregister "$address"
done
check_refused "the device cannot be read" "Invalid argument" head -c 1 "$DEVICE"
check_refused "the device cannot be written" "Invalid argument" dd \
	if=/dev/zero of="$DEVICE" \
	bs=1 count=1
check "no bad request changed the table" live_is 1
clear_container mine

# Unloading the module

check "no container is left" wait_for live_is 0
check_refused "an open file keeps the module loaded" "in use" rmmod purser
exec 7>&-
check "the module unloads after the file is closed" wait_for unload_module
check "the device goes with the module" test ! -e "$DEVICE"
ktap_end
