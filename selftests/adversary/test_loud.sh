#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A noisy container harms nobody. If it crosses its soft limit as often as it can, the
# kernel makes at most one event and log line of it a second, and events of other
# containers' lives are not lost. If its processes have hostile names, every message
# about them stays one clean line.

. "$(dirname "$0")/adversary.sh"

JSON=$PURSER_BUILD/tests/bin/purserctl/json

begin event_log=64

# --- A container that swings around its soft limit ---

TYPE=	# the type of the last soft limit event that was read

# next_soft NAME - read on to its next soft limit event; sets EVENT and TYPE
next_soft() {
	while read -r -t "$WAIT_CAP" -u "$MONITOR" EVENT; do
		[[ $EVENT == *'"event":"soft_'*"\"name\":\"$1\""* ]] || continue
		field "$EVENT" event
		TYPE=$REPLY
		return 0
	done
	echo "waited in vain for an event of the soft limit of $1"
	return 1
}

# await_soft NAME TYPE - read on until its last soft limit event has that type
await_soft() {
	until [ "$TYPE" = "$2" ]; do
		next_soft "$1" || return
	done
}

# kept - print the events that the kernel keeps; older ones may be lost
kept() {
	purserctl events --json 2>/dev/null || [ $? -eq 6 ]
}

# soft_events NAME - print its soft limit events as lines "TIME TYPE"
soft_events() {
	kept | grep -F "\"name\":\"$1\"" |
		sed -nE 's/.*"time":([0-9]+),"event":"(soft_[a-z]+)".*/\1 \2/p'
}

# apart NAME - its soft limit events are a second apart, and neighbours differ in type
apart() {
	soft_events "$1" | awk '
		NR > 1 && $1 - time < 1000000000 {
			print $2 " came only " ($1 - time) " ns after " type
			bad++
		}
		NR > 1 && $2 == type { print type " came twice in a row"; bad++ }
		{ time = $1; type = $2 }
		END { exit bad > 0 || NR < 2 }'
}

# lines_of NAME - print how many lines about its soft limit the kernel log has
lines_of() {
	kernel_log | grep -cF "soft limit container=$1 "
}

attack swing --soft-mib 4 --hard-mib 0 -- loud_swing 2048 3072 ||
	ktap_bail "cannot start the container that swings"
order go
check "swing: crossing the soft limit makes events" eval \
	'next_soft swing && next_soft swing && next_soft swing && next_soft swing'
