#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Redis saves its data while a client writes to it, under a limit of 1.3 times its data.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

cli() {
	chroot "$PURSER_PROGRAMS" /usr/bin/redis-cli -p 7777 "$@"
}

answers() {
	[ "$(cli ping)" = PONG ]
}

# status_is KEY VALUE - redis reports that in the section "persistence" of INFO
status_is() {
	[[ $(cli info persistence) == *"$1:$2"$'\r'* ]]
}

ip link set lo up
# redis-cli is outside, so that its memory does not count.
check "the container of redis starts" engine start redis --net host \
	--soft-mib 120 --hard-mib 136 -- \
	redis-server --save '' --port 7777 --dir /var/lib/redis \
	--rdbcompression no --rdb-key-save-delay 20000 \
	--enable-debug-command yes
wait_for answers || ktap_bail "redis does not answer"
cli debug populate 96 key 1048576 >/dev/null
for round in 1 2 3; do
	cli bgsave >/dev/null
	check "redis accepts writes while it saves, round $round" \
		cli eval 'for i = 1, 8 do redis.call("SET", "key:" .. i,
			string.rep("x", 1048576)) end' 0
	sample redis
	check "the save ends, round $round" \
		wait_for status_is rdb_bgsave_in_progress 0
	check "redis reports that the save succeeded, round $round" \
		status_is rdb_last_bgsave_status ok
done
check "the saved file is on the disk" test \
	"$(stat -c %s "$TEST_DIR"/disk/redis/*/var/lib/redis/dump.rdb)" -gt \
	$((64 * MIB))
check_lives redis
check "rss was above the limit" test "$RSS" -gt $((136 * MIB))

ktap_end
