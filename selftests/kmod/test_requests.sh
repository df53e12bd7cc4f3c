#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Wrong requests: the kernel answers with the right errno, attribute and message.

. "$(dirname "$0")/kmod.sh"

require_module
start on_signal 15 default
FREE=$PID

# events_made - print the kernel's counter of events
events_made() {
	purserctl info --json | grep -o '"events":[0-9]*'
}

# --- Names ---

words="a name is [A-Za-z0-9][A-Za-z0-9_.+-]{0,126}"
long=$(printf 'n%.0s' {1..127})
for name in '' - -a .a _a a/b 'a;b' $'a\nb' $'\xc3\xa4' $'a\x7f' a\\b 'a:'; do
	check_answer "register refuses the name $(printf %q "$name")" "EINVAL name: $words" \
		register name="$name" pid="$FREE"
done
check_match "register refuses a name of 128 characters" \
	"$(request register name="${long}x" pid="$FREE")" '^(EINVAL|ERANGE) name: '
check_match "register refuses a name without a NUL" \
	"$(request register name=hex:6161 pid="$FREE")" '^(EINVAL|ERANGE) name: '
check_answer "register needs a name" \
	"EINVAL -: name and pid are needed" register pid="$FREE"
check_answer "register accepts a name of 127 characters" "OK 1" \
	register name="$long" pid="$FREE"
check_answer "get finds a name of 127 characters" "OK 1 $long $FREE" get name="$long"
check_answer "get does not find a name by its first 126 characters" \
	"ENOENT name: no such container" \
	get name="${long%n}"
purserctl unregister "$long"
check_answer "register accepts a name of one character" "OK 2" register name=0 pid="$FREE"
purserctl unregister 0
check_answer "register accepts all kinds of legal characters" "OK 3" \
	register name=Az0_.+-x pid="$FREE"
check_answer "get ignores what follows the NUL of a name" "OK 3 Az0_.+-x $FREE" \
	get name=hex:417a305f2e2b2d78004141
purserctl unregister Az0_.+-x
events=$(events_made)

# --- Processes ---

start threads 1
wait_for test "$(find "/proc/$PID/task" -mindepth 1 -maxdepth 1 | wc -l)" -eq 2
thread=$(find "/proc/$PID/task" -mindepth 1 -maxdepth 1 -not -name "$PID" -printf %f)
dead=$(bash -c 'echo $$')
spawn bash -c 'sleep 0 & exec sleep 1000'
zombie_of() {
	ZOMBIE=$(pgrep -P "$1" --runstates Z)
}
wait_for zombie_of "$PID"

check_answer "register needs a pid" "EINVAL -: name and pid are needed" register name=x
check_match "register refuses pid 0" \
	"$(request register name=x pid=0)" '^(ERANGE|EINVAL) pid: '
check_match "register refuses pid 4294967295" "$(request register name=x pid=4294967295)" \
	'^(ERANGE|EINVAL) pid: '
check_answer "register refuses a pid that no process has" \
	"ESRCH pid: no process has this pid" \
	register name=x pid="$dead"
check_answer "register refuses a zombie" "ESRCH pid: the process has exited" \
	register name=x pid="$ZOMBIE"
check_answer "register refuses a thread that is not the main one" \
	"ESRCH pid: no process has this pid" register name=x pid="$thread"
check_answer "register refuses a kernel thread" \
	"EINVAL pid: the process is a kernel thread" \
	register name=x pid=2
check_answer "register refuses the system's init" \
	"EINVAL pid: the process is the system's init" \
	register name=x pid=1

# --- Limits ---

check_answer "register refuses a hard limit below the soft one" \
	"EINVAL hard-limit: the hard limit is below the soft limit" \
	register name=x pid="$FREE" soft-limit=2 hard-limit=1
check_match "register refuses a limit of four bytes" \
	"$(request register name=x pid="$FREE" soft-limit=hex:01000000)" \
	'^(ERANGE|EINVAL) soft-limit: '
check_match "register refuses a cookie of 1025 bytes" \
	"$(request register name=x pid="$FREE" cookie=hex:"$(printf '00%.0s' {1..1025})")" \
	'^(ERANGE|EINVAL) cookie: '

# --- Attributes and commands that do not belong there ---

check_match "register refuses an unknown attribute" \
	"$(request register name=x pid="$FREE" 99=1)" '^EINVAL .*Unknown attribute type'
