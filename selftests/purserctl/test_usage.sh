#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# An invalid command line is refused before anything is done, with one line on stderr and
# with status 2.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

# usage LINE ARGUMENT... - a point whose name has the arguments
usage() {
	local line=$1

	shift
	refused "purserctl $(printf '%q ' "$@")" 2 "$line" purserctl "$@"
}

usage 'no command given; see purserctl --help'
usage 'no command given; see purserctl --help' --
usage 'no command given; see purserctl --help' --json
usage 'unknown command "frob"; see purserctl --help' frob
usage 'unknown command ""; see purserctl --help' ''
usage 'unknown command "a\x0ab"; see purserctl --help' $'a\nb'
usage 'unknown option "--frob"; see purserctl --help' --frob list
usage 'list: unknown option "--frob"' list --frob
usage 'list: unknown option "--frob=1"' list --frob=1
usage 'list: unknown option "-x"' list -x
usage 'list: --json takes no value' list --json=yes
usage 'list: --state needs a value' list --state
usage 'list: unknown option "--soft-mib"' list --soft-mib 1
usage 'list: unknown option "--id"' --id 1 list
usage 'list: "web" is one argument too many' list web
usage 'list: "--json" is one argument too many' list -- --json
usage 'info: "web" is one argument too many' info web x y z

states='it must be one of starting|running|stopping|killing|exited'
usage "list: --state: \"up\" is not valid; $states" list --state up
usage "list: --state: \"\" is not valid; $states" list --state ''

usage 'show: one NAME, --id or --pid is needed' show
usage 'show: one NAME, --id or --pid is needed' show web --id 1
usage 'show: one NAME, --id or --pid is needed' show --pid 1 --id 1
usage 'show: "two" is one argument too many' show one two
usage 'show: --id: "0" is out of range; it must be a number, at least 1' show --id 0
usage 'show: --id: "-1" is not valid; it must be a number, at least 1' show --id -1
usage 'show: --id: "18446744073709551616" is out of range; it must be a number, at least 1' show --id 18446744073709551616
usage 'show: --pid: "0" is out of range; it must be a number from 1 to 2147483647' show --pid 0
usage 'show: --pid: "2147483648" is out of range; it must be a number from 1 to 2147483647' show --pid 2147483648

illegal='is not valid; it must be 1 to 127 letters, digits, "_", ".", "+" and "-", a letter or digit first'
usage "show: NAME: \"\" $illegal" show ''
usage "show: NAME: \"-x\" $illegal" show -- -x
usage "stop: NAME: \"a/b\" $illegal" stop a/b
usage "register: NAME: \"a\\x1b[0mb\" $illegal" register $'a\e[0mb' 1
usage "unregister: NAME: \"..\" $illegal" unregister ..
long=$(printf '%0128d' 0)
usage "show: NAME: \"$long\" $illegal" show "$long"

usage 'register: no NAME given' register
usage 'register: one PID, --pidfd, --unit, --cgroup or --comm is needed' register web
usage 'register: one PID, --pidfd, --unit, --cgroup or --comm is needed' register web 1 --pidfd 0
usage 'register: one PID, --pidfd, --unit, --cgroup or --comm is needed' register web 1 --comm x
usage 'register: one PID, --pidfd, --unit, --cgroup or --comm is needed' register web --unit x --cgroup y
fd='it must be the number of an open file descriptor'
usage "register: --pidfd: \"x\" is not valid; $fd" register web --pidfd x
usage "register: --pidfd: \"-1\" is not valid; $fd" register web --pidfd -1
usage "register: --pidfd: \"2147483648\" is out of range; $fd" register web --pidfd 2147483648
usage 'register: --pidfd: "77": Bad file descriptor' register web --pidfd 77
usage 'register: --pidfd needs a value' register web --pidfd
usage 'show: unknown option "--pidfd"' show web --pidfd 0
pid='it must be a number from 1 to 2147483647'
usage "register: PID: \"x\" is not valid; $pid" register web x
usage "register: PID: \"0\" is out of range; $pid" register web 0
usage "register: PID: \"+5\" is not valid; $pid" register web +5
usage "register: PID: \"2147483648\" is out of range; $pid" register web 2147483648
usage 'register: "x" is one argument too many' register web 1 x
usage 'register: unknown option "--id"' register web 1 --id 1

