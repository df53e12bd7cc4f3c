#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The command line: what makes no sense is refused before anything is done, in
# one line and with status 2.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

# usage LINE ARGUMENT... - one point, named after the arguments
usage() {
	local line=$1

	shift
	refused "purserctl $(printf '%q ' "$@")" 2 "$line" purserctl "$@"
}

usage 'a command is needed; see purserctl --help'
usage 'a command is needed; see purserctl --help' --
usage 'a command is needed; see purserctl --help' --json
usage 'unknown command "frob"; see purserctl --help' frob
usage 'unknown command ""; see purserctl --help' ''
usage 'unknown command "a\x0ab"; see purserctl --help' $'a\nb'
usage 'unknown option "--frob"; see purserctl --help' list --frob
usage 'unknown option "--frob=1"; see purserctl --help' list --frob=1
usage 'unknown option "-x"; see purserctl --help' list -x
usage '--json takes no value' list --json=yes
usage '--state needs a value' list --state
usage 'list does not take --soft-mib' list --soft-mib 1
usage 'list does not take --id' --id 1 list
usage 'list: "web" is one argument too many' list web
usage 'list: "--json" is one argument too many' list -- --json
usage 'info: "web" is one argument too many' info web x y z

usage '--state: "up" is not valid; the states are starting, running, stopping, killing and exited' list --state up
usage '--state: "" is not valid; the states are starting, running, stopping, killing and exited' list --state ''

usage 'show: one NAME, --id or --pid is needed' show
usage 'show: one NAME, --id or --pid is needed' show web --id 1
usage 'show: one NAME, --id or --pid is needed' show --pid 1 --id 1
usage 'show: "two" is one argument too many' show one two
usage '--id: "0" is out of range; a container'\''s id is wanted' show --id 0
usage '--id: "-1" is not valid; a container'\''s id is wanted' show --id -1
usage '--id: "18446744073709551616" is out of range; a container'\''s id is wanted' show --id 18446744073709551616
usage '--pid: "0" is out of range; a process'\''s id is wanted' show --pid 0
usage '--pid: "2147483648" is out of range; a process'\''s id is wanted' show --pid 2147483648

illegal='is not a container name; letters, digits, "_", ".", "+" and "-" are allowed, a letter or digit first'
usage "\"\" $illegal" show ''
usage "\"-x\" $illegal" show -- -x
usage "\"a/b\" $illegal" stop a/b
usage "\"a\\x1b[0mb\" $illegal" register $'a\e[0mb' 1
usage "\"..\" $illegal" unregister ..
long=$(printf '%0128d' 0)
usage "the container name \"$long\" is too long; 127 characters are allowed" show "$long"

usage 'register: a NAME is needed' register
usage 'register: a NAME and a PID or --pidfd are needed' register web
usage 'register: a NAME and either a PID or --pidfd are needed' register web 1 --pidfd 0
usage '--pidfd: "x" is not valid; a file descriptor is wanted' register web --pidfd x
usage '--pidfd: "-1" is not valid; a file descriptor is wanted' register web --pidfd -1
usage '--pidfd: "2147483648" is out of range; a file descriptor is wanted' register web --pidfd 2147483648
usage '--pidfd: "77" cannot be used: Bad file descriptor' register web --pidfd 77
usage '--pidfd needs a value' register web --pidfd
usage 'show does not take --pidfd' show web --pidfd 0
usage '"x" is not a process id' register web x
usage '"0" is not a process id' register web 0
usage '"+5" is not a process id' register web +5
usage '"2147483648" is not a process id' register web 2147483648
usage 'register: "x" is one argument too many' register web 1 x
usage 'register does not take --id' register web 1 --id 1

for bad in '' -1 +1 1.5 1M ' 1' '1 ' 0x10 x; do
	usage "--soft-mib: \"$bad\" is not valid; whole MiB are wanted" \
		set web --soft-mib "$bad"
done
usage '--hard-mib: "17592186044416" is out of range; whole MiB are wanted' set web --hard-mib 17592186044416
usage 'the soft limit (65 MiB) is above the hard limit (64 MiB)' set web --soft-mib 65 --hard-mib 64
usage 'the soft limit (65 MiB) is above the hard limit (64 MiB)' register web 1 --hard-mib 64 --soft-mib 65
usage 'set: --soft-mib or --hard-mib is needed' set web

