#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Who may do what: root, anybody, and whoever lives in a container.

. "$(dirname "$0")/kmod.sh"

require_module
start_monitor || ktap_bail "cannot listen to the events"

spawn
target=$PID
start on_signal 15 default
check "root registers, with a cookie" \
	request register name=web pid="$PID" cookie=secret soft-limit=1073741824
check_event "the cookie is not in events" web registered cookie=
check_record "root sees it in the record" web cookie=secret
check_match "and in the list" "$(purserctl list --json)" '"cookie":"secret"'
field "$(purserctl info --json)" events
events=$REPLY

nothing_happened() {
	field "$(purserctl info --json)" events && [ "$REPLY" = "$events" ]
}

# Anybody. What needs a file or a name of its own is read from /proc by all.

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

check "anybody may ask for the counters" as_nobody purserctl info
check "anybody may list" as_nobody purserctl list --json
check_match "and sees what there is" "$OUTPUT" '"name":"web"'
check_no_match "but not the cookie" "$OUTPUT" 'cookie|secret'
check "anybody may see a record" as_nobody purserctl show web --json
check_match "just as it is" "$OUTPUT" "\"soft_limit\":1073741824,"
check_no_match "but for the cookie" "$OUTPUT" 'cookie|secret'

# check_all_denied WHO COMMAND... - all that takes a privilege
check_all_denied() {
	local who=$1

	shift
	check_status "$who: register" 5 "$@" purserctl register mine "$target"
	check_status "$who: unregister" 5 "$@" purserctl unregister web
	check_status "$who: set" 5 "$@" purserctl set web --hard-mib 2048
	check_status "$who: stop" 5 "$@" purserctl stop web --no-wait
	check_status "$who: events" 5 "$@" purserctl events
	check_status "$who: monitor" 5 "$@" purserctl monitor
}

check_all_denied "nobody" as_nobody
check_all_denied "root of a user namespace" unshare --user --map-root-user
check "which may read like anybody" \
	unshare --user --map-root-user purserctl show web --json
check_no_match "but for the cookie" "$OUTPUT" 'cookie|secret'
check_all_denied "root without CAP_NET_ADMIN" \
	setpriv --bounding-set -net_admin --inh-caps -net_admin \
	--ambient-caps -all setpriv --no-new-privs

check "none of that made an event" nothing_happened
check_record "or changed a thing" web state=running hard_limit=0

# Whoever lives in a container, with all capabilities, on the host's network

# shellcheck disable=SC2016 # that is for the shell inside
inside_script='
while read -r command; do
	$command >"$1/out" 2>&1 </dev/null
	echo "status $?"
done'

# A shell as a container: what it is told to run, it runs inside.
mkfifo "$TEST_DIR/in"
exec {IN}<>"$TEST_DIR/in"

inside() {	# inside COMMAND...: runs it there; its status is what it has
	echo "$*" >&"$IN"
	wait_line 'status *'
	cat "$TEST_DIR/out"
	return "${LINE#status }"
}

check_all_refused_inside() {
	check_answer_inside "counters" request info
	check_answer_inside "a record" request get name=web
	check_answer_inside "its own record" request get name=inside
	check_answer_inside "all records" request --dump get
	check_answer_inside "register" request register name=mine pid="$target"
	check_answer_inside "unregister" request unregister name=web
	check_answer_inside "unregister itself" request unregister name=inside
	check_answer_inside "set" request set name=inside hard-limit=0
	check_answer_inside "stop" request stop name=web
	check_answer_inside "events" request --dump event-get
	check_status "$where: purserctl" 5 inside purserctl list
	check_status "$where: monitor" 5 inside timeout 10 purserctl monitor
}

# What the module would refuse, the kernel's own rule may have refused before.
check_refused_with() {	# check_refused_with WRAPPER...
	local command

	for command in info "get name=web" "--dump get" \
		"register name=mine pid=$target" "stop name=inside" \
		"--dump event-get"; do
		# shellcheck disable=SC2086 # several words
		_run inside "$@" request $command
		check_match "$where, $1 $2: $command" "$OUTPUT" '^EPERM '
	done
}

check_answer_inside() {	# check_answer_inside POINT COMMAND...
	_run inside "${@:2}"
	check_eq "$where: $1" "$OUTPUT" "EPERM -: the caller is inside a container"
}

for where in bare namespace; do
	options=()
	[ $where = bare ] || options=(--pidns)
	exec {OUT}< <(exec spawn ${options[@]+"${options[@]}"} \
		bash -c "$inside_script" bash "$TEST_DIR" <"$TEST_DIR/in")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID
	check "$where: outside of a container it may ask" inside request info
	register inside
	wait_event inside registered
	field "$(purserctl info --json)" events
	events=$REPLY
	check_all_refused_inside
	check_refused_with unshare --user --map-root-user
	check_refused_with unshare --pid --fork
	check "$where: none of that made an event" nothing_happened
	check_record "$where: or changed it" inside state=running hard_limit=0
	check "$where: unregistered" purserctl unregister inside
	check "$where: it may ask again" inside request info
	kill -KILL "$PID"
done

check_record "the other container is as it was" web state=running hard_limit=0

# Another network namespace has no such family, for anybody

check_match "no family in another network namespace" \
	"$(unshare --net request info 2>&1)" 'no such family'

check_unload
ktap_end
