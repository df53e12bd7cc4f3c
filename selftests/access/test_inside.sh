#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Processes inside containers cannot use the table, even with all capabilities,
# whatever namespaces they are in or create.

. "$(dirname "$0")/access.sh"

make_table
check "the test has all capabilities" grep -q '^CapEff:.*ff$' /proc/self/status

# Joining the events group needs CAP_NET_ADMIN in the network namespace, and the
# kernel checks nothing else, see Documentation/security.md.
join=OK

# A shell that becomes a container runs the commands of the test inside. It
# inherits a socket and the device, both opened outside.

mkfifo "$TEST_DIR/in"
exec {IN}<>"$TEST_DIR/in"

# shellcheck disable=SC2016 # the shell inside expands it
inside_script='
while read -r command; do
	$command >"$1/out" 2>&1 </dev/null
	echo "status $?"
done'

inside() {	# inside COMMAND... - run it in that shell and return its status
	echo "$*" >&"$IN"
	wait_line 'status *'
	cat "$TEST_DIR/out"
	return "${LINE#status }"
}

# start_inside SPAWN-OPTION... -- COMMAND... - start the shell by COMMAND; on return
# the shell runs and calls execve() only in children
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

# check_members WHERE - check that every process that a member creates is refused
check_members() {
	local where=$1 want

	want=$(nothing_inside "$join" EPERM)
	check_answers "$where: a member is refused" "$want" inside attempts
	check_answers "$where: a member is refused, also by descriptors from outside" \
		"$want" inside attempts --socket 8 --device 9
	check_answers "$where: a member in a new session is refused" \
		"$want" inside setsid -w attempts
	check_answers "$where: a member in a nested pid namespace is refused" \
		"$want" inside unshare --pid --fork attempts
	check_answers "$where: a member in a new network namespace finds no family" \
		$'family ENOENT\ndevice EPERM' inside unshare --net attempts
	check_answers "$where: it is refused there by descriptors from outside" \
		"$want" inside unshare --net attempts --socket 8 --device 9
}

# without_words JOIN DEVICE - nothing_inside() for members without CAP_NET_ADMIN: the
# kernel refuses requests that need it before it asks the module
without_words() {
	nothing_inside "$@" | sed -E \
		'/^(register|unregister|set|stop|event-get) /s/ the caller.*//'
}

# check_unprivileged WHERE COMMAND... - check that a program that COMMAND runs inside,
# without CAP_NET_ADMIN, is refused
check_unprivileged() {
	local want

	want=$(without_words EPERM EPERM)
	check_answers "$1: descriptors from outside are refused" \
		"$want" inside "${@:2}" attempts --socket 8 --device 9
	check_answers "$1: they are refused in a new network namespace" "$want" \
		inside "${@:2}" unshare --user --map-root-user --net attempts \
		--socket 8 --device 9
}

# --- On the host's network ---

for where in bare namespace; do
	options=()
	[ $where = bare ] || options=(--pidns)
	start_inside ${options[@]+"${options[@]}"} -- env
	check_answers "$where: before registration it may do everything" \
		"$everything" inside attempts
	register box
	events=$(events_made)
	check_members "$where"
	check_unprivileged "$where, as root of a user namespace" \
		unshare --user --map-root-user
	check_unprivileged "$where, as a user" \
		setpriv --reuid 65534 --regid 65534 --clear-groups
	check_status "$where: purserctl list fails inside" 5 inside purserctl list
	check_match "$where: purserctl list says why" "$OUTPUT" \
		'^purserctl: cannot list the containers: the caller is inside a container$'
	check_status "$where: purserctl register fails inside" \
		5 inside purserctl register mine "$TARGET"
	check_status "$where: purserctl cannot stop its own container" \
		5 inside purserctl stop box --no-wait
	check_record "$where: the record of the container is unchanged" \
		box state=running hard_limit=0
	check_unharmed
	if [ $where = namespace ]; then
		check_answers "a process that enters its pid namespace is refused" \
			"$(nothing_inside "$join" EPERM)" \
			nsenter --target "$PID" --pid attempts
		check_answers "a process that enters only its other namespaces may do everything" \
			"$everything" nsenter --target "$PID" --mount --net attempts
	fi
	check "$where: unregister it" purserctl unregister box
	check_answers "$where: after that it may do everything again" \
		"$everything" inside attempts
	kill -KILL "$PID"
done

# --- On a network of its own ---

start_inside --pidns -- unshare --net
register box
events=$(events_made)
check_answers "own network: a member finds no family" \
	$'family ENOENT\ndevice EPERM' inside attempts
check_answers "own network: descriptors from outside are refused" \
	"$(nothing_inside "$join" EPERM)" inside attempts --socket 8 --device 9
check_answers "own network: root of a user namespace finds no family" \
	$'family ENOENT\ndevice EPERM' \
	inside unshare --user --map-root-user attempts
check_status "own network: purserctl list cannot reach the table" 4 inside purserctl list
check_unharmed
check "own network: the container ends" end_inside

# --- A container that engine starts, on the host's network ---

check_made() {
	# The host's files in an overlay: engine refuses the host's root itself.
	mkdir "$TEST_DIR"/{root,upper,work}
	mount -t overlay -o "lowerdir=/,upperdir=$TEST_DIR/upper,workdir=$TEST_DIR/work" \
		overlay "$TEST_DIR/root" || ktap_bail "cannot mount the root"
	at_exit umount --lazy "$TEST_DIR/root"
	require_supervisor
	check "engine runs a container on the host's network" \
		engine run made "$TEST_DIR/root" --net host --env "PATH=$PATH" -- attempts
	check_answers "that container is refused everything" \
		"$(without_words EPERM ENOENT)" engine logs made
	check "the supervisor stops" stop_supervisor
	events=$(events_made)
}

if kernel_is_since 5 12; then
	check_made
else
	ktap_skip "engine runs a container on the host's network" "needs Linux 5.12"
fi

# --- Root of its own user namespace, and nothing else ---

start_inside --pidns -- unshare --user --map-root-user
register box
events=$(events_made)
check_unprivileged "own user namespace" env
check_answers "own user namespace: its own socket is refused" \
	"$(without_words EPERM EPERM)" inside attempts
check_status "own user namespace: purserctl list fails" 5 inside purserctl list
check_unharmed
check "own user namespace: the container ends" end_inside

clear_container web
check_unload
ktap_end