signals="a signal's name or number is wanted, such as TERM, 15 or RTMIN+1"
usage "--signal: \"FOO\" is not valid; $signals" stop web --signal FOO
usage "--signal: \"65\" is out of range; $signals" stop web --signal 65
usage "--signal: \"0\" is out of range; $signals" stop web --signal 0
seconds="seconds are wanted, such as 10 or 0.5, 86400 at most"
usage "--time: \"soon\" is not valid; $seconds" stop web --time soon
usage "--time: \"-1\" is not valid; $seconds" stop web --time -1
usage "--time: \"86400.001\" is out of range; $seconds" stop web --time 86400.001
usage "--time: \"1.2345\" is not valid; $seconds" stop web --time 1.2345

usage '--since: "x" is not valid; an event'\''s number is wanted' events --since x
usage '--ready-fd: "x" is not valid; a file descriptor is wanted' monitor --ready-fd x
usage '--ready-fd: "77" cannot be used: Bad file descriptor' monitor --ready-fd 77
usage 'events does not take --ready-fd' events --ready-fd 1
bytes='bytes are wanted, 1073741823 at most'
usage "--rcvbuf: \"x\" is not valid; $bytes" monitor --rcvbuf x
usage "--rcvbuf: \"0\" is out of range; $bytes" monitor --rcvbuf 0
usage "--rcvbuf: \"1073741824\" is out of range; $bytes" monitor --rcvbuf 1073741824
usage 'events does not take --rcvbuf' events --rcvbuf 1
usage '--since: "-1" is not valid; an event'\''s number is wanted' events --since -1
usage '--since: "18446744073709551616" is out of range; an event'\''s number is wanted' events --since 18446744073709551616

# Help and version need no module, and go to stdout.
check "--help" purserctl --help
for command in list show register unregister set stop info monitor events; do
	check_match "--help names $command" "$OUTPUT" "purserctl $command "
done
check "stop --help" purserctl stop --help
check_match "and tells of that command" "$OUTPUT" "--time SECONDS"
check_no_match "and of no other" "$OUTPUT" "purserctl list"
check "help wins over what is missing" purserctl register --help
check "--version" purserctl --version
check_match "the version is one" "$OUTPUT" '^purserctl [0-9]+\.[0-9]+\.[0-9]+$'

# The manual knows what the program does.
purserctl --help | grep -o -E -- '--[a-z-]+|purserctl [a-z]+' |
	sed 's/^purserctl //' | sort -u >"$TEST_DIR/words"
unknown=
while read -r word; do
	# As roff has it: a hyphen that is one.
	grep -qF -- "${word//-/\\-}" "$PURSER_ROOT/Documentation/man/purserctl.8" ||
		unknown="$unknown $word"
done <"$TEST_DIR/words"
check "--help has words to look for" has_lines "$TEST_DIR/words" 20
check_eq "all of them are in the manual" "$unknown" ""

# Output that cannot be written is an error, save that nobody reads it.
refused "a full disk" 1 \
	'cannot write to standard output: No space left on device' \
	sh -c 'purserctl --help >/dev/full'
refused "a closed stdout" 1 \
	'cannot write to standard output: Bad file descriptor' \
	sh -c 'purserctl --help >&-'
refused "closed stdout and stdin" 1 \
	'cannot write to standard output: Bad file descriptor' \
	sh -c 'purserctl --help >&- <&-'
mkfifo "$TEST_DIR/pipe"
exec 8<>"$TEST_DIR/pipe"
exec 7>"$TEST_DIR/pipe"
exec 8<&-
check_status "a reader that has gone" 0 sh -c 'purserctl --help >&7'
check_eq "of which nothing is said" "$OUTPUT" ""
exec 7>&-

# Options stand anywhere, whatever the environment says.
export POSIXLY_CORRECT=1
usage '--time: "x" is not valid; '"$seconds" stop web --time x
usage 'show: one NAME, --id or --pid is needed' show web --id 1
unset POSIXLY_CORRECT

ktap_end
