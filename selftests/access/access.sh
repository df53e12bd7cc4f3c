# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of who may do what share.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

# A user may not be able to get to where it was built.
chmod 755 "$TEST_DIR"
cp "$PURSER_TEST_BIN/attempts" "$TEST_DIR/" || ktap_bail "no attempts"
PATH=$TEST_DIR:$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# make_table - load the module, with what attempts.c wants to find: TARGET, the
# init of "web" with limits and a cookie, and "ended"
make_table() {
	require_module
	spawn on_signal 15 default
	register ended || ktap_bail "no container"
	kill -KILL "$PID"
	wait_for record_is ended state=exited || ktap_bail "it does not end"
	spawn
	# shellcheck disable=SC2034
	TARGET=$PID
	request register name=web pid="$PID" cookie=secret \
		soft-limit=1073741824 >/dev/null || ktap_bail "no container"
	events=$(events_made)
}

events_made() {
	field "$(purserctl info --json)" events
	echo "$REPLY"
}

# check_unharmed - the table is as make_table() left it
check_unharmed() {
	check_eq "none of that made an event" "$(events_made)" "$events"
	check_record "or changed a thing" web soft_limit=1073741824 \
		hard_limit=0 cookie=secret
}

# What attempts.c prints for those to whom it is allowed, or is not; of the
# kernel's words only those that matter, see answers().

# shellcheck disable=SC2034
{
everything='info OK
get OK cookie
list OK cookie
register EEXIST
unregister ENOENT
set ESRCH
stop ESRCH
event-get OK
join OK
device EEXIST'

# The rest is refused before it is looked at.
reading='info OK
get OK
list OK
register EPERM
unregister EPERM
set EPERM
stop EPERM
event-get EPERM
join EPERM'
}

# nothing_inside JOIN DEVICE - for members of containers
nothing_inside() {
	local what

	for what in info get list register unregister set stop event-get; do
		echo "$what EPERM the caller is inside a container"
	done
	echo "join $1"
	echo "device $2"
}

# answers COMMAND... - what attempts.c prints there
answers() {
	"$@" 2>&1 | sed -E '/inside a container|cookie$/!s/^([a-z-]+ [A-Z0-9]+) .*/\1/'
}

# check_answers POINT WANT COMMAND...
check_answers() {
	check_eq "$1" "$(answers "${@:3}")" "$2"
}

as_nobody() {
	setpriv --reuid 65534 --regid 65534 --clear-groups "$@"
}

without_net_admin() {
	setpriv --bounding-set -net_admin --inh-caps -net_admin \
		--ambient-caps -all setpriv --no-new-privs "$@"
}
