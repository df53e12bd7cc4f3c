#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The longest names that there are, and all characters in them: in the tables, the
# folders, the log files, and what the container sees of its own.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# A name of N characters that ends in TEXT.
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
check_match "start says the whole name" \
	"$(engine start "$name" -- sh -c "$look")" "^$pattern: started, pid [0-9]+\$"
check "it is in the supervisor's table" value_is "$name" /state running
check "and in the kernel's" purserctl show "$name"
check "its hostname is as much of it as the kernel takes" \
	wait_for log_has "$name" "name $short"
check "as its environment says" wait_for log_has "$name" "variable $short"
check "its log has the name" test -s "$LOG_DIR/$name.log"
check "its run folder, too" test -p "$RUN_DIR/containers/$name/stdout"
check "and its overlay" test -d "$STATE_DIR/$name"
[ ! -e /sys/fs/cgroup/purser ] || check "and its cgroup" test -d "$cgroup"

# aligned TABLE COLUMN WORD - WORD stands below COLUMN in each row
aligned() {
	awk -v title=" $2 " -v word=" $3 " 'NR == 1 { at = index($0, title) }
		NR > 1 && index($0, word) != at { exit 1 }' <<<"$1"
}

engine start web -- sleep 100000 >/dev/null
check "a row of it and a short one: engine ps has columns" \
	aligned "$(engine ps)" STATE running
check "purserctl list has them" aligned "$(purserctl list)" STATE running
check_match "its events have the name" "$(purserctl events)" " registered +$pattern "
check "both tables have the same" same_as_kernel

# The next one of the name, and the next supervisor.
die
start_supervisor || ktap_bail "no supervisor"
check "the next supervisor knows it" value_is "$name" /state running
check_eq "it stops" "$(engine stop "$name" --signal KILL)" \
	"$name: stopped, signal SIGKILL"
check "its cgroup is gone" test ! -e "$cgroup"
check "the name may be used again" engine run "$name" -- true
check "the log before has a number" test -e "$LOG_DIR/$name.log.1"
check "the older one of 64 characters is another" \
	engine run "$short" -- sh -c "[ \$(hostname) = $short ]"

too_long="container id \"${name::80}...\": longer than 127 characters"
refused "a name of 128 characters" 2 "start: $too_long" engine start "${name}x"
check_eq "the supervisor has no complaint" \
	"$(grep -v 'ready' "$SUPERVISOR_LOG")" ""

ktap_end
