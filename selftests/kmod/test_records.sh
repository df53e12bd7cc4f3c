#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# What becomes of records: names and ids that are used again, what is forgotten,
# what makes room for others.

. "$(dirname "$0")/kmod.sh"

require_module exit_records=4
start_monitor || ktap_bail "cannot listen to the events"

# end NAME [CODE] - a container of that name comes and ends
end() {
	spawn --hold bash -c "exit ${2:-0}"
	register "$1" && release "$PID" && wait_event "$1" exited &&
		wait_for live_is 0
}

names() {
	local line names=()

	while read -r line; do
		[[ $line == *'"id":'* ]] || continue
		field "$line" name
		names+=("$REPLY")
	done < <(purserctl list --json "$@")
	echo "${names[*]-}"
}

# A record goes right behind its event.
names_are() {
	[ "$(names)" = "$1" ]
}

# Ids and names

check "a container comes and goes" end web 1
check_record "its record stays" web id=1 state=exited exit_code=1
start on_signal 15 default
check "its name can be taken" register web
check_record "and means the new one" web id=2 state=running pid="$PID"
check_record "the old record goes by its id" --id=1 name=web exit_code=1
check_record "the new one goes by its pid" --pid="$PID" id=2
check_eq "both are in the list" "$(names)" "web web"
check_eq "one of them lives" "$(names --state running)" "web"
check_refused "a live one's name cannot be taken" \
	"a live container has this name already" \
	purserctl register web $$
kill -TERM "$PID"
wait_event web exited
check_record "of two that ended the name means the last" web id=2
check_eq "the PID of one that ended means nothing" \
	"$(request get pid="$PID")" "ENOENT pid: no such container"
check "the last one is forgotten" purserctl unregister web
check_record "now the name means the one before it" web id=1
check "which is forgotten too" purserctl unregister web
check_refused "now it means nothing" "no such container" purserctl show web
check_answer "nor does the id" "ENOENT id: no such container" get id=1
check_eq "the list is empty" "$(purserctl list --json)" "[]"
check_eq "the one that ended was told of as forgotten" "$(events_of 1)" \
	"registered exited unregistered"

# A registration that fails does not take the name along

check "a container comes and goes" end kept
show kept
field "$RECORD" id
kept=$REPLY
start on_signal 15 default
check "another is there" register other
check_refused "its process cannot take the name" \
	"in a container already" purserctl register kept "$PID"
check_record "which still means the one that ended" kept id="$kept"
spawn bash -c 'sleep 0 & exec sleep 1000'
zombie_of() {
	ZOMBIE=$(pgrep -P "$1" --runstates Z)
}
wait_for zombie_of "$PID"
check_refused "nor can a process that has died" "the process has exited" \
	purserctl register kept "$ZOMBIE"
check_record "which still means the one that ended" kept id="$kept"
clear_container other
purserctl unregister kept

# A live one

start on_signal 15 default
register alive
field "$(purserctl show alive --json)" id
id=$REPLY
check "a live container is unregistered" purserctl unregister alive
check_event "it is told of as it was" alive unregistered state=running \
	reason=none pid="$PID"
check "its process goes on" test -e "/proc/$PID"
check_refused "it is in the table no more" "no such container" \
	purserctl show --id "$id"
check_eq "no tracepoint stays attached" \
	"$(purserctl info --json | grep -o '"tracepoints":.*')" \
	'"tracepoints":[]}'
check "the process can be registered again" register alive
check_record "with an id of its own" alive id=$((id + 1)) state=running
purserctl unregister alive
kill -TERM "$PID"
end_of "$PID"
check_eq "the old one has no end to tell of" "$(events_of "$id")" \
	"registered unregistered"

# Room for the last four

last=$(purserctl info --json)
field "$last" events
last=$REPLY
for i in 1 2 3 4 5 6; do
	end "r$i" $i
done
check "the last four records are kept" wait_for names_are "r3 r4 r5 r6"
purserctl events --json --since "$last" | grep '"record_dropped"' \
	>"$TEST_DIR/dropped"
check_eq "the others were told of as dropped, oldest first" \
	"$(grep -o '"name":"[^"]*"' "$TEST_DIR/dropped" | paste -sd ' ')" \
	'"name":"r1" "name":"r2"'
field "$(tail -n 1 "$TEST_DIR/dropped")" exit_code
check_eq "with their record" "$REPLY" 2
check_refused "a dropped one is in the table no more" "no such container" \
	purserctl show r2
check "its name can be taken" end r1
check_eq "and the next one goes" "$(names)" "r4 r5 r6 r1"
start on_signal 15 default
check "a live one" register lives
check_eq "does not count" "$(names)" "r4 r5 r6 r1 lives"

set_exit_records() {
	echo "$1" >/sys/module/purser/parameters/exit_records
}

check "no record is to be kept" set_exit_records 0
kill -TERM "$PID"
check_event "when the live one has ended" lives exited reason=killed
check_event "it goes at once" lives record_dropped reason=killed signal=15
check_eq "and all others" "$(names)" ""
check_eq "the counters say so" "$(purserctl info --json | grep -o \
	'"live":.*"members":[0-9]*')" '"live":0,"ended":0,"members":0'

check_unload
ktap_end
