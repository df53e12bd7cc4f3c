#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --userns auto: root of a container is nobody on the host, and files on disk keep their
# owners. Base, layers and volumes are on an ext4: other file systems of the virtual machine
# cannot map ids, and that is a test, too.
# timeout: 600
# shellcheck disable=SC2016 # containers expand it

. "$(dirname "$0")/engine.sh"
. "$(dirname "$0")/../lib/disk.sh"

require_module
unset PURSER_QUIET

FIRST=1500000000
DISK=$TEST_DIR/disk

mount_disk "$DISK"
make_busybox_root "$DISK/base" || ktap_bail "cannot make a base"
make_busybox_root "$DISK/root" || ktap_bail "cannot make a root"
echo 'user:x:1000:1000::/:/bin/sh' >>"$DISK/base/etc/passwd"
mkdir "$DISK/state" "$DISK/data"
echo one >"$DISK/data/a"
chmod 0600 "$DISK/data/a"

# supervise [OPTION...] - start a supervisor whose base and layers are on the ext4
supervise() {
	start_supervisor "$DISK/base" --state-dir "$DISK/state" --userns plain \
		--userns-ids "$FIRST:3" "$@" ||
		ktap_bail "cannot start a supervisor"
	STATE_DIR=$DISK/state
}

# pid NAME - print the pid of its first process
pid() {
	value "$1" /pid
}

# outside NAME - print what its root is on the host
outside() {
	stat -c %u "/proc/$(pid "$1")"
}

# owner FILE - print its owner and its group on disk
owner() {
	stat -c '%u:%g' "$1"
}

supervise

# --- Ids ---

check_eq "a container starts without a word" \
	"$(engine start one --userns auto -- sleep 1000 2>&1 | sed 's/pid .*/pid/')" \
	"one: started, pid"
check_eq "its root is nobody on the host" "$(outside one)" "$FIRST"
check_eq "inspect says which user" "$(engine inspect one | grep root_is_uid | tr -dc 0-9)" "$FIRST"
check_eq "inside, it is root" "$(engine exec one id -u)" 0
check_eq "its map has 65536 ids" "$(engine exec one cat /proc/self/uid_map | xargs)" \
	"0 $FIRST 65536"
check "a second one starts" engine start two "$DISK/root" --userns auto -v "$DISK/data:/data" -- \
	sleep 1000
check_eq "its root is another user" "$(outside two)" $((FIRST + 65536))
check "a container with --userns host starts" engine start bare --userns host -- sleep 1000
check_eq "its root is root of the host" "$(outside bare)" 0
check_eq "inspect says so" "$(engine inspect bare | grep -c '"root_is_uid": null')" 1

# --- Files ---

check "it can write to its layer" engine exec one sh -c \
	'echo x >/new; chown 1000:1000 /new; echo y >>/etc/passwd; mkdir /dir'
check_eq "on disk a file of its user is that user's" \
	"$(owner "$STATE_DIR/one/upper/new")" 1000:1000
check_eq "on disk a file of its root is root's" "$(owner "$STATE_DIR/one/upper/dir")" 0:0
check_eq "a file that was copied up is root's, too" \
	"$(owner "$STATE_DIR/one/upper/etc/passwd")" 0:0
check_eq "the files of the base are root's for it" \
	"$(engine exec one stat -c %u:%g /bin/busybox)" 0:0
check_eq "the files in its /etc are root's for it" \
	"$(engine exec one stat -c %u:%g /etc/hosts)" 0:0
check "it can write to a root on disk" engine exec two sh -c 'echo x >/new; test -O /bin'
check_eq "the file there is root's" "$(owner "$DISK/root/new")" 0:0
check "it reads and writes a volume" engine exec two sh -c \
	'[ "$(cat /data/a)" = one ] && echo two >/data/b'
check_eq "the file there is root's" "$(owner "$DISK/data/b")" 0:0

# --- What it has ---

check_eq "its output is in the log" "$(engine run say --userns auto -- \
	sh -c 'echo out; echo err >/dev/stderr; echo again >/dev/stdout' 2>&1 | sort | xargs)" \
	"again err out"
check_eq "a user of the container writes to /dev/stdout" \
	"$(engine run say --userns auto --user user -- sh -c 'id -u >/dev/stdout')" 1000
check_eq "a command of exec writes to /dev/stdout" \
	"$(engine exec one sh -c 'echo works >/dev/stdout')" works
check_eq "so does one of another user" \
	"$(engine exec -u user one sh -c 'id -u >/dev/stdout')" 1000
