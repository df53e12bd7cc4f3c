#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Redis, from the base root of containers, forks to save its data. It runs in a cgroup of
# its own under a hard limit of 1.3 times its memory. Its child maps all of the memory a
# second time, which must not count twice.

. "$(dirname "$0")/memory.sh"

require_machine
require_cgroups
[ -x "$PURSER_ROOTFS/usr/bin/redis-server" ] ||
	ktap_skip_all "the base root has no redis"
require_module sweep_ms=100
start_monitor || ktap_bail "cannot listen to the events"

cli() {
	chroot "$PURSER_ROOTFS" /usr/bin/redis-cli -s /tmp/purser-redis "$@"
}

answers() {
	[ "$(cli ping)" = PONG ]
}

# child_of PID - print the PID of its first child; fail if it has none
child_of() {
	local pid

	pid=$(<"/proc/$1/task/$1/children")
	[ "$pid" ] && echo "${pid%% *}"
}

# status_is KEY VALUE - redis reports that in the section "persistence" of INFO
status_is() {
	[[ $(cli info persistence) == *"$1:$2"$'\r'* ]]
}

# It has 64 values of 1 MiB. Its child waits before it saves each value, so that it lives
# long enough for the test.
make_cgroup redis
spawn --hold chroot "$PURSER_ROOTFS" /usr/bin/redis-server --save '' --port 0 \
	--unixsocket /tmp/purser-redis --dir /tmp --enable-debug-command yes \
	--rdb-key-save-delay 100000
enter "$PID"
register redis
release "$PID"
wait_for answers || ktap_bail "redis does not answer"
cli debug populate 64 key 1048576 >/dev/null
check "rss of redis with 64 MiB agrees with the page tables" wait_so agrees redis 8 "$PID"
field "$RECORD" rss
rss=$REPLY
check "rss of redis is at least 64 MiB" test "$rss" -ge $((64 * MIB))
# usage is less than rss if another cgroup has read the program's file first.
field "$RECORD" usage
used=$REPLY
limit=$((rss * 13 / 10 / MIB))
check "a hard limit of 1.3 times rss is set" purserctl set redis --hard-mib $limit

cli bgsave >/dev/null
wait_for child_of "$PID"
child=$(child_of "$PID")
kill -STOP "$child"
check "rss of redis and its saving child agrees with the page tables" \
	wait_so agrees redis 16 "$PID" "$child"
field "$RECORD" rss
check "rss of both is above the limit" test "$REPLY" -gt $((limit * MIB))
field "$RECORD" usage
check "usage of both is below the limit" test "$REPLY" -lt $((limit * MIB))
check "usage is nearly what it was before the save" near "$REPLY" "$used" $((6 * MIB))

# shellcheck disable=SC2016
fill='for i = 1, tonumber(ARGV[1]) do
	redis.call("SET", "key:" .. i, string.rep("x", 1048576)) end'
check "redis accepts new values during the save" cli eval "$fill" 0 4
check_record "redis and its child live" redis state=running processes=2
kill -CONT "$child"
check "the save ends" wait_for status_is rdb_bgsave_in_progress 0
check "redis reports that the save succeeded" status_is rdb_last_bgsave_status ok
check_record "redis lives after the save" redis state=running processes=1
check_no_match "the hard limit was not crossed" "$(purserctl events --json)" \
	'"event":"hard_limit"'

# New values for all keys: redis and its child share no memory any more. The sweep is far
# away, so that the fault that crosses the limit is seen.
echo 60000 >/sys/module/purser/parameters/sweep_ms
cli bgsave >/dev/null
wait_for child_of "$PID"
kill -STOP "$(child_of "$PID")"
cli eval "$fill" 0 60 >/dev/null 2>&1
check_killed "the hard limit acts if all values are written during a save" redis \
	$limit 8192 "$PID" 0 redis-server

check_unload
ktap_end
