#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# YNL, the kernel's own client for families with a specification (tools/net/ynl), works
# with this family. It knows the family only by the specification.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$(realpath "$(dirname "$0")")
spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml
source=$PURSER_BUILD/ynl/linux-source-6.12
JSON=$PURSER_BUILD/tests/bin/purserctl/json

[ -d "$source" ] || ktap_skip_all \
	"the kernel's client is missing: selftests/vm/ynl fetches it"
require_module
export PYTHONPATH=$source/tools/net/ynl PYTHONDONTWRITEBYTECODE=1
client=("$PYTHONPATH/cli.py" --spec "$spec" --output-json)

check "the kernel's schema accepts the specification" \
	python3 "${client[@]}" \
	--schema "$source/Documentation/netlink/genetlink.yaml" --list-ops
check_eq "YNL lists the seven commands" "$(cut -d ' ' -f 1 <<<"$OUTPUT" | xargs)" \
	"register unregister get set stop event-get info"

end_process() {
	kill -KILL "$1" 2>/dev/null || true
	wait "$1" 2>/dev/null || true
}

# ynl do|dump COMMAND JSON - send a request with YNL; set ANSWER to its answer
mkfifo "$TEST_DIR/requests" "$TEST_DIR/answers"
python3 "$here/ynl.py" "$spec" <"$TEST_DIR/requests" >"$TEST_DIR/answers" &
server=$!
at_exit end_process "$server"
exec {requests}>"$TEST_DIR/requests" {answers}<"$TEST_DIR/answers"
ynl() {
	ANSWER=
	echo "$1 $2 $3" >&"$requests"
	read -r -t "$WAIT_CAP" -u "$answers" ANSWER
}

# answers POINT WANT POINTER... - the values in ANSWER are WANT
answers() {
	check_eq "$1" "$("$JSON" "${@:3}" <<<"$ANSWER" 2>&1)" "$2"
}

# --- One container ---

sleep 1000 &
init=$!
at_exit end_process "$init"

ynl "do" register '{ "name": "web", "pid": '$init', "soft-limit": 1073741824, "cookie": "c0ffee" }'
answers "YNL registers a container" 1 /id
ynl "do" get '{ "name": "web" }'
answers "YNL gets the record" "1 $init running none 1073741824 0 c0ffee" \
	/id /pid /state /reason /soft-limit /hard-limit /cookie
ynl "do" register '{ "name": "web", "pid": '$$' }'
check_match "YNL reports the errno of a refusal" "$ANSWER" \
	'^Netlink error: File exists '
check_match "YNL reports the message of a refusal" \
	"$ANSWER" "a live container has this name already"
check_match "YNL reports the attribute at fault" "$ANSWER" "'bad-attr': '.name'"
ynl "do" set '{ "id": 1, "hard-limit": 2147483648 }'
answers "YNL sets a limit" null
ynl "do" info '{}'
answers "YNL gets the counters" "1 1 2 $(uname -r)" /live /members /events /kernel-version
answers "YNL gets the number of ends for each reason" "5 exited 0 oom-killed" \
	'/end?length' /end/0/reason /end/0/count /end/4/reason
check_match "the example in Python prints containers and ends" \
	"$(python3 "$PURSER_ROOT/Documentation/examples/containers.py" "$spec")" \
	$'^web running [0-9]+\nended, exited: 0\n'
ynl "do" stop '{ "pid": '$init', "stop-signal": 15, "grace-ms": 60000 }'
answers "YNL stops the container" null
wait "$init"
ended() {
	[[ $(purserctl show web --json) == *'"state":"exited"'* ]]
}
check "the container ends" wait_for ended
ynl dump get '{}'
answers "YNL dumps the records" "1 web exited stopped 15 2147483648" \
	'?length' /0/name /0/state /0/reason /0/signal /0/hard-limit
ynl dump get '{ "state": "running" }'
answers "YNL dumps the records of one state" "[]"

# --- The event log ---

ynl dump event-get '{ "seq": 0 }'
answers "YNL dumps the events" \
	"4 1 registered limits-changed stop-requested 4 exited web python3" \
	'?length' /0/seq /0/type /1/type /2/type /3/seq /3/type \
	/3/container/name /3/container/killer/comm
ynl dump event-get '{ "seq": 3 }'
answers "YNL dumps the events after a number" "1 4 exited" '?length' /0/seq /0/type
ynl "do" unregister '{ "id": 1 }'
answers "YNL unregisters the container" null
ynl "do" get '{ "id": 1 }'
check_match "YNL does not find the container after that" \
	"$ANSWER" '^Netlink error: No such file or directory '
exec {requests}>&-
check "YNL understood all answers" wait "$server"

# --- Notifications ---

# listen FIFO - listen to events with YNL. The client sleeps for a number of seconds and
# then prints the events. Here it sleeps until the other end of the FIFO is closed.
listen() {
	python3 -c '
import runpy, sys, time
fifo = sys.argv[1]
time.sleep = lambda seconds: open(fifo).read()
del sys.argv[:2]
runpy.run_path(sys.argv[0], run_name="__main__")
' "$1" "${client[@]}" --no-schema --subscribe events --sleep 1
}

mkfifo "$TEST_DIR/asleep"
listen "$TEST_DIR/asleep" >"$TEST_DIR/heard" 2>&1 &
listener=$!
at_exit end_process "$listener"
purserctl monitor --since 0 --json >"$TEST_DIR/monitor" &
monitor=$!
at_exit end_process "$monitor"
# told TEXT - the other listener, purserctl, has got that event. The kernel sends an event
# to all listeners before the next one.
told() {
	[[ $(<"$TEST_DIR/monitor") == *'"event":"unregistered"'*"$1"* ]]
}
check "another listener gets the events" wait_for told '"name":"web"'

sleep 1000 &
init=$!
at_exit end_process "$init"
exec {asleep}>"$TEST_DIR/asleep"
check "a container is registered" purserctl register heard "$init"
check "its limits are changed" purserctl set heard --soft-mib 4096
check "it is unregistered" purserctl unregister heard
check "the other listener gets the last event" wait_for told '"name":"heard"'
exec {asleep}>&-
check "YNL ends after listening" wait "$listener"
ANSWER=$(<"$TEST_DIR/heard")
answers "YNL gets the events" \
	"event 6 registered heard event limits-changed 4294967296" \
	/0/name /0/msg/seq /0/msg/type /0/msg/container/name \
	/1/name /1/msg/type /1/msg/container/soft-limit

check_eq "the table is empty" "$(purserctl list --json)" "[]"
ktap_end
