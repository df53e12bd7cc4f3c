#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Volumes and tmpfs: files stay when containers end, the supervisor's own folders are
# refused, and a supervisor that takes over keeps none of the sources open.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

DATA=$TEST_DIR/data
mkdir "$DATA"
echo one >"$DATA/a"

check "a container writes to a volume" engine run first -v "$DATA:/data" -- \
	sh -c 'cat /data/a; echo two >/data/b'
check_eq "the file is on the host" "$(<"$DATA/b")" two
check "another container finds the file there" engine run second \
	--volume "$DATA:/srv/deep/data:ro" -- sh -c 'cat /srv/deep/data/b; ! touch /srv/deep/data/c'
check_eq "it has read the file" "$(engine logs second | head -n 1)" two
check "a file can be a volume" engine run file -v "$DATA/a:/etc/a" -- grep -qx one /etc/a

# shellcheck disable=SC2016 # the container expands it
check "--tmpfs is empty and has its size" engine run tmp --tmpfs /t:size=1m -- \
	sh -c '[ -z "$(ls -A /t)" ] && ! dd if=/dev/zero of=/t/x bs=64k count=32'
check "--read-only: only volumes and tmpfs can be written" \
	engine run ro --read-only --tmpfs /tmp -v "$DATA:/data" -- \
	sh -c '! touch /x && touch /tmp/x && touch /data/x'

engine start live -v "$DATA:/data" -- sleep 1000 >/dev/null
check_eq "the supervisor keeps no source open" \
	"$(find "/proc/$SUPERVISOR_PID/fd" -lname "$DATA*")" ""
check "a folder that is a volume of a live container can be moved" \
	mv "$DATA" "$DATA.moved"
check "the container is stopped" engine stop live --time 0
check "it cannot start again without the folder" eval '! engine start live 2>/dev/null'
mv "$DATA.moved" "$DATA"
check "started again as it was, it has the volume" engine start live
check_eq "the volume is the same folder" "$(ls "/proc/$(value live /pid)/root/data")" "$(ls "$DATA")"
check "the container is stopped again" engine stop live --time 0

BEFORE=$(traces)
for folder in "$RUN_DIR" "$STATE_DIR" "$LOG_DIR"; do
	case $folder in
	"$RUN_DIR") what=run ;;
	"$STATE_DIR") what=state ;;
	*) what=log ;;
	esac
	untraced "the $what directory is refused" 1 \
		"volume \"$folder\" is this supervisor's $what directory" \
		engine start own -v "$folder:/x" -- true
done
untraced "a folder that holds them is refused" 1 \
	"volume \"$TEST_DIR\" holds this supervisor's run directory" \
	engine start own -v "$TEST_DIR:/x" -- true
untraced "the base is refused" 1 \
	"volume \"$PURSER_ROOTFS\" is the base of this supervisor's overlays" \
	engine start own -v "$PURSER_ROOTFS:/x" -- true
untraced "a folder in the base is refused" 1 \
	"volume \"$PURSER_ROOTFS/bin\" is inside the base of this supervisor's overlays" \
	engine start own -v "$PURSER_ROOTFS/bin:/x" -- true
untraced "the host's root is refused" 1 "volume \"/\" is the host's own root" \
	engine start own -v /:/x -- true
untraced "a missing folder is refused" 1 \
	"volume \"$DATA/none\": No such file or directory" \
	engine start own -v "$DATA/none:/x" -- true
untraced "two mounts on one path are refused" 1 "two mounts are on \"/x\"" \
	engine start own -v "$DATA:/x" --tmpfs /x -- true

ktap_end