for bad in '' -1 +1 1.5 1M ' 1' '1 ' 0x10 x; do
	usage "set: --soft-mib: \"$bad\" is not valid; it must be a whole number of MiB" \
		set web --soft-mib "$bad"
done
usage 'set: --hard-mib: "17592186044416" is out of range; it must be a whole number of MiB' set web --hard-mib 17592186044416
usage 'set: the soft limit (65 MiB) is above the hard limit (64 MiB)' set web --soft-mib 65 --hard-mib 64
usage 'register: the soft limit (65 MiB) is above the hard limit (64 MiB)' register web 1 --hard-mib 64 --soft-mib 65
usage 'set: --soft-mib or --hard-mib is needed' set web

signals="it must be a signal's name or number, such as TERM, 15 or RTMIN+1"
usage "stop: --signal: \"FOO\" is not valid; $signals" stop web --signal FOO
usage "stop: --signal: \"65\" is out of range; $signals" stop web --signal 65
usage "stop: --signal: \"0\" is out of range; $signals" stop web --signal 0
seconds="it must be a number of seconds from 0 to 86400, with up to three decimals"
usage "stop: --time: \"soon\" is not valid; $seconds" stop web --time soon
usage "stop: --time: \"-1\" is not valid; $seconds" stop web --time -1
usage "stop: --time: \"86400.001\" is out of range; $seconds" stop web --time 86400.001
usage "stop: --time: \"1.2345\" is not valid; $seconds" stop web --time 1.2345

usage 'events: --since: "x" is not valid; it must be a number' events --since x
usage "monitor: --ready-fd: \"x\" is not valid; $fd" monitor --ready-fd x
usage 'monitor: --ready-fd: "77": Bad file descriptor' monitor --ready-fd 77
usage 'events: unknown option "--ready-fd"' events --ready-fd 1
bytes='it must be a number from 1 to 1073741823'
usage "monitor: --rcvbuf: \"x\" is not valid; $bytes" monitor --rcvbuf x
usage "monitor: --rcvbuf: \"0\" is out of range; $bytes" monitor --rcvbuf 0
usage "monitor: --rcvbuf: \"1073741824\" is out of range; $bytes" monitor --rcvbuf 1073741824
usage 'events: unknown option "--rcvbuf"' events --rcvbuf 1
usage 'events: --since: "-1" is not valid; it must be a number' events --since -1
usage 'events: --since: "18446744073709551616" is out of range; it must be a number' events --since 18446744073709551616

usage 'monitor: "x" is one argument too many without --exec' monitor -- x
usage 'monitor: --exec-shell needs --exec' monitor --exec-shell
usage 'monitor: --exec-max: "0" is out of range; it must be a number from 1 to 1000' monitor --exec x --exec-max 0
usage 'monitor: --exec-timeout: "86401" is out of range; it must be a number of seconds from 0 to 86400, with up to three decimals' monitor --exec x --exec-timeout 86401
usage 'wait: one NAME, --id or --pid is needed' wait
usage 'top: --sort: "x" is not valid; it must be one of name|cpu|usage|soft|hard|peak|procs|age' top --sort x
usage 'top: --interval: "0.5" is out of range; it must be a number of seconds from 1 to 3600, with up to three decimals' top --interval 0.5

types='it must be one or more of registered, started, soft_limit, soft_clear, hard_limit, limits_changed, stop_requested, stop_forced, exited, unregistered, record_dropped, with commas between'
usage "events: --type: \"exit\" is not valid; $types" events --type exit
usage "monitor: --type: \"exited,\" is not valid; $types" monitor --type exited,
reasons='it must be one or more of none, exited, stopped, hard_limit_killed, killed, oom_killed, with commas between'
usage "monitor: --reason: \"oom\" is not valid; $reasons" monitor --reason oom
usage 'monitor: --container: "a/b" is not valid; it must be the name of a container' monitor --container a/b