check_match "register refuses an attribute of records" \
	"$(request register name=x pid="$FREE" 18=1)" '^EINVAL .*Unsupported attribute'
check_match "register refuses grace-ms" \
	"$(request register name=x pid="$FREE" grace-ms=1)" '^EINVAL '
check_match "the family refuses an unknown command" "$(request 77)" '^EOPNOTSUPP '
check_match "the family refuses an event as a command" "$(request 8)" '^EOPNOTSUPP '
check_match "the family refuses a dump of unregister" \
	"$(request --dump unregister name=x)" '^EOPNOTSUPP '

check_eq "the refusals made no event" \
	"$(events_made)" "$events"
check_eq "the refusals made no record" "$(purserctl list --json)" "[]"

# --- With containers in the table ---

check "register accepts equal limits" request register name=one pid="$FREE" \
	soft-limit=1073741824 hard-limit=1073741824
id=${OUTPUT#OK }
spawn
other=$PID
start bash -c 'sleep 1000 & echo ready; wait'
family=$PID
child=$(pgrep -P "$family")
request register name=two pid="$family" >"$TEST_DIR/two"
events=$(events_made)

check_answer "register refuses the name of a live container" \
	"EEXIST name: a live container has this name already" \
	register name=one pid="$other"
check_answer "register refuses the first process of a container" \
	"EEXIST pid: the process is in a container already" \
	register name=x pid="$FREE"
check_answer "register refuses a child of a container's process" \
	"EEXIST pid: the process is in a container already" \
	register name=x pid="$child"
spawn --pidns
namespace=$PID
request register name=three pid="$namespace" >"$TEST_DIR/three"
# The parent of this process is not in the container.
exec {OUT}< <(exec nsenter -t "$namespace" -p on_signal 15 default </dev/null)
entered=$!
wait_line ready
inside=$(pgrep -P "$entered")
events=$(events_made)
check_answer "register refuses a process that has entered a container's namespace" \
	"EEXIST pid: the process is in a container already" \
	register name=x pid="$inside"

exactly="EINVAL -: exactly one of id, name and pid is needed"
for command in get unregister stop "set soft-limit=1"; do
	# shellcheck disable=SC2086 # two words
	{
		check_answer "${command%% *} needs an id, a name or a pid" \
			"$exactly" $command
		check_answer "${command%% *} refuses an id with a name" "$exactly" \
			$command id="$id" name=one
		check_answer "${command%% *} refuses an unknown id" \
			"ENOENT id: no such container" $command id=99
		check_answer "${command%% *} refuses an unknown name" \
			"ENOENT name: no such container" $command name=x
		check_answer "${command%% *} refuses a pid that is not a first process" \
			"ENOENT pid: no such container" $command pid="$child"
	}
done
check_answer "get refuses a state" "EINVAL state: state is for dumps only" \
	get name=one state=2
check_match "a dump refuses a name" "$(request --dump get name=one)" \
	'^EINVAL (name|-): a dump takes no id, name or pid$'
check_match "a dump refuses an unknown state" \
	"$(request --dump get state=6)" '^(ERANGE|EINVAL) state: '
check_answer "set needs a limit or release-fifos" \
	"EINVAL -: a limit or release-fifos is needed" set name=one
check_answer "set refuses a soft limit above the present hard limit" \
	"EINVAL soft-limit: the hard limit is below the soft limit" \
	set name=one soft-limit=1073741825
check_answer "set refuses a hard limit below the present soft limit" \
	"EINVAL hard-limit: the hard limit is below the soft limit" \
	set name=one hard-limit=1073741823
for signal in 0 65 4294967295; do
	check_match "stop refuses signal $signal" \
		"$(request stop name=one stop-signal=$signal)" \
		'^(ERANGE|EINVAL) stop-signal: '
done
check_match "stop refuses a grace of more than a day" \
	"$(request stop name=one grace-ms=86400001)" \
	'^(ERANGE|EINVAL) grace-ms: '
check_match "event-get refuses a number of four bytes" \
	"$(request --dump event-get seq=hex:01000000)" '^(ERANGE|EINVAL) seq: '

check_eq "the refusals with containers made no event" \
	"$(events_made)" "$events"
check_record "the refusals changed no record" one state=running \
	soft_limit=1073741824 hard_limit=1073741824
check_eq "the refusals with containers made no record" \
	"$(purserctl list --json | grep -c '"id":')" 3

kill -KILL "$child" "$inside"
check_unload
ktap_end
