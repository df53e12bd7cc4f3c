#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A real server that forks to save what it holds: redis, out of the containers'
# base root, in a cgroup of its own and under a hard limit of 1.3 times its
# memory. Its child maps it all again.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
[ -x "$PURSER_ROOTFS/usr/bin/redis-server" ] ||
	ktap_skip_all "there is no redis in the base root"
require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

cli() {
	chroot "$PURSER_ROOTFS" /usr/bin/redis-cli -s /tmp/purser-redis "$@"
}

answers() {
	[ "$(cli ping)" = PONG ]
}

child_of() {	# child_of PID: prints it, fails where there is none
	local pid

	pid=$(<"/proc/$1/task/$1/children")
	[ "$pid" ] && echo "${pid%% *}"
}

status_is() {	# status_is KEY VALUE: of its persistence
	[[ $(cli info persistence) == *"$1:$2"$'\r'* ]]
}

# 64 values of a MiB. It waits before each that it saves: its child lives long
# enough to be looked at.
make_cgroup redis
spawn --hold chroot "$PURSER_ROOTFS" /usr/bin/redis-server --save '' --port 0 \
	--unixsocket /tmp/purser-redis --dir /tmp --enable-debug-command yes \
	--rdb-key-save-delay 100000
enter "$PID"
register redis
release "$PID"
wait_for answers || ktap_bail "redis does not answer"
cli debug populate 64 key 1048576 >/dev/null
check "64 MiB are in it" wait_so agrees redis 8 "$PID"
field "$RECORD" rss
rss=$REPLY
check "no less" test "$rss" -ge $((64 * MIB))
# Less, if the program's own file was brought into memory by somebody before.
field "$RECORD" usage
used=$REPLY
limit=$((rss * 13 / 10 / MIB))
check "a hard limit of 1.3 times that" purserctl set redis --hard-mib $limit

cli bgsave >/dev/null
wait_for child_of "$PID"
child=$(child_of "$PID")
kill -STOP "$child"
check "it saves" wait_so agrees redis 16 "$PID" "$child"
field "$RECORD" rss
check "the sum is above the limit" test "$REPLY" -gt $((limit * MIB))
field "$RECORD" usage
check "usage is not" test "$REPLY" -lt $((limit * MIB))
check "what it uses is what it used" near "$REPLY" "$used" $((6 * MIB))

# shellcheck disable=SC2016
fill='for i = 1, tonumber(ARGV[1]) do
	redis.call("SET", "key:" .. i, string.rep("x", 1048576)) end'
check "it takes new values meanwhile" cli eval "$fill" 0 4
check_record "and lives" redis state=running processes=2
kill -CONT "$child"
check "the save ends" wait_for status_is rdb_bgsave_in_progress 0
check "well" status_is rdb_last_bgsave_status ok
check_record "it lives" redis state=running processes=1
check_no_match "nothing was too much" "$(purserctl events --json)" \
	'"event":"hard_limit"'

# More values, until what is shared no longer is
cli bgsave >/dev/null
wait_for child_of "$PID"
kill -STOP "$(child_of "$PID")"
cli eval "$fill" 0 60 >/dev/null 2>&1
check_killed "all of it written anew, while it saves, is too much" redis \
	$limit 8192 "$PID" 0 redis-server

check_unload
ktap_end
