#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The supervisor and its containers cope with a clock that is set back and forth.

# shellcheck disable=SC2015,SC2016,SC2034
. "$(dirname "$0")/inject.sh"

require_module
[ "${PURSER_VM:-}" ] || ktap_skip_all "sets the clock, which needs a virtual machine"
# A small file system: the log writer uses times while it waits for room.
mkdir "$TEST_DIR/log"
mount -t tmpfs -o size=64k,mode=755 purser-test "$TEST_DIR/log" ||
	ktap_skip_all "cannot mount a file system"
at_exit umount "$TEST_DIR/log"
require_supervisor "$PURSER_ROOTFS" --log-reserve 0 --log-give-up never

# now - print seconds of a clock that cannot be set
now() {
	cut -d . -f 1 /proc/uptime
}

offset=$(($(date +%s) - $(now)))
at_exit eval 'date -s "@$(($(now) + offset))"'
set_clock() {
	date -u -s "$1" >/dev/null
}

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
mkfifo "$TEST_DIR/root/go" && exec {GO}<>"$TEST_DIR/root/go" ||
	ktap_bail "cannot make a FIFO"
engine start talker "$TEST_DIR/root" -- \
	sh -c 'while read -r word; do echo "$word"; done </go' >/dev/null
engine start sleeper -- sleep 1000 >/dev/null

# The clock jumps from one of these years to the next.
years=(2001 2037 1999 2099 2020 1971 2024)
for year in "${years[@]}"; do
	set_clock "$year-06-01 12:00:00"
	echo "in $year" >&"$GO"
	wait_for log_has talker "in $year" || break
done
check_eq "every line is in the log" "$(engine logs talker)" \
	"$(printf 'in %s\n' "${years[@]}")"
check_eq "every line has the time that the clock showed" \
	"$(sed 's/^\([0-9]*\)-06-01T12:[0-9:.]*Z stdout F in /\1 /' \
		"$LOG_DIR/talker.log")" "$(printf '%s\n' "${years[@]}" | sed 's/.*/& &/')"

for year in 1980 2090; do
	set_clock "$year-01-01"
	check_no_match "$year: ps does not show an age of hours or days" \
		"$(engine ps | grep -F sleeper)" '[0-9](h[0-9]+m|d[0-9]+h)'
	check "$year: engine run returns the status of its command" \
		engine run "in$year" -- true
	check "$year: a container is stopped with a grace period" \
		engine stop sleeper --time 1
	check_match "$year: that container is not stopped by force" \
		"$OUTPUT" 'sleeper: stopped'
	engine start sleeper -- sleep 1000 >/dev/null
done

# A container that ignores SIGTERM is killed at the end of its grace period, even if the
# clock goes back.
engine start deaf -- sh -c 'trap "echo heard" TERM; echo up
	while :; do sleep 1000 & wait $!; done' >/dev/null
wait_for log_has deaf up
engine stop deaf --time 3 >"$TEST_DIR/stop" &
stop=$!
wait_for log_has deaf heard
set_clock 1990-01-01
check "the grace period ends although the clock goes back" wait "$stop"
check_eq "a container that ignores SIGTERM is stopped by force" \
	"$(<"$TEST_DIR/stop")" \
	"deaf: stopped, forced, signal SIGKILL"

# The file system of the logs is full while the clock goes back and forth.
dd if=/dev/zero of="$LOG_DIR/filler" bs=4k 2>/dev/null
seq -f 'full %.0f' 200 >&"$GO"
check "the supervisor says that a log waits for room" \
	wait_for said 'talker.log.* waits'
set_clock 2060-01-01
seq -f 'later %.0f' 200 >&"$GO"
set_clock 1985-01-01
rm "$LOG_DIR/filler"
check "the supervisor writes the log again when there is room" \
	wait_for log_has talker 'later 200'
check_eq "the log has each line once, in order" \
	"$(engine logs talker | tail -n 400 | cksum)" \
	"$( (seq -f 'full %.0f' 200; seq -f 'later %.0f' 200) | cksum)"

# The clock jumps by a century between two supervisors.
die
set_clock 2080-01-01
echo 'between' >&"$GO"
next
echo 'after' >&"$GO"
check "the next supervisor writes the log" wait_for log_has talker after
check_eq "the log has the lines from before and after" \
	"$(engine logs talker | tail -n 2)" \
	$'between\nafter'
set_clock 1975-01-01
check "a new container runs" engine run new -- echo new
check_eq "the log of the new container has its line alone" "$(engine logs new)" new
check "the supervisor stops" stop_supervisor

ktap_end
