#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# exec: one more process in a container, with its namespaces, its cgroup and its limits.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

check "a container starts" start box sleep 100000
INIT=$(record box /pid)

look='hostname; for n in pid mnt uts ipc cgroup net; do readlink /proc/self/ns/$n; done; cat /proc/self/cgroup'
check "exec runs a command" oci exec box sh -c "$look"
want=$(echo box; for n in pid mnt uts ipc cgroup net; do readlink "/proc/$INIT/ns/$n"; done; echo 0::/)
check_eq "it is in the container's namespaces and cgroup" "$OUTPUT" "$want"
check_eq "its capabilities are the container's" \
	"$(oci exec box grep Cap /proc/self/status)" \
	"$(grep Cap "/proc/$INIT/status")"
check_match "it cannot gain privileges" "$(oci exec box grep NoNewPrivs /proc/self/status)" $'\t1'
check_status "its exit status is exec's" 9 oci exec box sh -c 'exit 9'
check_status "a signal shows as 128 and its number" 137 oci exec box sh -c 'kill -9 $$'
check_eq "options of the command are its own" "$(oci exec box echo --user -x -- a)" "--user -x -- a"
check_eq "--cwd, --env and --user" \
	"$(oci exec --cwd /tmp --env A=1 --env HOME=/x --user 5:6 box sh -c 'pwd; echo $A $HOME; id -u; id -g')" \
	$'/tmp\n1 /x\n5\n6'
check_status "a command that is not there ends with 127" 127 oci exec box nothing-like-it
check_match "in the words that callers look for" "$OUTPUT" 'executable file not found in'
check_status "a file that cannot be executed ends with 126" 126 oci exec box /etc/passwd
check_match "in the words that callers look for" "$OUTPUT" '[Pp]ermission denied'

# --- A process as JSON ---

cat >"$TEST_DIR/process.json" <<-EOF
	{"args":["sh","-c","id -u; echo \$X; sleep 100000"],"cwd":"/tmp","env":["PATH=/bin","X=y"],
	"user":{"uid":7,"gid":8},"noNewPrivileges":true}
EOF
check "exec --process --detach returns at once" \
	oci exec --process "$TEST_DIR/process.json" --detach --pid-file "$TEST_DIR/pid" box
PID=$(<"$TEST_DIR/pid")
check "the process runs" test -d "/proc/$PID"
check_eq "the kernel counts it as a member" "$(record box /processes)" 2
check_eq "ps shows both" "$(oci ps box | sort -n)" \
	"$(printf '%s\n' PID "$INIT" "$PID" | sort -n)"
check "pause" oci pause box
check_status "exec into a paused container is refused" 1 oci exec box true
check_match "and the message says why" "$OUTPUT" 'is paused'
check "resume" oci resume box
check "kill" oci kill box KILL
check "the process ends with the container" wait_for is_gone "$PID"
check "the container is stopped" wait_for is stopped box
check_status "exec into a stopped container is refused" 1 oci exec box true
check_match "in the words that callers look for" "$OUTPUT" 'container not running'
check "delete" oci delete box

ktap_end
