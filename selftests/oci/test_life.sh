#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The life of a container by purser-oci: created, running, stopped, deleted. The status
# comes from the kernel's table, and the record says how each one ended.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

# --- create, start, the end, delete ---

bundle one sh -c 'echo out; echo err >&2; exit 7'
check "create makes a container" create one --pid-file "$TEST_DIR/pid"
check_eq "its status is created" "$(status one)" created
check_eq "the kernel has registered it and it has not started" \
	"$(record one /state)" starting
check_eq "the PID file has the PID of the kernel's record" \
	"$(<"$TEST_DIR/pid")" "$(record one /pid)"
check_eq "state prints that PID" "$(oci state one | "$JSON" /pid)" "$(record one /pid)"
check_eq "state prints the bundle" "$(oci state one | "$JSON" /bundle)" "$BUNDLE"
check_eq "no process of purser-oci runs but the container" "$(pgrep -x purser-oci)" "$(record one /pid)"
check_eq "it has written nothing yet" "$(<"$OUT")" ""
check_eq "its label is the hostname" "$(record one /label)" box
check_match "purserctl list shows it" "$(purserctl list)" $' LABEL\n.* one .* box$'
check "start lets it run" oci start one
check "it ends" wait_for is stopped one
check_eq "stdout and stderr of create are those of the container" "$(<"$OUT")" $'out\nerr'
check_eq "the kernel's record says how it ended" \
	"$(record one /reason /exit_code)" "exited 7"
check_eq "state prints no PID of a stopped container" "$(oci state one | "$JSON" /pid)" 0
check_status "it cannot be started again" 1 oci start one
check_match "and the message says why" "$OUTPUT" 'cannot start container "one": it is stopped, not created'
check "delete removes it" oci delete one
check "nothing of it is left" leaves_nothing one
check_eq "but the kernel's record is kept" "$(record one /reason)" exited
check_status "state does not find it" 1 oci state one
check_match "and says so in the words that callers look for" "$OUTPUT" 'does not exist'
check "delete --force of a missing container is no error" oci delete --force one
check_status "delete of a missing container is one" 1 oci delete one

bundle no-program /etc
check_status "a command that is no program fails at create" 126 create no-program
check_match "in the words that callers look for" "$(<"$OUT")" 'permission denied'
check "nothing of it is left" leaves_nothing no-program

# --- ids are unique ---

check "an id can be used again" start one sleep 100000
check_status "two containers cannot have one id" 1 create one
check_match "the message names the folder" "$(<"$OUT")" "already exists on this machine: .* belongs to $OCI_ROOT/one"
bundle other sleep 100000
check_status "nor if their state folders lie elsewhere" 1 \
	purser-oci --root "$TEST_DIR/elsewhere" create --bundle "$BUNDLE" one
check_match "the message says who has the id" "$OUTPUT" \
	"already exists on this machine: its first process is $(record one /pid), and it belongs to $OCI_ROOT/one"
check "nothing is left of the second one" test ! -e "$TEST_DIR/elsewhere/one"

# --- kill ---

check_status "a container that runs cannot be deleted" 1 oci delete one
check_match "and the message says so" "$OUTPUT" 'not stopped: it is running'
check "kill sends SIGKILL" oci kill one KILL
check "the container ends" wait_for is stopped one
check_eq "the record says that its manager has ended it" \
	"$(record one /reason /signal)" "stopped 9"
check_status "kill of a stopped container fails" 1 oci kill one KILL
check_match "in the words that callers look for" "$OUTPUT" 'container not running'
check "delete" oci delete one

check "a container with a handler starts" start two \
	sh -c 'trap "exit 3" TERM; echo ready; while :; do sleep 1; done'
check "it is ready" wait_for grep -q ready "$OUT"
check "kill takes the number of a signal" oci kill two 15
check "its handler runs" wait_for is stopped two
check_eq "its exit status is recorded, and that its manager asked for the end" \
	"$(record two /reason /exit_code)" "stopped 3"
check "delete" oci delete two

# reload - a container that lives on after SIGHUP and SIGTERM, and says so
reload='trap "echo hup" HUP; trap "echo term" TERM; echo ready; while :; do sleep 1; done'
check "a container with handlers starts" start reload sh -c "$reload"
check "it is ready" wait_for grep -q ready "$OUT"
check "kill sends SIGHUP" oci kill reload HUP
check "its handler runs" wait_for grep -q hup "$OUT"
check_eq "that is no stop" "$(record reload /state)" running
check "kill sends SIGTERM" oci kill reload TERM
check "its handler runs" wait_for grep -q term "$OUT"
check_eq "that is one" "$(record reload /state)" stopping
check "kill sends SIGTERM again" oci kill reload SIGTERM
check "and it arrives" wait_for eval '[ "$(grep -c term "$OUT")" = 2 ]'
check_eq "the status is running all the same" "$(status reload)" running
check "delete" oci delete --force reload

