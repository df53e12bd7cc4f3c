# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of callers share. A test begins with
#
#	[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
#	. "$(dirname "$0")/../callers.sh"
#
# A test runs the same steps with purser-oci and with crun: "in_columns STEPS" calls the
# function STEPS once for each runtime. In it, "fact" notes what was seen.
# PURSER_CALLERS_RUNTIMES has the names of other runtimes; "purser" must be among them.

# Each command of podman takes seconds on an emulated machine.
WAIT_CAP=${WAIT_CAP:-$((300 * ${PURSER_SLOW:-1}))}
# shellcheck source=../lib/kselftest.sh
. "$(dirname "${BASH_SOURCE[0]}")/../lib/kselftest.sh"

# shellcheck disable=SC2034 # the tests use it
PURSER_OCI=$PURSER_BIN/purser-oci
JSON=$PURSER_BUILD/tests/bin/purserctl/json
IMAGE=$TEST_DIR/image.tar
RUNTIME=	# the runtime of this column

declare -A FACTS=()	# "RUNTIME NAME" -> what was seen
FACT_NAMES=()

# require_callers COMMAND... - skip the test unless it runs in build/callers; load the
# module and make the image
require_callers() {
	require_machine
	[ "${PURSER_CALLERS:-no}" = yes ] ||
		ktap_skip_all "the test needs build/callers, which make check-oci makes"
	local command

	for command; do
		command -v "$command" >/dev/null ||
			ktap_skip_all "build/callers has no $command"
	done
	require_module
	mkdir -p /run/lock /var/lib/purser
	# All controllers are there for the callers' cgroups.
	sed 's/[^ ]*/+&/g' /sys/fs/cgroup/cgroup.controllers \
		>/sys/fs/cgroup/cgroup.subtree_control
	make_busybox_root "$TEST_DIR/image" || ktap_bail "cannot make a root"
	tar -C "$TEST_DIR/image" -cf "$IMAGE" . || ktap_bail "cannot make an image"
	rm -rf "$TEST_DIR/image"
}

# fact NAME GOT WANT - note what was seen. With purser-oci it must match the regular
# expression WANT; another runtime may differ, which is listed.
fact() {
	FACTS["$RUNTIME $1"]=$2
	if [ "$RUNTIME" = purser ]; then
		FACT_NAMES+=("$1")
		check_match "$1" "$2" "^($3)\$"
	elif ! [[ $2 =~ ^($3)$ ]]; then
		ktap_diag "$RUNTIME: $1: $2"
	fi
}

# outcome COMMAND... - print its output and, if it is not 0, its exit status
outcome() {
	local status=0 text

	text=$("$@" 2>&1 </dev/null) || status=$?
	text=${text//$'\r'/}
	[ "$status" = 0 ] || text+="${text:+ }[$status]"
	printf '%s' "$text"
}

# tty COMMAND... - run the command on a terminal. script writes the end of its input to the
# terminal, which may echo it.
tty() {
	script -qec "stty rows 33 cols 99; $(printf '%q ' "$@")" /dev/null </dev/null |
		tr -d '\0\4' | sed 's/\^[@D]//g; /^\r*$/d'
}

# record NAME ID WANT POINTER... - with purser-oci, these fields of the kernel's record of
# the container match WANT
record() {
	[ "$RUNTIME" = purser ] || return 0
	check_match "$1" "$(shown "$2" "${@:4}")" "^($3)\$"
}

# shown ID POINTER... - fields of the kernel's record
shown() {
	local id=$1

	shift
	purserctl show "$id" --json 2>/dev/null | "$JSON" "$@" 2>/dev/null
}

# alike TEXT RUNTIME - the text without what differs between two containers
alike() {
	sed -E "s/\\<[0-9a-f]{64}\\>/ID/g; s/\\<[ce]-$2\\>/NAME/g" <<<"$1"
}

# print_difference NAME RUNTIME - print what purser-oci and RUNTIME did, if it differs
print_difference() {
	local ours other

	ours=$(alike "${FACTS["purser $1"]}" purser)
	other=$(alike "${FACTS["$2 $1"]-}" "$2")
	[ "$ours" = "$other" ] ||
		ktap_diag "differs: $1"$'\n'"   purser-oci: $ours"$'\n'"   $2: $other"
}

# in_columns STEPS - run the steps with each runtime, and print what differs
in_columns() {
	local steps=$1 name runtime runtimes

	read -ra runtimes <<<"${PURSER_CALLERS_RUNTIMES:-purser crun}"
	for RUNTIME in "${runtimes[@]}"; do
		ktap_diag "--- $RUNTIME"
		"$steps"
	done
	for name in "${FACT_NAMES[@]}"; do
		for runtime in "${runtimes[@]}"; do
			[ "$runtime" = purser ] || print_difference "$name" "$runtime"
		done
	done
}
