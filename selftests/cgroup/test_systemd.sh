#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Scopes of systemd for OCI containers. The test starts a systemd of its own as the init
# of a PID namespace, with its own mounts and its own root of cgroups.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/../lib/systemd.sh"

controllers=$(<"$root"/cgroup.controllers)

scope() {
	inside "$PURSER_TEST_BIN/scope" "$@"
}

property() {	# property UNIT NAME
	inside systemctl show --value -p "$2" "$1"
}

unit=docker-abc.scope
folder=/sys/fs/cgroup/system.slice/$unit

# --- The life of a scope ---

out=$(scope make :docker:abc abc)
check_match "a scope is made" "$out" "^$folder $unit [0-9]+$"
pid=${out##* }
check_eq "it is active" "$(property $unit ActiveState)" active
check_eq "it is delegated" "$(property $unit Delegate)" yes
check_eq "only the process is in it" "$(inside cat $folder/cgroup.procs)" "$pid"
check_eq "it lists it" "$(scope run $folder $unit list)" "$pid"
check "it is frozen" scope run $folder $unit freeze
check_match "and says so" "$(inside cat $folder/cgroup.events)" "frozen 1"
check "it is thawed" scope run $folder $unit thaw
check_status "it is not made again" 1 scope make :docker:abc abc
check_match "since there is one" "$OUTPUT" "systemd cannot start $unit: .*already"
check "the process still lives" inside kill -0 "$pid"
check "it is removed" scope run $folder $unit remove
check "its cgroup is gone" inside test ! -e $folder
check_eq "systemd knows nothing of it" "$(property $unit LoadState)" not-found
check "removing it again is no error" scope run $folder $unit remove

# --- Slices, and what cannot be made ---

nested=/sys/fs/cgroup/a.slice/a-b.slice/x.scope
check_match "a slice in a slice" "$(scope make a-b.slice::x x)" "^$nested x.scope "
check "it is removed" scope run $nested x.scope remove
check_match "a name that has to be escaped" "$(scope make '' 'a+b')" \
	'^/sys/fs/cgroup/system.slice/purser-a\\x2bb.scope '
check "it is removed" scope run '/sys/fs/cgroup/system.slice/purser-a\x2bb.scope' \
	'purser-a\x2bb.scope' remove
check_status "a slice of another name is refused" 1 scope make nonsense:p:x x
check_match "by systemd" "$OUTPUT" "systemd cannot start p-x.scope: "
check_status "resources that cannot be set are refused" 1 scope make :p:y y no.max 1
check_eq "nothing is left of that" "$(property p-y.scope LoadState)" not-found

# --- A process that ends by itself ---

scope make :docker:end end >"$TEST_DIR/out"
inside kill -KILL "$(awk '{ print $3 }' "$TEST_DIR/out")"
is_unknown() {
	[ "$(property docker-end.scope LoadState)" = not-found ]
}
check "systemd forgets a scope whose process has ended" wait_for is_unknown
check "removing it is no error" \
	scope run ${folder/abc/end} docker-end.scope remove

# --- Resources ---

if [[ $controllers == *memory* && $controllers == *pids* && $controllers == *cpu* ]]; then
	scope make :docker:abc abc memory.max 67108864 pids.max 77 cpu.weight 39 \
		cpu.max "50000 100000" >/dev/null
	look() {
		inside cat $folder/memory.max $folder/pids.max $folder/cpu.weight \
			$folder/cpu.max
	}
	check_eq "the cgroup has the resources" "$(look)" $'67108864\n77\n39\n50000 100000'
	check_eq "systemd knows them" \
		"$(property $unit MemoryMax) $(property $unit TasksMax) $(property $unit CPUWeight)" \
		"67108864 77 39"
	check "systemd reloads" inside systemctl daemon-reload
	check_eq "the cgroup still has them" "$(look)" $'67108864\n77\n39\n50000 100000'
	check "they are changed" scope run $folder $unit update memory.max 33554432 \
		cpu.max "30000 100000"
	check_eq "in the cgroup" "$(look)" $'33554432\n77\n39\n30000 100000'
	check_eq "and in systemd" "$(property $unit MemoryMax)" 33554432
	check "systemd reloads" inside systemctl daemon-reload
	check_eq "the cgroup still has them" "$(look)" $'33554432\n77\n39\n30000 100000'
	check "it is removed" scope run $folder $unit remove
else
	ktap_skip "resources" "the controllers are those of cgroup v1"
fi

ktap_end
