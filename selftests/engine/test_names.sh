#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A name of the greatest length with all legal characters: in tables, folders, log files,
# and inside the container.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# long_name N TEXT - print a name of N characters that ends in TEXT
long_name() {
	local name

	printf -v name '%*s' $(($1 - ${#2})) ''
	echo "${name// /n}$2"
}

name=$(long_name 127 -c++.1_Z)
cgroup=/sys/fs/cgroup/purser/_$name
short=${name::64}
pattern=${name//[+]/[+]}

look="echo \"name \$(hostname)\"; echo \"variable \$HOSTNAME\"; exec sleep 100000"
check_match "start prints the whole name" \
	"$(engine start "$name" -- sh -c "$look")" "^$pattern: started, pid [0-9]+\$"
check "ps has the name" value_is "$name" /state running
check "the kernel's table has the name" purserctl show "$name"
check "the hostname is the first 64 characters, the kernel's limit" \
	wait_for log_has "$name" "name $short"
check "HOSTNAME in the environment is the same" wait_for log_has "$name" "variable $short"
check "the log file has the name" test -s "$LOG_DIR/$name.log"
check "the run folder has the name" test -p "$RUN_DIR/containers/$name/stdout"
check "the state folder has the name" test -d "$STATE_DIR/$name"
[ ! -e /sys/fs/cgroup/purser ] || check "the cgroup has the name" test -d "$cgroup"

# aligned TABLE COLUMN WORD - in each row WORD begins at the position of COLUMN
aligned() {
	awk -v title=" $2 " -v word=" $3 " 'NR == 1 { at = index($0, title) }
		NR > 1 && index($0, word) != at { exit 1 }' <<<"$1"
}

engine start web -- sleep 100000 >/dev/null
check "engine ps aligns its columns for a long and a short name" \
	aligned "$(engine ps)" STATE running
check "purserctl list aligns its columns for a long and a short name" \
	aligned "$(purserctl list)" STATE running
check_match "events have the name" "$(purserctl events)" " registered +$pattern "
check "ps agrees with the kernel" same_as_kernel

# The next supervisor, and another container with the same name.
die
start_supervisor || ktap_bail "cannot start a supervisor"
check "the next supervisor adopts the container" value_is "$name" /state running
check_eq "stop prints the whole name" "$(engine stop "$name" --signal KILL)" \
	"$name: stopped, signal SIGKILL"
check "the cgroup is removed" test ! -e "$cgroup"
check "the name can be used again" engine run "$name" -- true
check "the log of the earlier container is kept with a number" \
	test -e "$LOG_DIR/$name.log.1"
check "a name that is the first 64 characters is another name" \
	engine run "$short" -- sh -c "[ \$(hostname) = $short ]"

too_long="container id \"${name::80}...\": longer than 127 characters"
refused "a name of 128 characters" 2 "start: $too_long" engine start "${name}x"
check_eq "the supervisor printed no complaint" \
	"$(grep -v 'ready' "$SUPERVISOR_LOG")" ""

ktap_end
