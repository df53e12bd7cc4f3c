#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# monitor --exec runs a command for each event that matches: in order, so many at a time, and
# says of each event that it did not run for.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

# The number of events in the log.
log=100
require_module event_log=$log

spawn sleep 1000
purserctl register busy "$PID" >/dev/null || ktap_bail "no container"
out=$TEST_DIR/out

# The command is a program: its words are no shell's.
cat >"$TEST_DIR/alert" <<END
#!/bin/sh
echo "\$# [\$1] \$PURSER_SEQ \$PURSER_EVENT \$CONTAINER_NAME \$CONTAINER_REASON \$CONTAINER_SIGNAL" >>$out
END
chmod +x "$TEST_DIR/alert"
# shellcheck disable=SC2016 # it must not be expanded
start_monitor "$TEST_DIR/m" --type exited,limits_changed --exec "$TEST_DIR/alert" -- 'a $HOME; b' ||
	ktap_bail "no monitor"
purserctl set busy --soft-mib 500
spawn sleep 1000
purserctl register web "$PID" >/dev/null
kill -KILL "$PID"
check "the command is run for two events" wait_for has_lines "$out" 2
# shellcheck disable=SC2016
check_eq "it has its words and the fields of the event" "$(<"$out")" \
	'1 [a $HOME; b] 2 limits_changed busy none 
1 [a $HOME; b] 4 exited web killed 9'
check_stops "monitor exits with status 0"
check_eq "it prints nothing" "$(cat "$TEST_DIR/m" "$TEST_DIR/m.err")" ""

# A shell, if it is asked for; a command that fails.
rm -f "$out"
# shellcheck disable=SC2016
start_monitor "$TEST_DIR/m" --exec 'echo $PURSER_SEQ $1 >>'"$out; exit 3" --exec-shell -- word ||
	ktap_bail "no monitor"
purserctl set busy --soft-mib 501
check "with --exec-shell it is a text for sh" wait_for has_lines "$out" 1
check_eq "which gets the words" "$(<"$out")" "5 word"
check "a command that fails is reported" wait_for has_lines "$TEST_DIR/m.err" 1
check_match "with its event" "$(<"$TEST_DIR/m.err")" \
	' for event 5 \(busy: limits_changed\) exited with status 3$'
check_stops "monitor exits with status 0"

# A command that hangs.
# shellcheck disable=SC2016
start_monitor "$TEST_DIR/m" --exec 'sleep 1000 & echo $! >"$1"; wait' --exec-shell \
	--exec-timeout 0.5 -- "$TEST_DIR/hangs" || ktap_bail "no monitor"
purserctl set busy --soft-mib 502
check "a command that takes too long is reported" wait_for has_lines "$TEST_DIR/m.err" 1
check_match "with its time and how it ended" "$(<"$TEST_DIR/m.err")" \
	' for event 6 \(busy: limits_changed\) exceeded its time of 0.5 s and was ended by SIGTERM$'
is_gone() {	# is_gone PID: a process that is dead has no command line
	! grep -q . "/proc/$1/cmdline" 2>/dev/null
}
check "what it has started is gone" wait_for is_gone "$(<"$TEST_DIR/hangs")"
check_stops "monitor exits with status 0"

# Commands that wait: two run, two events wait in memory, and the others in the kernel's log.
rm -f "$out"
mkfifo "$TEST_DIR/gate"
exec 4<>"$TEST_DIR/gate"
# shellcheck disable=SC2016
start_monitor "$TEST_DIR/m" --exec 'echo begin $PURSER_SEQ >>"$1"; read -r x <"$2"' --exec-shell \
	--exec-max 2 --exec-queue 2 --rcvbuf 4096 -- "$out" "$TEST_DIR/gate" || ktap_bail "no monitor"
last=$(purserctl info --json | "$JSON" /events)
check "there are 50 events" "$CLIENT" set busy 50
check "two commands begin" wait_for has_lines "$out" 2
for ((i = 0; i < 50; i++)); do
	echo x >&4
done
check "in the end all have begun" wait_for has_lines "$out" 50
check_eq "each event has had its command" "$(sort -n -k 2 "$out")" \
	"$(seq -f 'begin %.0f' $((last + 1)) $((last + 50)))"
check_eq "nothing was lost" "$(<"$TEST_DIR/m.err")" ""

# More events than the log holds.
lines=$(wc -l <"$out")
last=$(purserctl info --json | "$JSON" /events)
check "there are more events than the log holds" "$CLIENT" set busy 500
check "two more commands begin" wait_for has_lines "$out" $((lines + 2))
for ((i = 0; i < 500; i++)); do
	echo x
done >"$TEST_DIR/gate" &
writer=$!
at_exit end_process $writer
check "the listener reads on" wait_for has_lines "$TEST_DIR/m.err" 1
check_match "lost events are named" "$(<"$TEST_DIR/m.err")" \
	'^purserctl: events [0-9]+ to [0-9]+ are lost: the kernel does not hold them any more$'
read -r _ _ first _ until _ <"$TEST_DIR/m.err"
check "all others have their command" wait_for has_lines "$out" \
	$((lines + (first - 1 - last) + (last + 500 - until)))
check_eq "each once" "$(tail -n +$((lines + 1)) "$out" | sort -n -k 2)" \
	"$(seq -f 'begin %.0f' $((last + 1)) $((first - 1)); seq -f 'begin %.0f' $((until + 1)) $((last + 500)))"
end_process $writer
exec 4<&-

# The end of monitor, while an event waits.
rm -f "$out"
mkfifo "$TEST_DIR/shut"
kill "$MONITOR"
wait "$MONITOR"
last=$(purserctl info --json | "$JSON" /events)
start_monitor "$TEST_DIR/witness" --json || ktap_bail "no monitor"
# shellcheck disable=SC2016
start_monitor "$TEST_DIR/m" --exec 'echo >>"$1"; read -r x <"$2"' --exec-shell --exec-max 1 -- \
	"$out" "$TEST_DIR/shut" || ktap_bail "no monitor"
for i in 1 2 3; do
	purserctl set busy --soft-mib $((600 + i))
done
wait_for has_lines "$out" 1
# Another listener has them, and the buffer of this one is empty.
has_read_all() {
	awk -v pid="$MONITOR" 'NR > 1 && $3 % 4194304 == pid { rmem += $5 } END { exit rmem != 0 }' \
		/proc/net/netlink &&
		[ "$(sed 's/.*) //; s/ .*//' "/proc/$MONITOR/stat")" = S ]
}
check "all are in the witness" wait_for has_lines "$TEST_DIR/witness" 3
check "monitor has read all" wait_for has_read_all
status=0
kill -TERM "$MONITOR"
wait "$MONITOR" || status=$?
check_eq "it exits with status 1 if events wait" "$status" 1
check_match "and says which" "$(<"$TEST_DIR/m.err")" \
	" was not run for 2 events, the first of which is $((last + 2)): \"--since $((last + 1))\" goes on with that\$"
echo >"$TEST_DIR/shut"

purserctl unregister busy
purserctl unregister web
ktap_end
