#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# top prints one table if stdout is no terminal. On a terminal it draws a screen, takes keys
# and signals, and gives the terminal its mode and screen back, however it ends.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

spawn sleep 1000
purserctl register web "$PID" --soft-mib 1000 --hard-mib 2000 >/dev/null
spawn sh -c 'while :; do :; done'
purserctl register busy "$PID" >/dev/null || ktap_bail "no container"
spawn sleep 1000
purserctl register gone "$PID" >/dev/null
kill -KILL "$PID"
wait_for has gone /state exited

text=$(purserctl top --sort cpu)
check_match "without a terminal, one table is printed" "$text" \
	$'^NAME +CPU +USAGE +OF SOFT +OF HARD +PROCS +PEAK +AGE\nbusy +[0-9.]+% .*\nweb +[0-9.]+% +[0-9.]+MiB +\\[#-{9}\\] +0%  \\[#-{9}\\] +0% +1 +[0-9.]+MiB +[0-9]+s$'
check_match "--reverse turns it round" "$(purserctl top --sort name --reverse)" \
	$'\nweb .*\nbusy '
check_match "a dumb terminal gets a table, too" \
	"$(TERM=dumb script -qec 'purserctl top --sort name' /dev/null </dev/null)" \
	$'^NAME .*\nbusy .*\nweb '

# top_on FILE [COMMAND] - start it on a terminal, whose output goes to FILE and whose keys
# come from descriptor 6. The shell there notes the modes before and after.
top_on() {
	local file=$1 command=${2:-purserctl top --sort name}

	rm -f "$TEST_DIR/keys"
	mkfifo "$TEST_DIR/keys"
	exec 6<>"$TEST_DIR/keys"
	cat >"$TEST_DIR/session" <<-END
		stty cols 110 rows 20
		stty -g >$file.before
		sh -c 'echo \$\$ >$file.pid; exec $command'
		echo \$? >$file.status
		stty -g >$file.after
	END
	TERM=xterm script -qfec "sh $TEST_DIR/session" "$file" <&6 >/dev/null 2>&1 &
	SCRIPT=$!
	at_exit end_process "$SCRIPT"
	wait_for grep -q 'q quit' "$file"
}

shows() { grep -qF -- "$2" "$1"; }	# shows FILE TEXT

# check_ends NAME FILE STATUS - it has ended so, and the terminal is as it was
check_ends() {
	local name=$1 file=$2

	wait_for test -s "$file.after"
	check_eq "$name" "$(<"$file.status")" "$3"
	check_eq "the terminal has its mode again" "$(<"$file.after")" "$(<"$file.before")"
	check_match "and its screen and cursor" "$(tr -d '\0' <"$file")" \
		$'\033\\[\\?25h\033\\[\\?1049l'
	exec 6>&-
	wait "$SCRIPT"
}

check "on a terminal, it draws a screen" top_on "$TEST_DIR/a"
check_match "it is another screen" "$(<"$TEST_DIR/a")" $'\033\\[\\?1049h'
check_match "it says how many there are" "$(<"$TEST_DIR/a")" '2 live, 1 ended, 2 processes, '
check_no_match "the mode is another one meanwhile" \
	"$(stty -g -F "$(readlink "/proc/$(<"$TEST_DIR/a.pid")/fd/0")")" "^$(<"$TEST_DIR/a.before")\$"
printf u >&6
check "a key sorts the table" wait_for shows "$TEST_DIR/a" 'by usage'
printf r >&6
check "another one turns it round" wait_for shows "$TEST_DIR/a" 'by usage, reversed'
spawn sleep 1000
purserctl register new "$PID" >/dev/null
check "a new container appears" wait_for shows "$TEST_DIR/a" 'new '
printf '\033[A\033[5;2a\033Opxq' >&6
check_ends "q ends it" "$TEST_DIR/a" 0
check_no_match "keys such as arrows mean nothing" "$(<"$TEST_DIR/a")" 'by (age|procs)'

for signal in TERM INT HUP; do
	top_on "$TEST_DIR/$signal"
	kill -s "$signal" "$(<"$TEST_DIR/$signal.pid")"
	check_ends "SIG$signal ends it" "$TEST_DIR/$signal" 0
done

top_on "$TEST_DIR/c"
printf '\003' >&6
check_ends "Ctrl-C ends it" "$TEST_DIR/c" 0

# A shell with job control stops it, and continues it in the foreground.
top_on "$TEST_DIR/z" "bash --norc -ic \"$PURSER_BIN/purserctl top; stty -g >$TEST_DIR/z.stopped; fg\""
printf '\032' >&6
check "Ctrl-Z stops it" wait_for test -s "$TEST_DIR/z.stopped"
check_eq "the shell gets the terminal's mode" "$(<"$TEST_DIR/z.stopped")" "$(<"$TEST_DIR/z.before")"
before=$(grep -c 'q quit' "$TEST_DIR/z")
goes_on() { [ "$(grep -o 'q quit' "$TEST_DIR/z" | wc -l)" -gt "$before" ]; }
check "it goes on in the foreground" wait_for goes_on
printf q >&6
check_ends "q ends it then" "$TEST_DIR/z" 0

# An error while the screen is there.
top_on "$TEST_DIR/e"
for name in web busy gone new; do
	purserctl unregister "$name"
done
check "the module is unloaded" unload_module
check_ends "it fails without the module" "$TEST_DIR/e" 4
check_match "and says so" "$(<"$TEST_DIR/e")" \
	'purserctl: cannot read the containers: the purser module (is not loaded|is being unloaded)'

ktap_end
