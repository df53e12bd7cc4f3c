#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs the unit tests of this folder where cgroup v2 has all controllers. On a host whose
# controllers are in cgroup v1 they skip what needs one.

. "$(dirname "$0")/../lib/kselftest.sh"

for controller in memory pids cpu cpuset io; do
	grep -qw $controller /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no $controller controller here"
done
# The tests use cgroups below the root without turning controllers on.
turned_on=()
for controller in $(</sys/fs/cgroup/cgroup.controllers); do
	grep -qw "$controller" /sys/fs/cgroup/cgroup.subtree_control && continue
	echo "+$controller" >/sys/fs/cgroup/cgroup.subtree_control || continue
	turned_on+=("-$controller")
done
turn_off() {
	echo "${turned_on[*]}" >/sys/fs/cgroup/cgroup.subtree_control
}
at_exit turn_off

for name in device_rules home home_limits resources stats; do
	_run "$PURSER_BUILD/tests/asan/cgroup/test_$name"
	check_eq "$name: exit status" "$_status" 0
	check_eq "$name: no point fails" \
		"$(grep -A 4 -E '^not ok|Sanitizer|^Bail' <<<"$OUTPUT")" ""
	ktap_diag "$name: $(grep -c '^ok' <<<"$OUTPUT") points"
done
check_eq "no cgroup is left" "$(ls -d /sys/fs/cgroup/purser-test* 2>/dev/null)" ""

ktap_end
