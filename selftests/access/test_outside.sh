#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may do what with the table, of those that are in no container: root, users,
# root without its capabilities and root of a user namespace, in the host's
# network namespace and in one of their own.

. "$(dirname "$0")/access.sh"

make_table

# In the host's network namespace

check_answers "root may do everything" "$everything" attempts
check_answers "users may read, save for the cookie" \
	"$reading"$'\ndevice EACCES' as_nobody attempts
check_answers "so may root without CAP_NET_ADMIN" \
	"$reading"$'\ndevice EPERM' without_net_admin attempts
check_answers "and root of a user namespace that is root's" \
	"$reading"$'\ndevice EPERM' unshare --user --map-root-user attempts
check_answers "and of one that is a user's" \
	"$reading"$'\ndevice EACCES' \
	as_nobody unshare --user --map-root-user attempts

# Nor does a descriptor help that somebody else has opened.

check_answers "root may use what it has opened" "$everything" \
	attempts --open 0 attempts --socket 8 --device 9
check_answers "users with a socket and a device of root's" \
	"$reading"$'\ndevice EPERM' attempts --open 0 setpriv --reuid 65534 \
	--regid 65534 --clear-groups attempts --socket 8 --device 9
check_answers "root of a user namespace, likewise" \
	"$reading"$'\ndevice EPERM' attempts --open 0 unshare --user \
	--map-root-user attempts --socket 8 --device 9
# What a user has root send, by a descriptor of the user's that root takes for
# another file, does not count as root's. The group looks at who joins.
check_answers "root with a socket of a user's" \
	"${reading/join EPERM/join OK}"$'\ndevice EEXIST' \
	attempts --open 65534 attempts --socket 8

# In a network namespace of one's own there is no such family, for anybody. The
# device is not of a network namespace.

nothing='family ENOENT'
check_answers "root in another network namespace" \
	"$nothing"$'\ndevice EEXIST' unshare --net attempts
check_answers "root without CAP_NET_ADMIN there" \
	"$nothing"$'\ndevice EPERM' without_net_admin unshare --net attempts
check_answers "root of a user namespace there" \
	"$nothing"$'\ndevice EPERM' unshare --user --map-root-user --net attempts
check_answers "of a user's user namespace there" \
	"$nothing"$'\ndevice EACCES' \
	as_nobody unshare --user --map-root-user --net attempts
check_answers "root there, with a socket of the host's" "$everything" \
	attempts --open 0 unshare --net attempts --socket 8
check_answers "root of a user namespace there, likewise" \
	"$reading"$'\ndevice EPERM' attempts --open 0 unshare --user \
	--map-root-user --net attempts --socket 8
check_match "purserctl says so there" \
	"$(unshare --net purserctl list 2>&1)" \
	'^purserctl: cannot reach the container table: '

check_unharmed

# The programs: a line, and a status of its own

# check_all_denied WHO COMMAND... - all that takes a privilege
check_all_denied() {
	local who=$1

	shift
	check_status "$who: register" 5 "$@" purserctl register mine $$
	check_status "$who: unregister" 5 "$@" purserctl unregister web
	check_status "$who: set" 5 "$@" purserctl set web --hard-mib 2048
	check_status "$who: stop" 5 "$@" purserctl stop web --no-wait
	check_status "$who: events" 5 "$@" purserctl events
	check_status "$who: monitor" 5 "$@" purserctl monitor
}

check_all_denied "root of a user namespace" unshare --user --map-root-user
check_all_denied "root without CAP_NET_ADMIN" without_net_admin
for who in as_nobody without_net_admin; do
	check "$who: show" "$who" purserctl show web --json
	check_match "as it is" "$OUTPUT" '"soft_limit":1073741824,'
	check_no_match "but for the cookie" "$OUTPUT" 'cookie|secret'
	check "$who: list" "$who" purserctl list --json
	check_match "all there is" "$OUTPUT" '"name":"web"'
	check_no_match "but for the cookie" "$OUTPUT" 'cookie|secret'
done
check_match "root sees the cookie in the list" "$(purserctl list --json)" \
	'"cookie":"secret"'
check_no_match "but not in events" "$(purserctl events --json)" 'cookie|secret'

check_unharmed
clear_container web
check_unload
ktap_end
