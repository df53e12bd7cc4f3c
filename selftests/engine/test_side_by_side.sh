#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Containers side by side: each with its own name, processes, root and options,
# and all of them in "engine ps" as in the kernel's table.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# What a container sees of itself, and then nothing but waiting.
# shellcheck disable=SC2016
look='echo "name $(hostname)"; echo "pid $$"; ls /proc | grep -c "^[0-9]"
	echo "mark $(cat /mark 2>/dev/null)"; echo "$0 was here" >/mark
	echo "env $container $HOME $HOSTNAME $FOO"; pwd
	echo "nice $(nice)"; grep Cpus_allowed_list /proc/self/status
	echo oops >&2; echo "done"; exec sleep 1000'

make_busybox_root "$TEST_DIR/root" || ktap_bail "no root"
echo own >"$TEST_DIR/root/mark"

check_match "start says what it did" \
	"$(engine start alpha -- sh -c "$look" alpha)" \
	'^alpha: started, pid [1-9][0-9]*$'
check "start with options, some behind the command" \
	engine start beta --nice 5 -- sh -c "$look" beta
check "start in a root of its own" \
	engine start gamma "$TEST_DIR/root" sh -c "$look" gamma \
	--env FOO=bar --cwd=/tmp --cpus 0 --soft-mib 8 --hard-mib=16 --net host
for id in alpha beta gamma; do
	wait_for log_has "$id" "done" || ktap_diag "$(engine logs "$id")"
	check "$id has its own hostname" log_has "$id" "name $id"
	check "$id is process 1 of its own" log_has "$id" "pid 1"
	check "$id: stderr is in the log" log_has "$id" oops
done
check "what a container wrote is not in the base" \
	test ! -e "$PURSER_ROOTFS/mark"
check "nor seen by another" log_has beta "mark "
check "one in its own root sees that" log_has gamma "mark own"
check_eq "and writes there" "$(<"$TEST_DIR/root/mark")" "gamma was here"
check "the environment" log_has alpha "env purser /root alpha "
check "with what is given" log_has gamma "env purser /root gamma bar"
check "the working directory" log_has alpha /
check "the one that is given" log_has gamma /tmp
check "the nice value" log_has beta "nice 5"
check "the CPUs" log_has gamma "Cpus_allowed_list:	0"
check "the network is its own" test \
	"$(readlink "/proc/$(value alpha /pid)/ns/net")" != \
	"$(readlink /proc/self/ns/net)"
check_eq "or the host's" "$(readlink "/proc/$(value gamma /pid)/ns/net")" \
	"$(readlink /proc/self/ns/net)"

check_eq "the row of one" \
	"$(value gamma /name /state /reason /exit_code /soft_limit /hard_limit)" \
	"gamma running none null 8388608 16777216"
check_eq "and what the supervisor adds" \
	"$(value gamma /command/0 /command/3 /rootfs /log)" \
	"sh gamma $TEST_DIR/root $LOG_DIR/gamma.log"
check_eq "limits that were not given" \
	"$(value alpha /soft_limit /hard_limit /rootfs)" \
	"41943040 67108864 $PURSER_ROOTFS"
check "ps has the kernel's rows" same_as_kernel
check_eq "no log has trouble" "$(value alpha /log_error)" null
check_match "ps as a table" "$(engine ps)" \
	$'^ID +PID +STATE .*COMMAND\nalpha +[0-9]+ +running +- .*\nbeta .*\ngamma .*$'

# A container of somebody else is in the kernel's table alone.
sleep 1000 &
at_exit kill $!
purserctl register stranger $! >/dev/null
check_no_match "a stranger is not in ps" "$(engine ps)" stranger
check_match "it is in the kernel's table" "$(purserctl list)" stranger
refused "nor can it be stopped" 1 'no container "stranger"' \
	engine stop stranger
refused "and its name is taken" 1 \
	"container \"stranger\" is still running as pid $!, and not this supervisor's" \
	engine start stranger
purserctl unregister stranger

# Words of any bytes.
engine start odd -- sleep $'1\xff' >/dev/null
wait_for value_is odd /state exited
check_eq "a word that is not UTF-8 shows in JSON" \
	"$(value odd /command/1)" $'1\xef\xbf\xbd'

ktap_end
