# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests in shell share. A test sources this file, prints its points
# with the functions below and ends with ktap_end:
#
#	. "$(dirname "$0")/../lib/kselftest.sh"
#	require_module
#	check "the family answers" purserctl info
#	check_eq "nothing is registered" "$(purserctl list --json)" "[]"
#	ktap_end
#
# A test that ends in any other way has failed. Everything that is started or
# made with these functions is stopped and removed at its end, however it ends.

set -u -o pipefail

PURSER_ROOT=$(realpath "$(dirname "${BASH_SOURCE[0]}")/../..")
PURSER_BUILD=$PURSER_ROOT/build
PURSER_BIN=$PURSER_BUILD/bin
PURSER_ROOTFS=$PURSER_BUILD/rootfs
# Programs that the C files of this folder became.
# shellcheck disable=SC2034
PURSER_TEST_BIN=$PURSER_BUILD/tests/bin/$(basename "$(dirname "$(realpath "$0")")")
export PURSER_ROOT PURSER_BUILD PURSER_BIN PURSER_ROOTFS
PATH=$PURSER_BIN:$PATH

# The module for the kernel that runs, else the one that was built last.
PURSER_KO=$PURSER_BUILD/kmod/$(uname -r)/purser.ko
[ -e "$PURSER_KO" ] || PURSER_KO=$PURSER_BUILD/purser.ko

# How long wait_for waits, in seconds: not what anything should take, but when
# to stop believing in it. Emulated machines are slow, some kernels slower still:
# PURSER_SLOW times.
WAIT_CAP=${WAIT_CAP:-$((60 * ${PURSER_SLOW:-1}))}

_ktap_count=0
_ktap_failed=0
_ktap_skipped=0
_ktap_planned=
_ktap_ended=0
_cleanups=()

# A private folder, removed at the end.
TEST_DIR=$(mktemp -d "${TMPDIR:-/tmp}/purser-test.XXXXXX") || exit 1
# Opened for both, so that reading it waits and takes no process.
mkfifo "$TEST_DIR/.nap" && exec {_nap}<>"$TEST_DIR/.nap" || exit 1

# --- Points ---

echo "TAP version 13"

# ktap_plan N - how many points will come; ktap_end counts where it is not called
ktap_plan() {
	_ktap_planned=$1
	echo "1..$1"
}

# ktap_diag TEXT - lines for the reader
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

# ktap_skip_all REASON - nothing of this test can run here
ktap_skip_all() {
	echo "1..0 # SKIP $1"
	_ktap_ended=1
	exit 4
}

# ktap_bail REASON - going on makes no sense
ktap_bail() {
	echo "Bail out! $1"
	_ktap_ended=1
	exit 1
}

# ktap_end - the last line of a test
ktap_end() {
	[ "$_ktap_planned" ] || echo "1..$_ktap_count"
	_ktap_ended=1
	[ "$_ktap_failed" -eq 0 ] || exit 1
	[ "$_ktap_count" -gt "$_ktap_skipped" ] || exit 4
	exit 0
}

# --- Checks: one point each ---

# What the last command of a check printed, stdout and stderr together.
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

# check_status NAME STATUS COMMAND... - it exits with just that status
check_status() {
	local name=$1 want=$2

	shift 2
	_run "$@"
	_point "$name" "$([ "$_status" -eq "$want" ] && echo true)" \
		"status $_status, not $want: $*"$'\n'"$OUTPUT"
}

# check_eq NAME GOT WANT
check_eq() {
	_point "$1" "$([ "$2" = "$3" ] && echo true)" \
		"got:  $2"$'\n'"want: $3"
}

# check_match NAME TEXT REGEX - an extended regular expression, as in [[ =~ ]]
check_match() {
	_point "$1" "$([[ $2 =~ $3 ]] && echo true)" \
		"got:  $2"$'\n'"want: a match of $3"
}

# check_no_match NAME TEXT REGEX
check_no_match() {
	_point "$1" "$([[ $2 =~ $3 ]] || echo true)" \
		"got:  $2"$'\n'"want: no match of $3"
}

# --- Waiting ---

# nap SECONDS - without a process
nap() {
	local _

	read -r -t "$1" -u "$_nap" _ || true
}

# wait_for COMMAND... - try it again until it succeeds; 1 when WAIT_CAP is over
wait_for() {
	local end=$((SECONDS + WAIT_CAP))

	until "$@" >/dev/null 2>&1; do
		if [ "$SECONDS" -ge "$end" ]; then
			ktap_diag "waited $WAIT_CAP s in vain: $*"
			return 1
		fi
		nap 0.05
	done
}

# is_gone PID - no such process, not even a zombie
is_gone() {
	[ ! -e "/proc/$1" ]
}

# --- Cleaning up ---

# at_exit COMMAND... - run it when the test ends; the last one first
at_exit() {
	_cleanups+=("$(printf '%q ' "$@")")
}

