#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The kernel's own client for families that have a specification (tools/net/ynl)
# uses this one. All that it knows of the family is the specification.

. "$(dirname "$0")/../lib/kselftest.sh"

spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml
source=$PURSER_BUILD/ynl/linux-source-6.12
JSON=$PURSER_BUILD/tests/bin/purserctl/json

[ -d "$source" ] || ktap_skip_all \
	"the kernel's client is not there: selftests/vm/ynl fetches it"
require_module
export PYTHONPATH=$source/tools/net/ynl PYTHONDONTWRITEBYTECODE=1
client=("$PYTHONPATH/cli.py" --spec "$spec" --output-json)

# ynl OPTION... - without looking whether the specification is one
ynl() {
	python3 "${client[@]}" --no-schema "$@"
}

# about COMMAND ATTRIBUTES - a request that is answered once
about() {
	ynl --do "$1" --json "$2"
}

check "the specification is valid by the kernel's schema" \
	python3 "${client[@]}" \
	--schema "$source/Documentation/netlink/genetlink.yaml" --list-ops
check_eq "it has these commands" "$(cut -d ' ' -f 1 <<<"$OUTPUT" | xargs)" \
	"register unregister get set stop event-get info"

# --- One container ---

sleep 1000 &
init=$!
at_exit kill -KILL "$init"

check_eq "register" \
	"$(about register '{ "name": "web", "pid": '$init', "soft-limit": 1073741824,
		"cookie": "c0ffee" }' | "$JSON" /id)" 1
check_eq "get" "$(about get '{ "name": "web" }' |
	"$JSON" /id /pid /state /reason /soft-limit /hard-limit /cookie)" \
	"1 $init running none 1073741824 0 c0ffee"
check_status "a name that is taken" 1 \
	about register '{ "name": "web", "pid": '$$' }'
check_match "why" "$OUTPUT" "a live container has this name already"
check_match "which attribute is at fault" "$OUTPUT" "'bad-attr': '.name'"
check_eq "set" "$(about set '{ "id": 1, "hard-limit": 2147483648 }')" null
check_eq "info" "$(about info '{}' |
	"$JSON" /live /members /events /kernel-version)" "1 1 2 $(uname -r)"
check_eq "stop" \
	"$(about stop '{ "pid": '$init', "stop-signal": 15, "grace-ms": 60000 }')" \
	null
wait "$init"

ended() {
	[[ $(purserctl show web --json) == *'"state":"exited"'* ]]
}
check "it ends" wait_for ended
check_eq "a dump of records" "$(ynl --dump get |
	"$JSON" "?length" /0/name /0/state /0/reason /0/signal /0/hard-limit)" \
	"1 web exited stopped 15 2147483648"
check_eq "a dump of those in one state" \
	"$(ynl --dump get --json '{ "state": "running" }')" "[]"

# --- The event log ---

check_eq "a dump of events" "$(ynl --dump event-get --json '{ "seq": 0 }' |
	"$JSON" "?length" /0/seq /0/type /1/type /2/type /3/seq /3/type \
		/3/container/name /3/container/killer/comm)" \
	"4 1 registered limits-changed stop-requested 4 exited web python3"
check_eq "of those above a number" \
	"$(ynl --dump event-get --json '{ "seq": 3 }' |
		"$JSON" "?length" /0/seq /0/type)" "1 4 exited"
check_eq "unregister" "$(about unregister '{ "id": 1 }')" null
check_eq "nothing is left" "$(ynl --dump get)" "[]"

# --- Notifications ---

# The client listens, sleeps for a time that it is given, and prints then what has
# come. Here it sleeps until the other end of a FIFO is closed.
listen() {	# listen FIFO
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
at_exit kill -KILL "$listener"
purserctl monitor --json >"$TEST_DIR/monitor" &
monitor=$!
at_exit kill -KILL "$monitor"
# The other listener has the log, too. All have an event when one has the next.
told() {
	[[ $(<"$TEST_DIR/monitor") == *'"event":"unregistered"'*"$1"* ]]
}
check "another listener is there" wait_for told '"name":"web"'

exec {asleep}>"$TEST_DIR/asleep"
check "a container, for the events" purserctl register heard $$
check "new limits" purserctl set heard --soft-mib 4096
check "unregistered" purserctl unregister heard
check "all was told" wait_for told '"name":"heard"'
exec {asleep}>&-
check "the client has listened" wait "$listener"
check_eq "to the events" "$("$JSON" /0/name /0/msg/seq /0/msg/type \
	/0/msg/container/name /1/name /1/msg/type \
	/1/msg/container/soft-limit <"$TEST_DIR/heard")" \
	"event 6 registered heard event limits-changed 4294967296"

kill "$monitor"
check "the module unloads" wait_for unload_module

ktap_end