order up
check "swing: the container stops above the limit" wait_line 'swung *'
swung=${LINE#swung }
check "swing: the last event is soft_limit" await_soft swing soft_limit
order down
check "swing: the container stops below the limit" wait_line 'swung *'
check "swing: the last event is soft_clear" await_soft swing soft_clear
show swing
check "swing: events are a second apart and alternate" apart swing
field "$RECORD" soft_crossings
crossings=$REPLY
events=$(soft_events swing | grep -c soft_limit)
check "swing: the record counts more crossings than events" \
	test "$crossings" -gt "$events"
check "swing: the record counts no more crossings than happened" \
	test "$crossings" -le $((swung + 1))
field "$RECORD" soft_held
check_eq "swing: the record counts the crossings without an event" \
	"$REPLY" $((crossings - events))
check "swing: the kernel log has no more lines than events" \
	test "$(lines_of swing)" -le "$events"
finish swing

# --- Many containers that swing ---

N_SWINGERS=10
N_EVENTS=80	# more than the kernel's event log holds

# lives_of NAME - print the types of its events that the kernel keeps
lives_of() {
	kept | grep -F "\"name\":\"$1\"" |
		sed -E 's/.*"event":"([a-z_]+)".*/\1/' | paste -sd ' '
}

check "a quiet container starts and exits" engine run quiet "$ROOT" -- true
orders=() pids=()
for ((i = 0; i < N_SWINGERS; i++)); do
	attack_bare "loud$i" --soft-mib 4 -- loud_swing 2048 3072 ||
		ktap_bail "cannot start a process that swings"
	orders+=("$ORDERS") pids+=("$PID")
done
for i in "${orders[@]}"; do
	echo go >&"$i"
done
# hear N - read on until N soft limit events have come
hear() {
	local n

	for ((n = 0; n < $1; )); do
		read -r -t "$WAIT_CAP" -u "$MONITOR" EVENT || return
		[[ $EVENT != *'"event":"soft_'* ]] || n=$((n + 1))
	done
}
check "$N_SWINGERS processes make $N_EVENTS events" hear $N_EVENTS
check_eq "the kernel keeps the events of the quiet container" \
	"$(lives_of quiet)" "registered started exited"
for ((i = 0; i < N_SWINGERS; i++)); do
	kill -KILL "${pids[i]}"
done
for ((i = 0; i < N_SWINGERS; i++)); do
	check "loud$i: the record tells its end" \
		wait_for record_is "loud$i" state=exited
done
for ((i = 0; i < N_SWINGERS; i++)); do
	apart "loud$i" >>"$TEST_DIR/apart"
done
check_eq "the events of each loud container are a second apart and alternate" \
	"$(<"$TEST_DIR/apart")" ""
check "the numbers of the kept events go up" \
	eval 'kept | sed -E "s/.*\"seq\":([0-9]+),.*/\1/" | sort -nuc'

# --- Names ---

# Escape sequences of a terminal; a line that looks like Purser's; invalid UTF-8; control
# characters and a change of direction in UTF-8; the end of a JSON string; white space.
# shellcheck disable=SC1003 # the backslash is part of the name
names=($'\e[2J\e]0;x\a' $'a\npurser: fake' $'\xff\xfe\xc0\x80\xed\xa0\x80'
	$'\u009b2J\u202egnp.x' '"},{"a":["\' $' \t\r\b \x7f ')

in_hex() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# clean FILE - it has no control characters but tabs and newlines, no changes of
# direction, and no invalid UTF-8
clean() {
	if LC_ALL=C grep -anP \
		'[\x00-\x08\x0b-\x1f\x7f]|\xc2[\x80-\x9f]|\xe2\x80[\x8e\x8f\xa8-\xae]|\xe2\x81[\xa6-\xa9]' \
		"$1"; then
		return 1
	fi
	iconv -f utf-8 -t utf-8 "$1" >/dev/null
}

start_plain_monitor() {
	purserctl monitor --ready-fd 9 >"$TEST_DIR/monitor" \
		9>"$TEST_DIR/.joined" &
	at_exit stop_process $!
	read -r -t "$WAIT_CAP" _ <"$TEST_DIR/.joined"
}

start_plain_monitor || ktap_bail "cannot start a second monitor"
for ((i = 0; i < ${#names[@]}; i++)); do
	check "name $i: the attacker is ready" attack "take$i" --soft-mib 4 \
		--hard-mib 8 -- \
		loud_name "$(in_hex "${names[i]}")" take 12
	order go
	check_event "name $i: the hard limit kills the attacker" \
		"take$i" exited reason=hard_limit_killed
	gone 2>/dev/null
	cat "$TEST_DIR/engine-run" >>"$TEST_DIR/words"
	check "name $i: the victim is ready" attack "die$i" -- loud_swing 4 4
	victim=$PID victim_run=$RUN_PID
	check "name $i: the victim's killer is ready" attack_bare "kill$i" -- \
		loud_name "$(in_hex "${names[i]}")" kill "$victim"
	order go
	check_event "name $i: the killer kills the victim" \
		"die$i" exited reason=killed signal=9
	wait "$victim_run" 2>/dev/null
	cat "$TEST_DIR/engine-run" >>"$TEST_DIR/words"
	finish "kill$i"
done

purserctl list >"$TEST_DIR/list"
purserctl list --json >"$TEST_DIR/list.json"
purserctl events >"$TEST_DIR/events" 2>"$TEST_DIR/lost"
kept >"$TEST_DIR/events.json"
engine ps >"$TEST_DIR/ps"
engine ps --json >"$TEST_DIR/ps.json"
for ((i = 0; i < ${#names[@]}; i++)); do
	purserctl show "die$i" >>"$TEST_DIR/show"
	purserctl show "take$i" >>"$TEST_DIR/show"
	purserctl show --json "take$i" >>"$TEST_DIR/show.json"
done
busybox dmesg | grep -a 'purser' >"$TEST_DIR/dmesg"

for what in list list.json events events.json ps ps.json show show.json monitor words \
	dmesg; do
	check "$what: the output is not empty" test -s "$TEST_DIR/$what"
	check "$what: the output has no control characters and is UTF-8" \
		clean "$TEST_DIR/$what"
	check_no_match "$what: no line begins with text from the name" \
		"$(<"$TEST_DIR/$what")" $'\n''(purser: fake|[^\n]*[]] *purser: fake)'
done
check_eq "list prints one line a record" "$(wc -l <"$TEST_DIR/list")" \
	$(($("$JSON" '?length' <"$TEST_DIR/list.json") + 1))
check_eq "events prints one line an event" \
	"$(wc -l <"$TEST_DIR/events")" "$(wc -l <"$TEST_DIR/events.json")"
check_eq "show prints as many lines for each record" \
	"$(awk '{ print $1 }' "$TEST_DIR/show" | sort | uniq -c |
		awk '{ print $1 }' | uniq)" $((2 * ${#names[@]}))
for what in list ps events show; do
	check "$what.json: the output is valid JSON" \
		eval "\"\$JSON\" <'$TEST_DIR/$what.json'"
done
check_eq "engine run prints one line about each death" \
	"$(wc -l <"$TEST_DIR/words")" $((2 * ${#names[@]}))

check_unload
ktap_end