_exit() {
	local status=$? i

	trap - EXIT
	for ((i = ${#_cleanups[@]} - 1; i >= 0; i--)); do
		eval "${_cleanups[i]}" >"$TEST_DIR/.cleanup" 2>&1 && continue
		ktap_diag "cleaning up failed: ${_cleanups[i]}"
		ktap_diag "$(<"$TEST_DIR/.cleanup")"
		status=1
	done
	rm -rf "$TEST_DIR" || status=1
	if [ "$_ktap_ended" = 0 ]; then
		echo "Bail out! the test ended early with status $status"
		status=1
	fi
	exit "$status"
}

trap _exit EXIT
trap 'exit 130' INT
trap 'exit 143' TERM

# --- The kernel ---

# kernel_is_since MAJOR MINOR - the running one is of that version, or a later one
kernel_is_since() {
	local major minor

	IFS=.- read -r major minor _ < <(uname -r)
	((major > $1 || (major == $1 && minor >= $2)))
}

# require_engine - where the kernel can make containers, or skip the rest. The version
# says so, and not engine: a mistake of its own is none of the kernel.
require_engine() {
	kernel_is_since 5 12 ||
		ktap_skip_all "containers of engine's need Linux 5.12"
}

# --- The module ---

# A stray run of a test must not load a module into somebody's kernel.
require_machine() {
	[ "$(id -u)" -eq 0 ] || ktap_skip_all "needs root"
	[ "${PURSER_VM:-}${PURSER_NATIVE:-}" ] ||
		ktap_skip_all "needs the virtual machine or PURSER_NATIVE=1"
}

module_is_loaded() {
	[ -e /sys/module/purser ]
}

# load_module [PARAMETER=VALUE...] - unloaded at the end of the test
# By then its containers have been ended, but some may still be dying.
load_module() {
	insmod "$PURSER_KO" "$@" || return
	at_exit wait_for unload_module
}

# unload_module - also where it is not loaded
unload_module() {
	! module_is_loaded || rmmod purser
}

# require_module [PARAMETER=VALUE...] - load it or give up; unloaded at the end
require_module() {
	require_machine
	# Left by a test before this one that died.
	unload_module || ktap_bail "a purser module is there and does not go"
	load_module "$@" || ktap_bail "cannot load $PURSER_KO"
}

# kernel_log - what the kernel has said of Purser since the test began
kernel_log() {
	dmesg | sed -n "/purser-test: .*: $$\$/,\$p" | grep 'purser: '
}

[ ! -w /dev/kmsg ] || echo "purser-test: ${0##*/}: $$" >/dev/kmsg

# --- The supervisor ---

SUPERVISOR_PID=
SUPERVISOR_LOG=$TEST_DIR/supervisor.log

# start_supervisor [BASE_ROOTFS [OPTION...]] - returns when it takes requests
# With roots of its own: RUN_DIR, STATE_DIR and LOG_DIR. engine's other commands
# find it by PURSER_RUN_DIR.
start_supervisor() {
	local base=${1:-$PURSER_ROOTFS} word=

	[ $# -eq 0 ] || shift
	RUN_DIR=$TEST_DIR/run STATE_DIR=$TEST_DIR/state LOG_DIR=$TEST_DIR/log
	export PURSER_RUN_DIR=$RUN_DIR
	rm -f "$TEST_DIR/.ready"
	mkfifo "$TEST_DIR/.ready" || return
	engine supervisor "$base" --run-dir "$RUN_DIR" \
		--state-dir "$STATE_DIR" --log-dir "$LOG_DIR" \
		--ready-fd 9 "$@" 9>"$TEST_DIR/.ready" \
		</dev/null >>"$SUPERVISOR_LOG" 2>&1 &
	SUPERVISOR_PID=$!
	at_exit stop_supervisor
	# Says something when it is ready; closes it silently when it dies.
	read -r -t "$WAIT_CAP" word <"$TEST_DIR/.ready" || true
	if [ -z "$word" ]; then
		ktap_diag "the supervisor did not start: $(<"$SUPERVISOR_LOG")"
		return 1
	fi
}

# stop_supervisor [SIGNAL] - returns its exit status; 0 where none runs
stop_supervisor() {
	local pid=$SUPERVISOR_PID status=0

	[ "$pid" ] || return 0
	SUPERVISOR_PID=
	kill -s "${1:-TERM}" "$pid" 2>/dev/null
	wait "$pid" || status=$?
	return "$status"
}

# require_supervisor [BASE_ROOTFS [OPTION...]]
require_supervisor() {
	require_engine
	start_supervisor "$@" || ktap_bail "no supervisor"
}

# --- Roots of containers ---

# make_busybox_root DIR - a small root: busybox and the workloads
make_busybox_root() {
	mkdir -p "$1"/{bin,dev,etc,proc,root,sys,tmp,usr} &&
		ln -s ../bin "$1/usr/bin" &&
		cp /bin/busybox "$1/bin/" &&
		/bin/busybox --install -s "$1/bin" &&
		cp "$PURSER_BIN"/{memory_hog,cpu_hog,io_pulse} "$1/bin/" ||
		return
	echo 'root:x:0:0:root:/root:/bin/sh' >"$1/etc/passwd"
}
