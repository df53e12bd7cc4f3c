# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests that run the battery: the tries of tries/.

# shellcheck source=isolation.sh
. "$(dirname "$0")/isolation.sh"

PATH=$PURSER_TEST_BIN:$PATH
TRIES=$PURSER_TEST_BIN/tries
BASE=$TEST_DIR/base
VICTIM=		# a process of the host that runs as root
TRY_ENV=()	# variables for the tries: NAME=VALUE

make_base() {
	make_busybox_root "$BASE" && cp "$TRIES" "$BASE/bin/" &&
		mknod "$BASE/etc/full" c 1 7
}

# begin_battery - start a supervisor whose base has the tries, and a victim
begin_battery() {
	require_module
	make_base || ktap_bail "cannot make a base"
	require_supervisor "$BASE"
	begin_victim
}

begin_victim() {
	sleep 100000 &
	VICTIM=$!
	at_exit kill "$VICTIM"
}

# outside_of_all [OPTION...] GROUP... - let root of the host make the tries without the
# protection; the outcomes go to the file "off"
outside_of_all() {
	local fifo

	rm -f "$TEST_DIR/fifo"
	mkfifo "$TEST_DIR/fifo" && exec {fifo}<>"$TEST_DIR/fifo" &&
		env "${TRY_ENV[@]}" tries --off "$@" >"$TEST_DIR/off" 2>&"$fifo" &&
		exec {fifo}>&-
}

# tries_as WHO GROUP... - let a user of the host make the tries, by the function WHO; the
# outcomes go to the file "WHO"
tries_as() {
	"$1" env "${TRY_ENV[@]}" "$TEST_DIR/tries" --outside "${@:2}" >"$TEST_DIR/$1"
}

# outcomes FILE ARRAY - read the outcome of each try into the array, by the try's name
outcomes() {
	local -n outcome_of=$2
	local try outcome

	while IFS=$'\t' read -r try outcome; do
		# shellcheck disable=SC2034 # it refers to the array
		outcome_of[$try]=$outcome
	done <"$1"
}

# say_outcome OUTCOME - set REPLY to the words for it in the name of a point
say_outcome() {
	case $1 in
	success) REPLY=succeeds ;;
	nothing) REPLY='finds only zeros' ;;
	SIG*) REPLY="is killed by $1" ;;
	*) REPLY="fails with $1" ;;
	esac
}

# compare_outcomes WANTED FILE OFF [WHO] - check for each try that its outcomes with the
# protection (FILE) and without it (OFF) are the expected ones
compare_outcomes() {
	local -A on=() off=()
	local try want want_off lacks point got got_off n=0

	outcomes "$2" on
	outcomes "$3" off
	while IFS=$'\t' read -r try want want_off lacks _; do
		n=$((n + 1))
		say_outcome "$want"
		point="${4:+$4: }$try $REPLY"
		got=${on[$try]-none} got_off=${off[$try]-none}
		if [[ $got != success && $got_off =~ ^(ENOSYS|$lacks)$ ]] &&
			[ "$got_off" != "$want_off" ]; then
			ktap_skip "$point" \
				"this kernel does not support the try: $got_off"
		elif [ "$got" != "$want" ]; then
			ktap_fail "$point" "got: $got, want: $want"
		elif [ "$got_off" != "$want_off" ]; then
			ktap_fail "$point" \
				"without the protection: $got_off, want: $want_off"
		else
			ktap_pass "$point"
		fi
	done <"$1"
	ktap_diag "$n tries"
	check "${4:+$4: }each try has an outcome with and without the protection" \
		test "$n:$n" = "${#on[@]}:${#off[@]}"
}
