# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for tests in shell. A test sources this file, prints its points with the
# functions below, and ends with ktap_end:
#
#	. "$(dirname "$0")/../lib/kselftest.sh"
#	require_module
#	check "the family answers" purserctl info
#	check_eq "no container is registered" "$(purserctl list --json)" "[]"
#	ktap_end
#
# A test that ends in any other way has failed. When the test ends, in whatever way,
# everything that these functions started or made is stopped and removed.

set -u -o pipefail

PURSER_ROOT=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
PURSER_BUILD=$PURSER_ROOT/build
PURSER_BIN=$PURSER_BUILD/bin
PURSER_ROOTFS=$PURSER_BUILD/rootfs
# The programs that the Makefile builds from the C files of the test's folder.
# shellcheck disable=SC2034
PURSER_TEST_BIN=$PURSER_BUILD/tests/bin/$(basename "$(dirname "$(realpath "$0")")")
export PURSER_ROOT PURSER_BUILD PURSER_BIN PURSER_ROOTFS
PATH=$PURSER_BIN:$PATH
# "engine run" prints only what it has to say itself. Tests of the output unset this.
export PURSER_QUIET=1

# The module for the running kernel, else the module that was built last.
PURSER_KO=$PURSER_BUILD/kmod/$(uname -r)/purser.ko
[ -e "$PURSER_KO" ] || PURSER_KO=$PURSER_BUILD/purser.ko

# How many seconds wait_for waits before it gives up. It is generous, since emulated
# machines are slow; PURSER_SLOW is a further factor for slow kernels.
WAIT_CAP=${WAIT_CAP:-$((60 * ${PURSER_SLOW:-1}))}

_ktap_count=0
_ktap_failed=0
_ktap_skipped=0
_ktap_planned=
_ktap_ended=0
_cleanups=()

# A private folder of the test, removed at its end.
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/purser-test.XXXXXX") || exit 1
# A FIFO for nap. It is open for reading and writing, so a read blocks until its time-out.
mkfifo "$TEST_DIR/.nap" && exec {_nap}<>"$TEST_DIR/.nap" || exit 1

# --- Points ---

echo "TAP version 13"

# ktap_plan N - announce N points; without it, ktap_end prints how many there were
ktap_plan() {
	_ktap_planned=$1
	echo "1..$1"
}

# ktap_diag TEXT - print lines of comment
ktap_diag() {
	printf '%s\n' "$*" | sed 's/^/# /'
}

ktap_pass() {	# ktap_pass NAME
	_ktap_count=$((_ktap_count + 1))
	echo "ok $_ktap_count $1"
}