check "a container without a handler starts" start deaf sleep 100000
check "SIGTERM has no effect on it" oci kill deaf TERM
check_eq "it is not killed instead" "$(status deaf)" running
check "delete" oci delete --force deaf
echo 'stop.no_handler = kill' >"$TEST_DIR/oci.conf"
check "a container without a handler starts" start deaf sleep 100000
check "with stop.no_handler = kill" \
	env PURSER_OCI_CONF="$TEST_DIR/oci.conf" purser-oci --root "$OCI_ROOT" kill deaf TERM
check "it is killed at once" wait_for is stopped deaf
check_eq "the record says why" "$(record deaf /reason /no_handler)" "stopped true"
check "delete" oci delete deaf

check "a container starts" start three sleep 100000
kill -KILL "$(record three /pid)"
check "a stranger kills it" wait_for is stopped three
check_eq "the record says who" "$(record three /reason /signal /killer/pid)" \
	"killed 9 $$"
check "delete --force removes a stopped container" oci delete --force three

check "a container starts" start four sleep 100000
check "delete --force ends a container that runs" oci delete --force four
check "nothing of it is left" leaves_nothing four
check_eq "the record says that its manager has ended it" "$(record four /reason)" stopped

bundle five true
check "a container is created" create five
check "delete ends a container that waits to be started" oci delete five
check "nothing of it is left" leaves_nothing five

# --- Much of something ---

# A state that is larger than any buffer that one might think of.
printf '"annotations":{"long":"%s"},' "$(head -c 3000000 /dev/zero | tr '\0' x)" >"$TEST_DIR/long"
bundle long sleep 100000
sed -i "1r $TEST_DIR/long" "$BUNDLE/config.json"
check "a container with an annotation of 3 MB starts" eval 'create long && oci start long'
check_eq "it runs" "$(status long)" running
check_eq "state prints the annotation" "$(oci state long | "$JSON" /annotations/long | wc -c)" 3000001
check "delete" oci delete --force long
check "nothing of it is left" leaves_nothing long

many='i=0; while [ $i -lt 300 ]; do sleep 100000 & i=$((i + 1)); done; echo ready; wait; sleep 100000'
check "a container with 300 processes starts" start many sh -c "$many"
check "they run" wait_for grep -q ready "$OUT"
check "kill --all needs few descriptors" \
	eval '(ulimit -n 200 && oci kill --all many USR1)'
check "all get the signal" wait_for eval '[ "$(record many /processes)" -le 2 ]'
check "delete" oci delete --force many

# --- pause, ps, list ---

check "a container starts" start six sh -c 'sleep 100000 & exec sleep 100000'
check "it has two processes" wait_for test "$(oci ps --format json six | tr , '\n' | grep -c .)" = 2
check_match "ps prints PIDs as JSON" "$(oci ps --format json six)" "^\[$(record six /pid),[0-9]+\]$"
check "pause" oci pause six
check_eq "it is paused" "$(status six)" paused
check_status "it cannot be paused twice" 1 oci pause six
check "resume" oci resume six
check_eq "it is running" "$(status six)" running
check_eq "list prints the states of all containers as an array" \
	"$(oci list --format json | "$JSON" /0/id /0/status)" "six running"
check_match "list prints a table" "$(oci list)" $'ID +PID +STATUS .*\nsix +[0-9]+ +running'
check_eq "list --quiet prints ids" "$(oci list --quiet)" six
check "delete --force" oci delete --force six
check_eq "an empty list is an empty array" "$(oci list --format json)" "[]"

# --- run ---

bundle seven sh -c 'echo hello; exit 5'
check_status "run returns the container's exit status" 5 oci run --bundle "$BUNDLE" seven
check_eq "and its output is ours" "$OUTPUT" hello
check "nothing of it is left" leaves_nothing seven
bundle eight sh -c 'kill -9 $$; exec sleep 100000'
bundle nine sh -c 'exec sleep 100000'
check "run --detach does not wait" oci run --detach --bundle "$BUNDLE" nine
check_eq "the container runs" "$(status nine)" running
check "delete --force" oci delete --force nine

ktap_end
