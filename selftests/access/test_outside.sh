#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What callers outside containers may do with the table: root, users, root without
# CAP_NET_ADMIN and root of a user namespace, in the host's network namespace and in
# one of their own.

. "$(dirname "$0")/access.sh"

make_table

# In the host's network namespace

check_answers "root may do everything" "$everything" attempts
check_answers "users may read everything but the cookie" \
	"$reading"$'\ndevice EACCES' as_nobody attempts
check_answers "root without CAP_NET_ADMIN may read as users do" \
	"$reading"$'\ndevice EPERM' without_net_admin attempts
check_answers "root of a user namespace of root may read as users do" \
	"$reading"$'\ndevice EPERM' unshare --user --map-root-user attempts
check_answers "root of a user namespace of a user may read as users do" \
	"$reading"$'\ndevice EACCES' \
	as_nobody unshare --user --map-root-user attempts

# A descriptor that somebody else has opened gives no rights.

check_answers "root may use descriptors that root has opened" \
	"$everything" attempts --open 0 attempts --socket 8 --device 9
check_answers "users may only read with descriptors that root has opened" \
	"$reading"$'\ndevice EPERM' attempts --open 0 setpriv --reuid 65534 \
	--regid 65534 --clear-groups attempts --socket 8 --device 9
check_answers "root of a user namespace may only read with descriptors of root" \
	"$reading"$'\ndevice EPERM' attempts --open 0 unshare --user \
	--map-root-user attempts --socket 8 --device 9
# A user may trick root into writing to the user's socket, such as by passing it as
# stderr of a setuid program. The kernel gives such messages only the user's rights.
# For a group only the rights of the caller that joins count.
check_answers "root may only read with a socket of a user" \
	"${reading/join EPERM/join OK}"$'\ndevice EEXIST' \
	attempts --open 65534 attempts --socket 8

# The family is in the initial network namespace only. The device belongs to no
# network namespace.

nothing='family ENOENT'
check_answers "root in another network namespace finds only the device" \
	"$nothing"$'\ndevice EEXIST' unshare --net attempts
check_answers "root without CAP_NET_ADMIN finds no family there" \
	"$nothing"$'\ndevice EPERM' without_net_admin unshare --net attempts
check_answers "root of a user namespace finds no family there" \
	"$nothing"$'\ndevice EPERM' unshare --user --map-root-user --net attempts
check_answers "root of a user namespace of a user finds no family there" \
	"$nothing"$'\ndevice EACCES' \
	as_nobody unshare --user --map-root-user --net attempts
check_answers "root may do everything there with a socket of the host" \
	"$everything" attempts --open 0 unshare --net attempts --socket 8
check_answers "root of a user namespace may only read there with that socket" \
	"$reading"$'\ndevice EPERM' attempts --open 0 unshare --user \
	--map-root-user --net attempts --socket 8
check_match "purserctl says that it cannot reach the table" \
	"$(unshare --net purserctl list 2>&1)" \
	'^purserctl: cannot reach the container table: '

check_unharmed

# purserctl reports a denial with one line and exit status 5.

# check_all_denied WHO COMMAND... - check that purserctl, run by COMMAND, is denied
# every command that needs a privilege
check_all_denied() {
	local who=$1

	shift
	check_status "$who: purserctl register is denied" 5 "$@" purserctl register mine $$
	check_status "$who: purserctl unregister is denied" 5 "$@" purserctl unregister web
	check_status "$who: purserctl set is denied" 5 "$@" purserctl set web --hard-mib 2048
	check_status "$who: purserctl stop is denied" 5 "$@" purserctl stop web --no-wait
	check_status "$who: purserctl events is denied" 5 "$@" purserctl events
	check_status "$who: purserctl monitor is denied" 5 "$@" purserctl monitor
}

check_all_denied "root of a user namespace" unshare --user --map-root-user
check_all_denied "root without CAP_NET_ADMIN" without_net_admin
for who in as_nobody without_net_admin; do
	check "$who: purserctl show works" "$who" purserctl show web --json
	check_match "$who: show prints the soft limit" "$OUTPUT" '"soft_limit":1073741824,'
	check_no_match "$who: show hides the cookie" "$OUTPUT" 'cookie|secret'
	check "$who: purserctl list works" "$who" purserctl list --json
	check_match "$who: list prints the container" "$OUTPUT" '"name":"web"'
	check_no_match "$who: list hides the cookie" "$OUTPUT" 'cookie|secret'
done
check_match "root sees the cookie in purserctl list" \
	"$(purserctl list --json)" '"cookie":"secret"'
check_no_match "purserctl events never prints the cookie" \
	"$(purserctl events --json)" 'cookie|secret'

check_unharmed
clear_container web
check_unload
ktap_end
