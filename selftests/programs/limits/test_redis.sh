#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Redis that saves while it is written to, under 1.3 times its data.
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

status_is() {	# status_is KEY VALUE: of its persistence
	[[ $(cli info persistence) == *"$1:$2"$'\r'* ]]
}

ip link set lo up
check "it starts" engine start redis --soft-mib 120 --hard-mib 136 -- \
	redis-server --save '' --port 7777 --dir /var/lib/redis \
	--rdbcompression no --rdb-key-save-delay 20000 \
	--enable-debug-command yes
wait_for answers || ktap_bail "it does not answer"
cli debug populate 96 key 1048576 >/dev/null
for round in 1 2 3; do
	cli bgsave >/dev/null
	check "it takes values while it saves, round $round" \
		cli eval 'for i = 1, 8 do redis.call("SET", "key:" .. i,
			string.rep("x", 1048576)) end' 0
	look_at redis
	check "the save ends, round $round" \
		wait_for status_is rdb_bgsave_in_progress 0
	check "well, round $round" status_is rdb_last_bgsave_status ok
done
check "what it saved is on its disk" test \
	"$(stat -c %s "$TEST_DIR"/disk/redis/*/var/lib/redis/dump.rdb)" -gt \
	$((64 * MIB))
check_lives redis
check "rss was above the limit" test "$RSS" -gt $((136 * MIB))

ktap_end
