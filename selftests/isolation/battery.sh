# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests that make the tries of tries/ share.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

PATH=$PURSER_TEST_BIN:$PATH
TRIES=$PURSER_TEST_BIN/tries
BASE=$TEST_DIR/base
VICTIM=		# a process of the host's that runs as root
TOLD=()		# what the tries are told: NAME=VALUE

make_base() {
	make_busybox_root "$BASE" && cp "$TRIES" "$BASE/bin/" &&
		mknod "$BASE/etc/full" c 1 7
}

# begin_battery - a supervisor whose base has the tries, and a victim
begin_battery() {
	require_module
	make_base || ktap_bail "no base"
	require_supervisor "$BASE"
	begin_victim
}

begin_victim() {
	sleep 100000 &
	VICTIM=$!
	at_exit kill "$VICTIM"
}

# outside_of_all [OPTION...] GROUP... - what comes of the tries by root of the host, in
# the file "off"
outside_of_all() {
	local fifo

	rm -f "$TEST_DIR/fifo"
	mkfifo "$TEST_DIR/fifo" && exec {fifo}<>"$TEST_DIR/fifo" &&
		env "${TOLD[@]}" tries --off "$@" >"$TEST_DIR/off" 2>&"$fifo" &&
		exec {fifo}>&-
}

# tries_as WHO GROUP... - what comes of the tries of users of the host, in the file "WHO"
tries_as() {
	"$1" env "${TOLD[@]}" "$TEST_DIR/tries" --outside "${@:2}" >"$TEST_DIR/$1"
}

# outcomes FILE ARRAY - of each try, by its name
outcomes() {
	local -n outcome_of=$2
	local try outcome

	while IFS=$'\t' read -r try outcome; do
		# shellcheck disable=SC2034 # another name for the array
		outcome_of[$try]=$outcome
	done <"$1"
}

# compare_outcomes WANTED FILE OFF [WHO] - a point for each try: it came to what it must
# with the protection and without it
compare_outcomes() {
	local -A on=() off=()
	local try want want_off lacks point got got_off n=0

	outcomes "$2" on
	outcomes "$3" off
	while IFS=$'\t' read -r try want want_off lacks _; do
		n=$((n + 1))
		point=${4:+$4: }$try got=${on[$try]-none} got_off=${off[$try]-none}
		if [[ $got != success && $got_off =~ ^(ENOSYS|$lacks)$ ]] &&
			[ "$got_off" != "$want_off" ]; then
			ktap_skip "$point" "this kernel has no such thing: $got_off"
		elif [ "$got" != "$want" ]; then
			ktap_fail "$point" "got: $got, want: $want"
		elif [ "$got_off" != "$want_off" ]; then
			ktap_fail "$point" \
				"without the protection: $got_off, want: $want_off"
		else
			ktap_pass "$point: $want"
		fi
	done <"$1"
	ktap_diag "$n tries"
	check "there are so many outcomes as tries" \
		test "$n:$n" = "${#on[@]}:${#off[@]}"
}
