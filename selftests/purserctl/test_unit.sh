#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Registration of a unit of systemd: its main process, or the one in its cgroup.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"
. "$(dirname "$0")/../lib/systemd.sh"

require_module

# service NAME LINE... - start a service whose section has these lines
service() {
	local name=$1

	shift
	printf '%s\n' '[Unit]' DefaultDependencies=no '[Service]' "$@" | inside tee "/run/units/$name.service" >/dev/null
	inside systemctl start "$name.service"
}

main_pid() { inside systemctl show --value -p MainPID "$1"; }

# The PIDs of systemd are those of its namespace; those of the table are of the host.
host_pid() {
	local pid

	for pid in $(pgrep -f "$1"); do
		[ "$(awk '/^NSpid:/ { print $NF }' "/proc/$pid/status")" != "$2" ] || echo "$pid"
	done
}

check "a service starts" service web 'ExecStart=/bin/sh -c "sleep 1001 & exec sleep 1002"'
main=$(main_pid web.service)
check_match "its unit is registered" \
	"$(inside purserctl register web --unit web.service --hard-mib 512)" '^[0-9]+$'
check_eq "the container has its main process" "$(value web /pid)" "$(host_pid 'sleep 1002' "$main")"
check_eq "and the other one" "$(value web /processes)" 2
check "it ends with the service" inside systemctl stop web
check "its end is recorded" wait_for has web /state exited

check "a service without a main process starts" service tool Type=oneshot RemainAfterExit=yes \
	KillMode=none 'ExecStart=/bin/sh -c "setsid sleep 1003 & :"'
check_eq "systemd names no main process" "$(main_pid tool.service)" 0
check "a name without .service is one" inside purserctl register tool --unit tool
check_eq "the container has the process in its cgroup" "$(value tool /pid)" \
	"$(pgrep -f 'sleep 1003')"

refused "a unit that has ended is refused" 1 \
	'cannot register "x": web.service has no process: systemd does not run it' \
	inside purserctl register x --unit web.service
refused "so is one that is not there" 1 \
	'cannot register "x": nothing has no process: systemd does not run it' \
	inside purserctl register x --unit nothing
refused "a name that no unit can have is refused" 1 \
	'cannot register "x": systemd cannot find a/b.service: Unit name a/b.service is not valid.' \
	inside purserctl register x --unit a/b

for name in web tool; do
	purserctl unregister "$name"
done
ktap_end
