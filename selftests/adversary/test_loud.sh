#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A container makes noise. It crosses its soft limit as often as it can: its events
# and log lines come one a second, and those of other containers' lives are not lost.
# Its processes have names that are none: what is printed of them stays one line.

. "$(dirname "$0")/adversary.sh"

JSON=$PURSER_BUILD/tests/bin/purserctl/json

begin event_log=64

# --- One that swings around its soft limit ---

TYPE=	# of the last event of the soft limit that was read

# next_soft NAME - read on to its next event of the soft limit; sets EVENT and TYPE
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

# told NAME TYPE - read on until the last event of its soft limit is that one
told() {
	until [ "$TYPE" = "$2" ]; do
		next_soft "$1" || return
	done
}

# kept - the events that the kernel keeps; it may have lost others
kept() {
	purserctl events --json 2>/dev/null || [ $? -eq 6 ]
}

# soft_events NAME - those of its soft limit: lines "TIME TYPE"
soft_events() {
	kept | grep -F "\"name\":\"$1\"" |
		sed -nE 's/.*"time":([0-9]+),"event":"(soft_[a-z]+)".*/\1 \2/p'
}

# apart - of lines "TIME TYPE": a second lies between two, which differ in type
apart() {
	soft_events "$1" | awk '
		NR > 1 && $1 - time < 1000000000 {
			print $2 " came " ($1 - time) " ns after " type
			bad++
		}
		NR > 1 && $2 == type { print type " came twice"; bad++ }
		{ time = $1; type = $2 }
		END { exit bad > 0 || NR < 2 }'
}

# lines_of NAME - of its soft limit in the kernel log
lines_of() {
	kernel_log | grep -cF "soft limit container=$1 "
}

attack swing --soft-mib 4 --hard-mib 0 -- loud_swing 2048 3072 ||
	ktap_bail "no container that swings"
order go
check "it swings: there are events" eval \
	'next_soft swing && next_soft swing && next_soft swing && next_soft swing'
order up
check "it stops above the limit" wait_line 'swung *'
swung=${LINE#swung }
check "and that is told in the end" told swing soft_limit
order down
check "it stops below the limit" wait_line 'swung *'
check "and that is told in the end, too" told swing soft_clear
show swing
check "each event comes a second after the last one, and is another one" apart swing
field "$RECORD" soft_crossings
crossings=$REPLY
events=$(soft_events swing | grep -c soft_limit)
check "it did swing: it has crossed the limit more often than it was told" \
	test "$crossings" -gt "$events"
check "and no more often than it swung" test "$crossings" -le $((swung + 1))
field "$RECORD" soft_held
check_eq "the others are counted" "$REPLY" $((crossings - events))
check "the kernel log has no more lines than there were events" \
	test "$(lines_of swing)" -le "$events"
finish swing

# --- Many of them ---

N_SWINGERS=10
N_EVENTS=80	# more than the log holds

lives_of() {	# lives_of NAME: the types of its events that the kernel keeps
	kept | grep -F "\"name\":\"$1\"" |
		sed -E 's/.*"event":"([a-z_]+)".*/\1/' | paste -sd ' '
}

check "a container lives and dies" engine run quiet "$ROOT" -- true
orders=() pids=()
for ((i = 0; i < N_SWINGERS; i++)); do
	attack_bare "loud$i" --soft-mib 4 -- loud_swing 2048 3072 ||
		ktap_bail "no process that swings"
	orders+=("$ORDERS") pids+=("$PID")
done
for i in "${orders[@]}"; do
	echo go >&"$i"
done
hear() {	# hear N: so many events of soft limits
	local n

	for ((n = 0; n < $1; )); do
		read -r -t "$WAIT_CAP" -u "$MONITOR" EVENT || return
		[[ $EVENT != *'"event":"soft_'* ]] || n=$((n + 1))
	done
}
check "$N_SWINGERS processes make $N_EVENTS events" hear $N_EVENTS
check_eq "the quiet container's life is still in the kernel's log" \
	"$(lives_of quiet)" "registered started exited"
for ((i = 0; i < N_SWINGERS; i++)); do
	kill -KILL "${pids[i]}"
done
for ((i = 0; i < N_SWINGERS; i++)); do
	check "loud$i: its end is heard of" wait_for record_is "loud$i" state=exited
done
for ((i = 0; i < N_SWINGERS; i++)); do
	apart "loud$i" >>"$TEST_DIR/apart"
done
check_eq "each of them was told of once a second" "$(<"$TEST_DIR/apart")" ""
check "numbers go up in the kernel's log" eval \
	'kept | sed -E "s/.*\"seq\":([0-9]+),.*/\1/" | sort -nuc'

# --- Names ---

# What a terminal obeys; a line that looks like Purser's; no UTF-8; control
# characters and a change of direction in UTF-8; the end of a JSON string; blanks.
# shellcheck disable=SC1003 # it is not a quote that is wanted
names=($'\e[2J\e]0;x\a' $'a\npurser: fake' $'\xff\xfe\xc0\x80\xed\xa0\x80'
	$'\u009b2J\u202egnp.x' '"},{"a":["\' $' \t\r\b \x7f ')

in_hex() {
	printf '%s' "$1" | od -An -v -tx1 | tr -d ' \n'
}

# clean FILE - neither control characters, but for the ends of lines, nor changes of
# direction, nor bytes that are no UTF-8
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

start_plain_monitor || ktap_bail "no second monitor"
for ((i = 0; i < ${#names[@]}; i++)); do
	check "name $i: it is ready" attack "take$i" --soft-mib 4 --hard-mib 8 -- \
		loud_name "$(in_hex "${names[i]}")" take 12
	order go
	check_event "name $i: it is killed for its limit" "take$i" exited \
		reason=hard_limit_killed
	gone 2>/dev/null
	cat "$TEST_DIR/engine-run" >>"$TEST_DIR/words"
	check "name $i: a victim" attack "die$i" -- loud_swing 4 4
	victim=$PID victim_run=$RUN_PID
	check "name $i: its killer is ready" attack_bare "kill$i" -- \
		loud_name "$(in_hex "${names[i]}")" kill "$victim"
	order go
	check_event "name $i: it kills" "die$i" exited reason=killed signal=9
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
	check "$what: has something to say" test -s "$TEST_DIR/$what"
	check "$what: is clean" clean "$TEST_DIR/$what"
	check_no_match "$what: no line begins as the container likes" \
		"$(<"$TEST_DIR/$what")" $'\n''(purser: fake|[^\n]*[]] *purser: fake)'
done
check_eq "list has a line for each" "$(wc -l <"$TEST_DIR/list")" \
	$(($("$JSON" '?length' <"$TEST_DIR/list.json") + 1))
check_eq "events has a line for each" "$(wc -l <"$TEST_DIR/events")" \
	"$(wc -l <"$TEST_DIR/events.json")"
check_eq "show has as many lines for each" \
	"$(awk '{ print $1 }' "$TEST_DIR/show" | sort | uniq -c |
		awk '{ print $1 }' | uniq)" $((2 * ${#names[@]}))
for what in list ps events show; do
	check "$what.json: can be read" eval "\"\$JSON\" <'$TEST_DIR/$what.json'"
done
check_eq "a line says how each victim died" "$(wc -l <"$TEST_DIR/words")" \
	$((2 * ${#names[@]}))

check_unload
ktap_end
