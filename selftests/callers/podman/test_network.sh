#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# podman's network, pods, volumes and users with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../podman/podman.sh"

require_podman

steps() {
	local p=p-$RUNTIME id

	fact "the default network" \
		"$(outcome pod run --rm bb sh -c 'ip -o -4 addr show eth0 | grep -c 10.88')" 1
	fact "--network host" "$(outcome pod run --rm --network host bb hostname)" '.+'
	fact "-v" "$(outcome pod run --rm --network none -v "$TEST_DIR:/t:ro" bb ls /t/image.tar)" \
		/t/image.tar
	fact "--read-only" "$(outcome pod run --rm --network none --read-only bb touch /x)" \
		'.*Read-only file system.*\[1\]'
	fact "--tmpfs" "$(outcome pod run --rm --network none --tmpfs /mnt:size=1m bb \
		grep -c ' /mnt tmpfs ' /proc/mounts)" 1
	fact "--init" "$(outcome pod run --rm --network none --init bb cat /proc/1/comm)" 'catatonit|podman-init'
	fact "--user" "$(outcome pod run --rm --network none --user 5:6 bb id)" 'uid=5.* gid=6.*'
	fact "--cap-drop" \
		"$(outcome pod run --rm --network none --cap-drop all bb grep CapEff /proc/self/status)" \
		'CapEff:.0000000000000000'
	fact "--privileged" \
		"$(outcome pod run --rm --network none --privileged bb ls -d /dev/kmsg)" /dev/kmsg
	fact "--device" \
		"$(outcome pod run --rm --network none --device /dev/kmsg bb ls /dev/kmsg)" /dev/kmsg
	fact "--sysctl" "$(outcome pod run --rm --network none --sysctl kernel.msgmax=9000 bb \
		cat /proc/sys/kernel/msgmax)" 9000
	fact "--uidmap" "$(outcome pod run --rm --network none --uidmap 0:100000:1000 bb \
		cat /proc/self/uid_map)" ' *0 +100000 +1000'

	fact "pod create" "$(outcome pod pod create --name "$p" --network none --infra-image bb \
		--infra-command 'sleep 1000')" '[0-9a-f]{64}'
	id=$(outcome pod run -d --pod "$p" bb sleep 1000)
	fact "run --pod" "$id" '[0-9a-f]{64}'
	fact "a pod shares its network" "$(outcome pod exec "$id" ip -o link | grep -c .)" '1|2'
	record "a container of a pod is in the table" "$id" running /state
	fact "pod stop" "$(outcome pod pod stop --time 0 "$p")" '[0-9a-f]{64}'
	fact "pod rm" "$(outcome pod pod rm "$p")" '[0-9a-f]{64}'
}

in_columns steps
ktap_end