check_eq "a command of exec reads /dev/stdin" \
	"$(echo line | engine exec -i one cat /dev/stdin)" line
check_eq "run --interactive reads /dev/stdin" \
	"$(echo line | engine run say -i --userns auto -- cat /dev/stdin)" line
check_eq "exec -t has a terminal" "$(engine exec -t one tty | tr -d '\r')" /dev/pts/0
check_eq "its devices work" "$(engine exec one sh -c \
	'echo x >/dev/null && head -c 3 /dev/zero | wc -c')" 3
check "its mounts are there" engine exec one sh -c \
	'for d in /proc/self /sys/class /dev/pts /dev/shm /dev/mqueue; do test -e $d || exit 1; done'
check_eq "its hostname is its own" "$(engine exec one hostname)" one
check_eq "its loopback is up" "$(engine exec one sh -c 'ifconfig lo | grep -c UP')" 1
check "with the host's network, it has a sysfs of that" eval \
	'[ "$(engine run net --userns auto --net host -- ls /sys/class/net)" = "$(ls /sys/class/net)" ]'
check_eq "an init of --init runs" "$(engine run say --init --userns auto -- id -u)" 0
check "--read-only and --tmpfs work" engine run say --userns auto --read-only --tmpfs /t -- \
	sh -c 'touch /t/x && ! touch /x 2>/dev/null'
check_eq "--ulimit sets its limits" \
	"$(engine run say --userns auto --ulimit nofile=77:99 -- sh -c 'ulimit -n; ulimit -Hn' | xargs)" "77 99"

# --- What it cannot do ---

check_eq "entries of /proc that only root may read are closed to it" \
	"$(engine exec one sh -c 'cat /proc/slabinfo >/dev/null 2>&1 || echo closed')" closed
check_eq "in a container of root of the host they are open" \
	"$(engine exec bare sh -c 'cat /proc/slabinfo >/dev/null 2>&1 || echo closed')" ""

# --- The next start, and the next supervisor ---

# distinct NAME... - their roots are different users, from the ranges of the supervisor
distinct() {
	local name

	for name; do
		outside "$name"
	done | sort -u | xargs
}

all="$FIRST $((FIRST + 65536)) $((FIRST + 131072))"
check "a container ends" engine stop one --time 0
check "it starts again as it was" engine start one
check "a third one starts" engine start three --userns auto -- sleep 1000
check_eq "three containers have three ranges" "$(distinct one two three)" "$all"
full='engine: container "more": its root is root of the host: finding ids for it: all are in use'
check_eq "if all ranges are in use, the next one is root of the host, and a line says so" \
	"$(engine run more --userns auto -- id -u 2>&1)" "$full"$'\n0'
engine start again --userns auto --restart on-failure:1 -- false >/dev/null 2>&1
check "a start without a client says so in the supervisor's messages" \
	wait_for grep -qF "${full/more/again}" "$SUPERVISOR_LOG"
die
supervise
check_eq "the next supervisor knows the ranges of its containers" \
	"$(engine run more --userns auto -- id -u 2>&1)" "$full"$'\n0'
check_eq "exec works after a take-over" "$(engine exec two id -u)" 0
was=$(outside two)
check "a container of an earlier supervisor ends" engine stop two --time 0
check "its range is free" engine start four --userns auto -- sleep 1000
check_eq "the next container has it" "$(outside four)" "$was"
check "all stop" engine stop one three four bare --time 0
check_eq "a layer that is kept has its files again" "$(
	engine run kept --keep --userns auto -- sh -c 'echo mine >/file; chmod 0600 /file'
	engine run filler --userns auto -- true
	engine run kept --keep --userns auto -- cat /file
	engine run kept --keep --userns host -- cat /file)" $'mine\nmine'

# --- Where it cannot be ---

# why NAME REASON OPTION... - check that a container is root of the host for that reason
why() {
	local name=$1 reason=$2

	shift 2
	check_eq "$name" "$(engine run why --userns auto "$@" 2>&1)" \
		"engine: container \"why\": its root is root of the host: $reason"$'\n0'
}

cannot="the kernel cannot map the ids of the file system of its"
mkdir "$TEST_DIR/ram"
mount -t ramfs none "$TEST_DIR/ram" && at_exit umount -l "$TEST_DIR/ram"
make_busybox_root "$TEST_DIR/ram/root"
why "a root on a file system that cannot map ids" "$cannot root $TEST_DIR/ram/root" \
	"$TEST_DIR/ram/root" -- id -u