ktap_fail() {	# ktap_fail NAME [WHY]
	_ktap_count=$((_ktap_count + 1))
	_ktap_failed=$((_ktap_failed + 1))
	echo "not ok $_ktap_count $1"
	[ $# -lt 2 ] || ktap_diag "$2"
}

ktap_skip() {	# ktap_skip NAME REASON
	_ktap_count=$((_ktap_count + 1))
	_ktap_skipped=$((_ktap_skipped + 1))
	echo "ok $_ktap_count $1 # SKIP $2"
}

# ktap_skip_all REASON - end the test as skipped: none of its points can be checked here
ktap_skip_all() {
	echo "1..0 # SKIP $1"
	_ktap_ended=1
	exit 4
}

# ktap_bail REASON - end the test as failed, since its other points cannot be checked
ktap_bail() {
	echo "Bail out! $1"
	_ktap_ended=1
	exit 1
}

# ktap_end - end the test; the last line of a test calls this
ktap_end() {
	[ "$_ktap_planned" ] || echo "1..$_ktap_count"
	_ktap_ended=1
	[ "$_ktap_failed" -eq 0 ] || exit 1
	[ "$_ktap_count" -gt "$_ktap_skipped" ] || exit 4
	exit 0
}

# --- Checks: each prints one point ---

# The output of the command of the last check, stdout and stderr together.
OUTPUT=

_run() {	# _run COMMAND...: sets OUTPUT and _status
	_status=0
	"$@" >"$TEST_DIR/.output" 2>&1 </dev/null || _status=$?
	OUTPUT=$(tr -d '\0' <"$TEST_DIR/.output")
}

_point() {	# _point NAME TRUE|FALSE WHY
	if [ "$2" = true ]; then
		ktap_pass "$1"
	else
		ktap_fail "$1" "$3"
	fi
}

# check NAME COMMAND... - the command (or function) succeeds
check() {
	local name=$1

	shift
	_run "$@"
	_point "$name" "$([ "$_status" -eq 0 ] && echo true)" \
		"status $_status: $*"$'\n'"$OUTPUT"
}

# check_status NAME STATUS COMMAND... - the command exits with exactly that status
check_status() {
	local name=$1 want=$2

	shift 2
	_run "$@"
	_point "$name" "$([ "$_status" -eq "$want" ] && echo true)" \
		"status $_status, not $want: $*"$'\n'"$OUTPUT"
}

# check_eq NAME GOT WANT - the two strings are equal
check_eq() {
	_point "$1" "$([ "$2" = "$3" ] && echo true)" \
		"got:  $2"$'\n'"want: $3"
}

# check_match NAME TEXT REGEX - TEXT matches the extended regular expression
check_match() {
	_point "$1" "$([[ $2 =~ $3 ]] && echo true)" \
		"got:  $2"$'\n'"want: a match of $3"
}

# check_no_match NAME TEXT REGEX - TEXT does not match it
check_no_match() {
	_point "$1" "$([[ $2 =~ $3 ]] || echo true)" \
		"got:  $2"$'\n'"want: no match of $3"
}

# --- Waiting ---

# nap SECONDS - sleep without starting a process
nap() {
	local _

	read -r -t "$1" -u "$_nap" _ || true
}

# wait_for COMMAND... - repeat the command until it succeeds; fail after WAIT_CAP seconds
wait_for() {
	local end=$((SECONDS + WAIT_CAP))

	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			ktap_diag "after $WAIT_CAP s this still fails: $*"
			return 1
		fi
		nap 0.05
	done
}

# is_gone PID - there is no such process, not even a zombie
is_gone() {
	[ ! -e "/proc/$1" ]
}

# --- Cleaning up ---

# at_exit COMMAND... - run the command when the test ends; the last one added runs first
at_exit() {
	_cleanups+=("$(printf '%q ' "$@")")
}

_exit() {
	local status=$? i

	trap - EXIT
	# A child of this shell that gets a signal before it executes its program has these traps.
	[ "$BASHPID" = "$$" ] || exit "$status"
	for ((i = ${#_cleanups[@]} - 1; i >= 0; i--)); do
		eval "${_cleanups[i]}" >"$TEST_DIR/.cleanup" 2>&1 && continue
		ktap_diag "cleaning up failed: ${_cleanups[i]}"
		ktap_diag "$(<"$TEST_DIR/.cleanup")"
		status=1
	done
	rm -rf "$TEST_DIR" || status=1
	if [ "$_ktap_ended" = 0 ]; then
		echo "Bail out! the test ended with status $status before ktap_end"
		status=1
	fi
	exit "$status"
}

trap _exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- The kernel ---

# kernel_is_since MAJOR MINOR - the running kernel has that version or a later one
kernel_is_since() {
	local major minor

	IFS=.- read -r major minor _ < <(uname -r)
	((major > $1 || (major == $1 && minor >= $2)))
}

# require_engine - skip the rest of the test if the kernel is too old for engine. This
# compares versions instead of asking engine: a fault of engine must fail the test.
require_engine() {
	kernel_is_since 5 12 || ktap_skip_all "engine needs Linux 5.12"
}

# --- The module ---

# require_machine - skip the rest unless this is a guest or PURSER_NATIVE=1 is set. A test
# that somebody starts by hand must not load a module into the kernel of that machine.
require_machine() {
	[ "$(id -u)" -eq 0 ] || ktap_skip_all "the test needs root"
	[ "${PURSER_VM:-}${PURSER_NATIVE:-}" ] ||
		ktap_skip_all "the test needs the virtual machine or PURSER_NATIVE=1"
}

module_is_loaded() {
	[ -e /sys/module/purser ]
}

# load_module [PARAMETER=VALUE...] - load the module, and unload it when the test ends.
# The test has then ended its containers, but their processes may still be dying.
load_module() {
	insmod "$PURSER_KO" "$@" || return
	at_exit wait_for unload_module
}

# unload_module - unload the module if it is loaded
unload_module() {
	! module_is_loaded || rmmod purser
}

# require_no_module - unload a module that an earlier test has left, or bail out
require_no_module() {
	require_machine
	unload_module || ktap_bail "cannot unload the module that is loaded already"
}

# require_module [PARAMETER=VALUE...] - load the module as load_module does, or bail out
require_module() {
	require_no_module
	load_module "$@" || ktap_bail "cannot load $PURSER_KO"
}

# kernel_log - print the module's lines in the kernel log since the test began
kernel_log() {
	dmesg | sed -n "/purser-test: .*: $$\$/,\$p" | grep 'purser: '
}

[ ! -w /dev/kmsg ] || echo "purser-test: ${0##*/}: $$" >/dev/kmsg

# --- The supervisor ---

SUPERVISOR_PID=
SUPERVISOR_LOG=$TEST_DIR/supervisor.log

# start_supervisor [BASE_ROOTFS [OPTION...]] - start a supervisor in folders of its own:
# RUN_DIR, STATE_DIR and LOG_DIR. Return when it accepts requests. engine's other commands
# find it by PURSER_RUN_DIR. Root of containers is root of the host on every kernel and file
# system, unless an option says something else.
start_supervisor() {
	local base=${1:-$PURSER_ROOTFS} word=

	[ $# -eq 0 ] || shift
	RUN_DIR=$TEST_DIR/run STATE_DIR=$TEST_DIR/state LOG_DIR=$TEST_DIR/log
	export PURSER_RUN_DIR=$RUN_DIR
	rm -f "$TEST_DIR/.ready"
	mkfifo "$TEST_DIR/.ready" || return
	engine supervisor "$base" --run-dir "$RUN_DIR" \
		--state-dir "$STATE_DIR" --log-dir "$LOG_DIR" \
		--ready-fd 9 --userns host "$@" 9>"$TEST_DIR/.ready" \
		</dev/null >>"$SUPERVISOR_LOG" 2>&1 &
	SUPERVISOR_PID=$!
	at_exit stop_supervisor
	# The supervisor writes a word when it is ready. If it dies, the read ends without.
	read -r -t "$WAIT_CAP" word <"$TEST_DIR/.ready" || true
	if [ -z "$word" ]; then
		ktap_diag "the supervisor did not start: $(<"$SUPERVISOR_LOG")"
		return 1
	fi
}

# stop_supervisor [SIGNAL] - return the supervisor's exit status, or 0 if none runs
stop_supervisor() {
	local pid=$SUPERVISOR_PID status=0

	[ "$pid" ] || return 0
	SUPERVISOR_PID=
	kill -s "${1:-TERM}" "$pid" 2>/dev/null
	wait "$pid" || status=$?
	return "$status"
}

# require_supervisor [BASE_ROOTFS [OPTION...]] - start a supervisor, or bail out
require_supervisor() {
	require_engine
	start_supervisor "$@" || ktap_bail "cannot start a supervisor"
}

# --- Roots of containers ---

# make_busybox_root DIR - make a small root with busybox and the workloads
make_busybox_root() {
	mkdir -p "$1"/{bin,dev,etc,proc,root,sys,tmp,usr} &&
		ln -s ../bin "$1/usr/bin" &&
		cp /bin/busybox "$1/bin/" &&
		/bin/busybox --install -s "$1/bin" &&
		cp "$PURSER_BIN"/{memory_hog,cpu_hog,io_pulse} "$1/bin/" ||
		return
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}
