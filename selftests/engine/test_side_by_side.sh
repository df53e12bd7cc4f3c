#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Several containers run at once. Each has its own name, processes, root and options, and
# "engine ps" shows all of them as the kernel's table does.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# The command of the containers: it prints what it sees, and sleeps.
# shellcheck disable=SC2016
look='echo "name $(hostname)"; echo "pid $$"; ls /proc | grep -c "^[0-9]"
	echo "mark $(cat /mark 2>/dev/null)"; echo "$0 was here" >/mark
	echo "env $container $HOME $HOSTNAME $FOO"; pwd
	echo "nice $(nice)"; grep Cpus_allowed_list /proc/self/status
	echo oops >&2; echo "done"; exec sleep 1000'

make_busybox_root "$TEST_DIR/root" || ktap_bail "cannot make a root"
echo own >"$TEST_DIR/root/mark"

check_match "start prints the id and the pid" \
	"$(engine start alpha -- sh -c "$look" alpha)" \
	'^alpha: started, pid [1-9][0-9]*$'
check "start takes an option before the command" \
	engine start beta --nice 5 -- sh -c "$look" beta
check "start takes a root, and options after the command" \
	engine start gamma "$TEST_DIR/root" sh -c "$look" gamma \
	--env FOO=bar --cwd=/tmp --cpus 0 --soft-mib 8 --hard-mib=16 --net host
for id in alpha beta gamma; do
	wait_for log_has "$id" "done" || ktap_diag "$(engine logs "$id")"
	check "the hostname of $id is its id" log_has "$id" "name $id"
	check "the command of $id is process 1" log_has "$id" "pid 1"
	check "the log of $id has stderr" log_has "$id" oops
done
check "a file that a container writes into its overlay is not in the base" \
	test ! -e "$PURSER_ROOTFS/mark"
check "another container does not see that file" log_has beta "mark "
check "a container sees the files of the root that it was given" log_has gamma "mark own"
check_eq "a container writes into the root that it was given" \
	"$(<"$TEST_DIR/root/mark")" "gamma was here"
check "a container has the default environment" log_has alpha "env purser /root alpha "
check "--env adds to the environment" log_has gamma "env purser /root gamma bar"
check "the working directory is / by default" log_has alpha /
check "--cwd sets the working directory" log_has gamma /tmp
check "--nice sets the nice value" log_has beta "nice 5"
check "--cpus sets the CPUs" log_has gamma "Cpus_allowed_list:	0"
check "a container has its own network namespace" test \
	"$(readlink "/proc/$(value alpha /pid)/ns/net")" != \
	"$(readlink /proc/self/ns/net)"
check_eq "--net host gives a container the host's network namespace" \
	"$(readlink "/proc/$(value gamma /pid)/ns/net")" \
	"$(readlink /proc/self/ns/net)"

check_eq "ps --json shows the kernel's record of a container" \
	"$(value gamma /name /state /reason /exit_code /soft_limit /hard_limit)" \
	"gamma running none null 8388608 16777216"
check_eq "ps --json shows the command, the root and the log" \
	"$(value gamma /command/0 /command/3 /rootfs /log)" \
	"sh gamma $TEST_DIR/root $LOG_DIR/gamma.log"
check_eq "the default limits are 40 and 64 MiB, the default root is the base" \
	"$(value alpha /soft_limit /hard_limit /rootfs)" \
	"41943040 67108864 $PURSER_ROOTFS"
check "ps agrees with the kernel" same_as_kernel
check_eq "ps --json shows no error of the log" "$(value alpha /log_error)" null
check_match "ps prints a table" "$(engine ps)" \
	$'^ID +PID +STATE .*COMMAND\nalpha +[0-9]+ +running +- .*\nbeta .*\ngamma .*$'

# A container that another program has registered is in the kernel's table only.
sleep 1000 &
at_exit kill $!
purserctl register stranger $! >/dev/null
check_no_match "ps does not show another program's container" "$(engine ps)" stranger
check_match "the kernel's table shows another program's container" \
	"$(purserctl list)" stranger
refused "stop does not stop another program's container" 1 'no container "stranger"' \
	engine stop stranger
refused "the name of another program's container is taken" 1 \
	"container \"stranger\" is still running as pid $!, and not this supervisor's" \
	engine start stranger
purserctl unregister stranger

# An argument that is not UTF-8.
engine start odd -- sleep $'1\xff' >/dev/null
wait_for has_ended odd
check_eq "ps --json shows a replacement for bytes that are not UTF-8" \
	"$(value odd /command/1)" $'1\xef\xbf\xbd'

ktap_end