why "a volume on such a file system" "$cannot volume $TEST_DIR/ram" \
	-v "$TEST_DIR/ram:/x" -- id -u
why "a privileged container" "it is privileged" --privileged -- id -u
max=$(</proc/sys/user/max_user_namespaces)
echo 0 >/proc/sys/user/max_user_namespaces
why "no user namespaces are allowed" \
	"the limit user.max_user_namespaces of the host is 0, or reached" -- id -u
echo "$max" >/proc/sys/user/max_user_namespaces
stop_supervisor

# maps OPTION... - print the map of a container, or "own" for one of the ranges, and what engine
# says. The range of a container that has just ended may still be taken.
maps() {
	engine run a "$@" -- cat /proc/self/uid_map 2>&1 | xargs | awk -v first="$FIRST" '
		$NF == 65536 && $(NF - 1) >= first && ($(NF - 1) - first) % 65536 == 0 {
			NF -= 2
			$NF = "own"
		}
		{ print }'
}
host="0 0 4294967295"

supervise --userns auto
check_eq "--userns auto of the supervisor is the default of containers" "$(maps)" own
check_eq "--userns host of a container overrides it" "$(maps --userns host)" "$host"
check_eq "it holds on the host's network, too" "$(maps --net host)" own
stop_supervisor

# --- Without the option ---

: >"$SUPERVISOR_LOG"
supervise
check_eq "where ids can be mapped, the supervisor says no word" "$(<"$SUPERVISOR_LOG")" \
	"engine: supervisor ready, base $DISK/base"
check_eq "root of a container is nobody outside" "$(maps)" own
check_eq "with a root and a volume of its own as well" \
	"$(maps "$DISK/root" -v "$DISK/data:/data")" own
for option in '--net host' '--cap-add SYS_TIME' --privileged; do
	# shellcheck disable=SC2086 # they are words
	check_eq "with $option it is root of the host, without a word" "$(maps $option)" "$host"
done
mkdir "$DISK/foreign"
chown 100000:5 "$DISK/foreign"
check_eq "a volume keeps its owner" "$(maps -v "$DISK/foreign:/x")" \
	"engine: container a: its root is root of the host: its volume $DISK/foreign belongs to user 100000 and group 5, which its user namespace does not have $host"
check_eq "unless --userns auto asks for it" \
	"$(engine run a --userns auto -v "$DISK/foreign:/x" -- stat -c %u /x)" 65534

# --- Ids that belong to others ---

for file in /etc/subuid /etc/subgid; do
	[ ! -e $file ] || cp -p $file "$TEST_DIR/${file##*/}"
done
restore_ids() {
	local file

	for file in /etc/subuid /etc/subgid; do
		rm -f "$file"
		[ ! -e "$TEST_DIR/${file##*/}" ] || cp -p "$TEST_DIR/${file##*/}" "$file"
	done
}
at_exit restore_ids
echo "ann:$((FIRST + 1)):10" >/etc/subuid
echo "ann:$((FIRST + 65536 + 65535)):65536" >/etc/subgid
check "a container does not start with ids that belong to users" engine start first "$DISK/root" \
	--userns auto -- sleep 1000
check_eq "none is left" "$(engine run a --userns auto -- id -u 2>&1 | head -n 1)" "${full/more/a}"
check_eq "its root is root of the host" "$(outside first)" 0
echo "purser:$FIRST:65536" >/etc/subuid
check_eq "those of the user purser are ours" "$(maps)" own
engine stop first --time 0 >/dev/null
stop_supervisor

# --- A base that cannot be mapped ---

: >"$SUPERVISOR_LOG"
start_supervisor "$TEST_DIR/ram/root" --state-dir "$DISK/state" --userns plain ||
	ktap_bail "cannot start a supervisor"
check_eq "if the base cannot be mapped, the supervisor says so once" "$(<"$SUPERVISOR_LOG")" \
	"engine: supervisor ready, base $TEST_DIR/ram/root; root of its containers is root of the host: $cannot base $TEST_DIR/ram/root"
check_eq "and a start does not" "$(maps)" "$host"
check_eq "nor with a root that can be mapped" "$(maps "$DISK/root")" "$host"
check_eq "--userns auto still maps that one" \
	"$(engine run a "$DISK/root" --userns auto -- id -u; engine run a --userns auto -- id -u 2>&1 | head -n 1)" \
	$'0\n'"engine: container \"a\": its root is root of the host: $cannot base $TEST_DIR/ram/root"

ktap_end