address='it must be ADDRESS:PORT, [IPV6-ADDRESS]:PORT or the absolute path of a socket'
usage "metrics: --listen: \"9105\" is not valid; $address" metrics --listen 9105
usage "metrics: --listen: \"localhost:1\" is not valid; $address" metrics --listen localhost:1
usage 'metrics: --textfile and --listen exclude each other' \
	metrics --listen 127.0.0.1:0 --textfile x
usage 'metrics: with --listen each client chooses the format' \
	metrics --listen 127.0.0.1:0 --format prometheus
usage 'metrics: --max-clients, --timeout and --ready-fd need --listen' metrics --timeout 5
usage 'metrics: --timeout: "0" is out of range; it must be a number of seconds from 1 to 3600, with up to three decimals' \
	metrics --listen 127.0.0.1:0 --timeout 0
usage 'metrics: --max-clients: "0" is out of range; it must be a number from 1 to 1024' \
	metrics --listen 127.0.0.1:0 --max-clients 0

# Help and version need no module. They are printed to stdout.
check "--help succeeds" purserctl --help
for command in list show register unregister set stop wait info policy top metrics monitor events; do
	check_match "--help names $command" "$OUTPUT" "purserctl $command "
done
check "stop --help succeeds" purserctl stop --help
check_match "it describes that command" "$OUTPUT" "--time SECONDS"
check_no_match "it describes no other command" "$OUTPUT" "purserctl list"
check "--help succeeds though operands are missing" purserctl register --help
check "--version succeeds" purserctl --version
check_match "it prints a version" "$OUTPUT" '^purserctl [0-9]+\.[0-9]+\.[0-9]+$'

# The manual has every command and option.
purserctl --help | grep -o -E -- '--[a-z-]+|purserctl [a-z]+' |
	sed 's/^purserctl //' | sort -u >"$TEST_DIR/words"
unknown=
while read -r word; do
	# In roff, a hyphen is written as "\-".
	grep -qF -- "${word//-/\\-}" "$PURSER_ROOT/Documentation/man/purserctl.8" ||
		unknown="$unknown $word"
done <"$TEST_DIR/words"
check "--help has commands and options" has_lines "$TEST_DIR/words" 20
check_eq "all of them are in the manual" "$unknown" ""

# Output that cannot be written is an error, unless its reader has closed the pipe.
refused "it fails on a full disk" 1 \
	'cannot write to standard output: No space left on device' \
	sh -c 'purserctl --help >/dev/full'
refused "it fails if stdout is closed" 1 \
	'cannot write to standard output: Bad file descriptor' \
	sh -c 'purserctl --help >&-'
refused "it fails if stdout and stdin are closed" 1 \
	'cannot write to standard output: Bad file descriptor' \
	sh -c 'purserctl --help >&- <&-'
mkfifo "$TEST_DIR/pipe"
exec 8<>"$TEST_DIR/pipe"
exec 7>"$TEST_DIR/pipe"
exec 8<&-
check_status "it succeeds if the reader has closed the pipe" \
	0 sh -c 'purserctl --help >&7'
check_eq "it prints nothing then" "$OUTPUT" ""
exec 7>&-

# --log-format json applies to messages about the command line, too.
json=$(purserctl --log-format json list --frob 2>&1)
check_eq "--log-format json prints an object with these keys" \
	"$(printf %s "$json" | "$JSON" '?keys' /level /program /message)" \
	'time,level,program,message error purserctl list: unknown option "--frob"'
check_match "the object has a time" "$json" '^\{"time":"20[0-9-]+T[0-9:.]+Z",'
usage 'list: --log-format: "xml" is not valid; it must be one of text|json' list --log-format=xml

# Options may come after operands, even if POSIXLY_CORRECT is set.
export POSIXLY_CORRECT=1
usage 'stop: --time: "x" is not valid; '"$seconds" stop web --time x
usage 'show: one NAME, --id or --pid is needed' show web --id 1
unset POSIXLY_CORRECT

ktap_end
