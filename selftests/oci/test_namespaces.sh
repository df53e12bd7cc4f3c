#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Namespaces of a configuration: new ones, inherited ones, and those of another container,
# as in a pod.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

# ns PID KIND
ns() {
	readlink "/proc/$1/ns/$2"
}

check "a container starts" start first sleep 100000
FIRST=$(record first /pid)

# --- A pod: network, IPC and hostname are shared ---

NAMESPACES="{\"type\":\"pid\"},{\"type\":\"mount\"},{\"type\":\"cgroup\"},
	{\"type\":\"ipc\",\"path\":\"/proc/$FIRST/ns/ipc\"},
	{\"type\":\"uts\",\"path\":\"/proc/$FIRST/ns/uts\"},
	{\"type\":\"network\",\"path\":\"/proc/$FIRST/ns/net\"}"
bundle pod sleep 100000
sed -i 's/"hostname":"box",//' "$BUNDLE/config.json"
check "a container starts in namespaces of the first" eval 'create pod && oci start pod'
POD=$(record pod /pid)
for kind in ipc uts net; do
	check_eq "they share the $kind namespace" "$(ns "$POD" $kind)" "$(ns "$FIRST" $kind)"
done
for kind in pid mnt cgroup; do
	check "each has a $kind namespace" \
		test "$(ns "$POD" $kind)" != "$(ns "$FIRST" $kind)"
done
check_eq "exec is in the shared ones, too" \
	"$(oci exec pod readlink /proc/self/ns/net)" "$(ns "$FIRST" net)"
check "delete" oci delete --force pod

# --- The PIDs are shared ---

NAMESPACES="{\"type\":\"pid\",\"path\":\"/proc/$FIRST/ns/pid\"},{\"type\":\"mount\"},
	{\"type\":\"uts\"},{\"type\":\"ipc\"},{\"type\":\"network\"},{\"type\":\"cgroup\"}"
bundle second sh -c 'sleep 100000 & exec sleep 100000'
check "a container is created in the PID namespace of the first" create second
check_eq "its status is created" "$(status second)" created
check "it starts" oci start second
check_eq "its status is running" "$(status second)" running
SECOND=$(record second /pid)
check_eq "they share the PID namespace" "$(ns "$SECOND" pid)" "$(ns "$FIRST" pid)"
check "the second has two processes in the kernel's table" \
	wait_for eval '[ "$(record second /processes)" = 2 ]'
check_eq "the first has one" "$(record first /processes)" 1
check "exec runs a process in the second" eval 'oci exec --detach second sleep 4711 >/dev/null'
check_match "the first sees it" "$(oci exec first ps)" 'sleep 4711'
check "kill ends the second" oci kill second KILL
check "it is stopped" wait_for is stopped second
check_eq "the record says so" "$(record second /reason)" stopped
check "delete removes it, with what is left in its cgroup" oci delete second
check "nothing is left" leaves_nothing second
check_eq "the first lives on" "$(status first)" running

check "a second one starts again" eval 'bundle third sleep 100000 && create third && oci start third'
check "the first is killed" oci kill first KILL
check "both end, since the namespace does" eval 'wait_for is stopped first && wait_for is stopped third'
check "delete" eval 'oci delete first && oci delete third'

# --- The host's, and a user namespace ---

NAMESPACES='{"type":"mount"},{"type":"pid"},{"type":"ipc"}'
bundle host sleep 100000
sed -i 's/"hostname":"box",//' "$BUNDLE/config.json"
check "a container without network namespace starts" eval 'create host && oci start host'
check_eq "it is in the network of the caller" "$(ns "$(record host /pid)" net)" "$(ns self net)"
check "delete" oci delete --force host

NAMESPACES='{"type":"mount"},{"type":"pid"}'
bundle hostname sleep 100000
check_status "a hostname without a UTS namespace is refused" 1 create hostname
check_match "and the message names the field" "$(<"$OUT")" 'hostname'

if [ -e /proc/self/ns/user ]; then
	NAMESPACES='{"type":"pid"},{"type":"mount"},{"type":"uts"},{"type":"ipc"},{"type":"network"},{"type":"user"}'
	LINUX='"uidMappings":[{"containerID":0,"hostID":100000,"size":65536}],
		"gidMappings":[{"containerID":0,"hostID":100000,"size":65536}],'
	bundle user sh -c 'id -u; sleep 100000'
	check "a container in a user namespace starts" eval 'create user && oci start user'
	check "it runs" wait_for grep -q 0 "$OUT"
	check_eq "its root is nobody outside" \
		"$(stat -c %u "/proc/$(record user /pid)")" 100000
	check_eq "exec runs in it" "$(oci exec user cat /proc/self/uid_map | tr -s ' ')" " 0 100000 65536"
	check "delete" oci delete --force user
fi

ktap_end
