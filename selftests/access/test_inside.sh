#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes inside of containers, with all capabilities: they cannot use the
# table, by no way, whatever namespaces they are in or make.

. "$(dirname "$0")/access.sh"

make_table
check "all capabilities are there" grep -q '^CapEff:.*ff$' /proc/self/status

# Whoever has CAP_NET_ADMIN in the network namespace may join a group: the kernel
# looks at nothing else, see Documentation/security.md.
join=OK

# A shell as a container, with a socket and the device opened outside before:
# what it is told to run, it runs inside.

mkfifo "$TEST_DIR/in"
exec {IN}<>"$TEST_DIR/in"

# shellcheck disable=SC2016 # that is for the shell inside
inside_script='
while read -r command; do
	$command >"$1/out" 2>&1 </dev/null
	echo "status $?"
done'

inside() {	# inside COMMAND...: runs it there; its status is what it has
	echo "$*" >&"$IN"
	wait_line 'status *'
	cat "$TEST_DIR/out"
	return "${LINE#status }"
}

# start_inside SPAWN-OPTION... -- COMMAND... - the shell, started by COMMAND; it is
# up and calls no more execve() of its own
start_inside() {
	local options=()

	while [ "$1" != -- ]; do
		options+=("$1")
		shift
	done
	shift
	exec {OUT}< <(exec spawn ${options[@]+"${options[@]}"} \
		attempts --open 0 "$@" bash -c "$inside_script" bash "$TEST_DIR" \
		<"$TEST_DIR/in")
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" -u "$OUT" PID && inside true
}

end_inside() {
	kill -KILL "$PID"
	wait_for record_is box state=exited && purserctl unregister box
}

# Every one of these is a member: made by one, or come into the namespace.
check_members() {	# check_members WHERE
	local where=$1 want

	want=$(nothing_inside "$join" EPERM)
	check_answers "$where" "$want" inside attempts
	check_answers "$where, by descriptors from outside" "$want" \
		inside attempts --socket 8 --device 9
	check_answers "$where, in a new session" "$want" \
		inside setsid -w attempts
	check_answers "$where, in a pid namespace below" "$want" \
		inside unshare --pid --fork attempts
	check_answers "$where, in a network namespace below" \
		$'family ENOENT\ndevice EPERM' inside unshare --net attempts
	check_answers "$where, there by descriptors from outside" "$want" \
		inside unshare --net attempts --socket 8 --device 9
}

# without_words JOIN DEVICE - nothing_inside() for those who have not even
# CAP_NET_ADMIN: what needs it the kernel refuses before it asks the module
without_words() {
	nothing_inside "$@" | sed -E \
		'/^(register|unregister|set|stop|event-get) /s/ the caller.*//'
}

# check_unprivileged WHERE COMMAND... - what COMMAND runs there has no CAP_NET_ADMIN
check_unprivileged() {
	local want

	want=$(without_words EPERM EPERM)
	check_answers "$1, by descriptors from outside" "$want" \
		inside "${@:2}" attempts --socket 8 --device 9
	check_answers "$1, in a network namespace below" "$want" \
		inside "${@:2}" unshare --user --map-root-user --net attempts \
		--socket 8 --device 9
}

# --- On the host's network ---

for where in bare namespace; do
	options=()
	[ $where = bare ] || options=(--pidns)
	start_inside ${options[@]+"${options[@]}"} -- env
	check_answers "$where: outside of a container it may do everything" \
		"$everything" inside attempts
	register box
	events=$(events_made)
	check_members "$where"
	check_unprivileged "$where, as root of a user namespace" \
		unshare --user --map-root-user
	check_unprivileged "$where, as a user" \
		setpriv --reuid 65534 --regid 65534 --clear-groups
	check_status "$where: purserctl list" 5 inside purserctl list
	check_match "$where: which says why" "$OUTPUT" \
		'^purserctl: cannot list the containers: the caller is inside a container$'
	check_status "$where: purserctl register" 5 \
		inside purserctl register mine "$TARGET"
	check_status "$where: purserctl stop of itself" 5 \
		inside purserctl stop box --no-wait
	check_record "$where: its record is as it was" box state=running \
		hard_limit=0
	check_unharmed
	if [ $where = namespace ]; then
		check_answers "who enters its pid namespace is inside" \
			"$(nothing_inside "$join" EPERM)" \
			nsenter --target "$PID" --pid attempts
		check_answers "who enters but its other namespaces is not" \
			"$everything" nsenter --target "$PID" --mount --net attempts
	fi
	check "$where: unregistered" purserctl unregister box
	check_answers "$where: it may do everything again" "$everything" \
		inside attempts
	kill -KILL "$PID"
done

# --- On a network of its own ---

start_inside --pidns -- unshare --net
register box
events=$(events_made)
check_answers "own network: no family" $'family ENOENT\ndevice EPERM' \
	inside attempts
check_answers "own network: by descriptors from outside" \
	"$(nothing_inside "$join" EPERM)" inside attempts --socket 8 --device 9
check_answers "own network: as root of a user namespace" \
	$'family ENOENT\ndevice EPERM' \
	inside unshare --user --map-root-user attempts
check_status "own network: purserctl list" 4 inside purserctl list
check_unharmed
check "the end" end_inside

# --- A container of engine's, as it is made: on the host's network ---

check_made() {
	# The host's files, but not its root, which is refused.
	mkdir "$TEST_DIR"/{root,upper,work}
	mount -t overlay -o "lowerdir=/,upperdir=$TEST_DIR/upper,workdir=$TEST_DIR/work" \
		overlay "$TEST_DIR/root" || ktap_bail "no root"
	at_exit umount --lazy "$TEST_DIR/root"
	require_supervisor
	check "a container of engine's" \
		engine run made "$TEST_DIR/root" --net host --env "PATH=$PATH" -- attempts
	check_answers "is refused everything" "$(without_words EPERM ENOENT)" \
		engine logs made
	check "and goes" stop_supervisor
	events=$(events_made)
}

if kernel_is_since 5 12; then
	check_made
else
	ktap_skip "a container of engine's" "needs Linux 5.12"
fi

# --- With a user namespace of its own, which is all that it is root of ---

start_inside --pidns -- unshare --user --map-root-user
register box
events=$(events_made)
check_unprivileged "own user namespace" env
check_answers "own user namespace, by a socket of its own" \
	"$(without_words EPERM EPERM)" inside attempts
check_status "own user namespace: purserctl list" 5 inside purserctl list
check_unharmed
check "the end" end_inside

clear_container web
check_unload
ktap_end
