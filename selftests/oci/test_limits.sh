#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Limits of a configuration: those of the cgroup, and those of the module, which come from
# annotations, from memory.reservation and from the settings of the machine.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

MIB=$((1 << 20))
# limits ID - soft and hard limit of its record, in MiB
limits() {
	local soft hard

	read -r soft hard < <(record "$1" /soft_limit /hard_limit)
	echo $((soft / MIB)) $((hard / MIB))
}

# cgroup ID FILE - a file of the container's cgroup
cgroup() {
	cat "/sys/fs/cgroup$(sed -n 's/^0:://p' "/proc/$(record "$1" /pid)/cgroup")/$2"
}

RESOURCES='"memory":{"limit":104857600,"swap":104857600,"reservation":52428800},"pids":{"limit":50},
	"cpu":{"shares":512,"quota":50000,"period":100000}'
check "a container with limits starts" start one sleep 100000
check_eq "the cgroup has them" \
	"$(cgroup one memory.max; cgroup one memory.low; cgroup one pids.max; cgroup one cpu.max)" \
	$'104857600\n52428800\n50\n50000 100000'
check_eq "memory.reservation is the soft limit" "$(limits one)" "50 0"
echo '{"memory":{"limit":209715200,"reservation":0,"kernel":0},"cpu":{"shares":0,"quota":0,"period":0},"blockIO":{"weight":0}}' \
	>"$TEST_DIR/update.json"
check "update takes what docker sends" oci update --resources "$TEST_DIR/update.json" one
check_eq "the memory limit is new, and zeros have changed nothing" \
	"$(cgroup one memory.max; cgroup one cpu.max)" $'209715200\n50000 100000'
check_eq "nor has a reservation of zero" "$(limits one)" "50 0"
check "update reads stdin" eval 'echo "{\"pids\":{\"limit\":20}}" | oci update --resources - one'
check_eq "the number of processes is new" "$(cgroup one pids.max)" 20
check "update changes the reservation" eval 'echo "{\"memory\":{\"reservation\":31457280}}" | oci update -r - one'
check_eq "the soft limit follows" "$(cgroup one memory.low) $(limits one)" "31457280 30 0"
check "delete" oci delete --force one

TOP='"annotations":{"io.purser.soft-limit":"20971520","io.purser.hard-limit":"75%"},'
check "a container with annotations starts" start two \
	memory_hog 90 86400000
check_eq "they win over memory.reservation; 75% is of the memory limit" "$(limits two)" "20 75"
check "the hard limit ends it" wait_for is stopped two
check_eq "the record says so" "$(record two /reason /signal)" "hard_limit_killed 9"
check "delete" oci delete two
TOP=

cat >"$TEST_DIR/oci.conf" <<-EOF
	# limits of containers that say nothing
	soft_limit = 50%
	hard_limit = 80%
EOF
export PURSER_OCI_CONF=$TEST_DIR/oci.conf
RESOURCES='"memory":{"limit":104857600}'
check "a container without annotations starts" start three sleep 100000
check_eq "its limits are the settings of the machine" "$(limits three)" "50 80"
check "update changes the memory limit" eval 'echo "{\"memory\":{\"limit\":209715200}}" | oci update -r - three'
check_eq "percentages follow" "$(limits three)" "100 160"
check "delete" oci delete --force three
RESOURCES=
check "a container without a memory limit starts" start four sleep 100000
check_eq "a percentage of nothing is no limit" "$(limits four)" "0 0"
check "delete" oci delete --force four

echo 'hard_limit = much' >"$PURSER_OCI_CONF"
bundle five true
check_status "a wrong setting refuses the start" 1 create five
check_match "and names file, line and value" "$(<"$OUT")" \
	"$PURSER_OCI_CONF, line 1: \"much\" is no value for hard_limit"
unset PURSER_OCI_CONF
TOP='"annotations":{"io.purser.hard-limit":"lots"},'
bundle six true
check_status "a wrong annotation refuses the start" 1 create six
check_match "and is named" "$(<"$OUT")" 'the annotation io.purser.hard-limit is "lots"'
check "nothing is left of it" leaves_nothing six

ktap_end
