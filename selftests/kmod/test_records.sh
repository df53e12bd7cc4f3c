#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Records of ended containers: names that are used again, records that are forgotten, and
# records that are dropped to make room.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=4
start_monitor || ktap_bail "cannot listen to the events"

# end NAME [CODE] - run a container of that name that exits with CODE
end() {
	spawn --hold bash -c "exit ${2:-0}"
	register "$1" && release "$PID" && wait_event "$1" exited &&
		wait_for live_is 0
}

# names [OPTION...] - print the names in the table, in order
names() {
	local line names=()

	while read -r line; do
		[[ $line == *'"id":'* ]] || continue
		field "$line" name
		names+=("$REPLY")
	done < <(purserctl list --json "$@")
	echo "${names[*]-}"
}

# names_are NAMES - the table has these names. An event comes shortly before the change of
# the table, so this is for wait_for.
names_are() {
	[ "$(names)" = "$1" ]
}

# --- Ids and names ---

check "a container runs and exits" end web 1
check_record "the record of an ended container stays" web id=1 state=exited exit_code=1
start on_signal 15 default
check "the name of an ended container can be used again" register web
check_record "the name then finds the new container" web id=2 state=running pid="$PID"
check_record "the id finds the ended container" --id=1 name=web exit_code=1
check_record "the pid finds the new container" --pid="$PID" id=2
check_eq "the table has both containers" "$(names)" "web web"
check_eq "one of the two is running" "$(names --state running)" "web"
check_refused "the name of a live container cannot be used again" \
	"a live container has this name already" \
	purserctl register web $$
kill -TERM "$PID"
wait_event web exited
check_record "if both have ended, the name finds the last one" web id=2
check_eq "the pid of an ended container finds nothing" \
	"$(request get pid="$PID")" "ENOENT pid: no such container"
check "the last record of that name is unregistered" purserctl unregister web
check_record "the name then finds the record before it" web id=1
check "the other record of that name is unregistered" purserctl unregister web
check_refused "the name then finds nothing" "no such container" purserctl show web
check_answer "the id then finds nothing" "ENOENT id: no such container" get id=1
check_eq "the table is empty" "$(purserctl list --json)" "[]"
check_eq "an event says that the ended container was unregistered" "$(events_of 1)" \
	"registered exited unregistered"

# --- A registration that fails does not take the name of an ended container ---

check "another container runs and exits" end kept
show kept
field "$RECORD" id
kept=$REPLY
start on_signal 15 default
check "a live container is registered" register other
check_refused "a registration with the ended one's name and a member's pid fails" \
	"in a container already" purserctl register kept "$PID"
check_record "the name still finds the ended container" kept id="$kept"
spawn bash -c 'sleep 0 & exec sleep 1000'
zombie_of() {
	ZOMBIE=$(pgrep -P "$1" --runstates Z)
}
wait_for zombie_of "$PID"
check_refused "a registration with that name and a zombie fails" "the process has exited" \
	purserctl register kept "$ZOMBIE"
check_record "the name still finds the ended container after that" kept id="$kept"
clear_container other
purserctl unregister kept

# --- A live container is unregistered ---

start on_signal 15 default
register alive
field "$(purserctl show alive --json)" id
id=$REPLY
check "a live container can be unregistered" purserctl unregister alive
check_event "the event unregistered has the record of that moment" \
	alive unregistered state=running \
	reason=none pid="$PID"
check "the process of an unregistered container lives on" test -e "/proc/$PID"
check_refused "the table does not have an unregistered container" "no such container" \
	purserctl show --id "$id"
check_eq "no tracepoint stays attached after unregister" \
	"$(purserctl info --json | grep -o '"tracepoints":.*')" \
	'"tracepoints":[]}'
check "the process can be registered again" register alive
check_record "the process then has a new id" alive id=$((id + 1)) state=running
purserctl unregister alive
kill -TERM "$PID"
end_of "$PID"
check_eq "the end of an unregistered container makes no event" "$(events_of "$id")" \
	"registered unregistered"

# --- With exit_records=4 the last four records are kept ---

last=$(purserctl info --json)
field "$last" events
last=$REPLY
for i in 1 2 3 4 5 6; do
	end "r$i" $i
done
check "of six ended containers the last four are kept" wait_for names_are "r3 r4 r5 r6"
purserctl events --json --since "$last" | grep '"record_dropped"' \
	>"$TEST_DIR/dropped"
check_eq "events say that the two others were dropped, the oldest first" \
	"$(grep -o '"name":"[^"]*"' "$TEST_DIR/dropped" | paste -sd ' ')" \
	'"name":"r1" "name":"r2"'
field "$(tail -n 1 "$TEST_DIR/dropped")" exit_code
check_eq "the event record_dropped has the record" "$REPLY" 2
check_refused "the table does not have a dropped record" "no such container" \
	purserctl show r2
check "the name of a dropped record can be used" end r1
check_eq "the next oldest record is dropped" "$(names)" "r4 r5 r6 r1"
start on_signal 15 default
check "a live container is registered beside four records" register lives
check_eq "a live container drops no record" "$(names)" "r4 r5 r6 r1 lives"

set_exit_records() {
	echo "$1" >/sys/module/purser/parameters/exit_records
}

check "exit_records can be set to 0" set_exit_records 0
kill -TERM "$PID"
check_event "the live container ends" lives exited reason=killed
check_event "its record is dropped at once" lives record_dropped reason=killed signal=15
check_eq "all other records are dropped" "$(names)" ""
check_eq "the counters say that the table is empty" "$(purserctl info --json | grep -o \
	'"live":.*"members":[0-9]*')" '"live":0,"ended":0,"members":0'

# ends_in_log - print how many ends of each reason the event log has, as info prints them
ends_in_log() {
	local reason n counts=

	for reason in exited stopped hard_limit_killed killed oom_killed; do
		n=$(purserctl events --json |
			grep -c '"event":"exited",.*"reason":"'$reason'"')
		counts+=",\"$reason\":$n"
	done
	echo "\"ends\":{${counts#,}}"
}

check_eq "the counters of ends count each end, though no record is left" \
	"$(purserctl info --json | grep -o '"ends":{[^}]*}')" "$(ends_in_log)"
check_match "they have counted ends of two reasons" "$(ends_in_log)" \
	'"exited":[1-9].*"killed":[1-9][0-9]*,'

check_unload
ktap_end
