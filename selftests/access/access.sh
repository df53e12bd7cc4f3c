# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of access rights: the table that attempts.c expects, the
# answers that it must get, and ways to run it without privileges.

# shellcheck source=../kmod/kmod.sh
. "$(dirname "$0")/../kmod/kmod.sh"

# An unprivileged user may be unable to reach the build folder.
chmod 755 "$TEST_DIR"
cp "$PURSER_TEST_BIN/attempts" "$TEST_DIR/" || ktap_bail "no attempts"
PATH=$TEST_DIR:$PURSER_TEST_BIN:$PURSER_BUILD/tests/bin/kmod:$PATH

# make_table - load the module and register the containers that attempts.c needs:
# "web", which has limits and a cookie and whose init is TARGET, and "ended"
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

# check_unharmed - check that the table is as make_table() left it
check_unharmed() {
	check_eq "the attempts made no event" "$(events_made)" "$events"
	check_record "the attempts did not change the record of web" \
		web soft_limit=1073741824 hard_limit=0 cookie=secret
}

# What attempts.c prints for a caller that may do everything, and for one that may
# only read. Most of the kernel's messages are left out, see answers().

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

# The kernel refuses the other requests before it looks at their attributes.
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

# nothing_inside JOIN DEVICE - print what attempts.c prints for a member of a
# container
nothing_inside() {
	local what

	for what in info get list register unregister set stop event-get; do
		echo "$what EPERM the caller is inside a container"
	done
	echo "join $1"
	echo "device $2"
}

# answers COMMAND... - run attempts.c by COMMAND and print its answers, without the
# messages that no test looks at
answers() {
	"$@" 2>&1 | sed -E '/inside a container|cookie$/!s/^([a-z-]+ [A-Z0-9]+) .*/\1/'
}

# check_answers POINT WANT COMMAND... - check the answers that attempts.c gets
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
