#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The reports of the benchmarks "table", "events" and "density" are those of the samples: the
# figures, the targets that are met and missed, with the reason, and all benchmarks
# together. The samples are made up.

. "$(dirname "$0")/../lib/kselftest.sh"
# shellcheck source=json.sh
. "$(dirname "$0")/json.sh"

here=$PURSER_ROOT/selftests/bench
out=$TEST_DIR/out
mkdir "$out"

# fields - turn each run of blanks into a tab
fields() {
	sed -E 's/ +/\t/g'
}

# line WORDS - print the line of the table that begins with these words, without them
line() {
	sed -nE "s/^ *$1 +(.*)/\1/p" "$REPORT_TABLE" | tr -s ' '
}

# report SUBJECT - make its reports from the samples on stdin, which belong in FILE
report() {
	REPORT=$out/$1.json
	REPORT_TABLE=$out/$1.table
	check "$1: the reports are made" "$here/$1" report "$out"
	check_match "$1: the figure is a complete SVG" "$(<"$out/$1.svg")" \
		'^<\?xml .*<svg .*</svg>'
}

# --- table ---

{
	printf 'info\tcosts\tkernel\t6.1\n'
	fields <<-END
		table live 10 register 1 400000
		table live 10 register 2 500000
		table live 10 register 3 410000
		table live 1010 register 1 1410000
		table live 10 get_id 1 100000
		table live 1010 get_id 1 150000
		table live 10 get_name 1 100000
		table live 1010 get_name 1 151000
		table live 10 get_pid 1 100000
		table live 1010 get_pid 1 90000
		table live 10 unregister 1 100000
		table live 1010 unregister 1 100000
		table live 10 dump 1 1000000
		table live 1010 dump 1 50500000
		table live 1010 memory 1 4424
		table live 1010 list 1 123000000
		table live 1010 rmmod 1 60000000
		table live 1010 sweep 1 0.05
		table ended 10 register 1 300000
		table members 1000 memory 1 512
	END
} >"$out/table.costs"
report table
check_eq "table: operations a second are those of the median" "$(line 'live +10' | head -n 1)" \
	"2439 10000 10000 10000 10000 10000"
check_eq "table: costs are divided by those of the smallest table" \
	"$(line 'live +1010' | sed -n 2p)" "3.44 1.51 1.50 0.90 1.00 0.50"
check_match "table: it has memory, time to unload and load of the sweeps" \
	"$(line 'live +1010' | sed -n 3p)" '123.0 - 60.0 5.00 4424$'
check_match "table: a missed target has its ratio and its reason" "$(line MISSED)" \
	'register, 1010 live records against 10: 3.439, at most 1.5 times the cost \(2.29 of it\): a registration looks at each process of the machine, 1000 ns each'
check_match "table: one that is only just missed is missed" "$(line MISSED)" 'get by name, 1010 live'
check_match "table: one that is only just met is met" "$(line met)" 'get by id, 1010 live'
check_eq "table: there is no target for a kind with one size" \
	"$(grep -c 'ended records against' "$REPORT_TABLE")" 0
check_eq "table: the JSON has each cell" "$(json /tables?length)" 4

# --- events ---

samples() {
	printf 'info\t%s\tkernel\t6.1\n' "$1"
	fields <<-END
		delay purser idle 1 300000
		delay purser idle 2 100000
		delay purser idle 3 200000
		rate purser idle 3 20
		delay purser 10000/s 1 300000
		rate purser 10000/s 1 $2
		delay purser memory 1 300000
		delay purser memory 2 400000
		delay inotify memory 1 $3
		delay inotify memory 2 $3
	END
}
samples counted 2000 500000 >"$out/events.counted"
samples clocked 10001 200000 >"$out/events.clocked"
report events
check_eq "events: quantiles are those of the samples" "$(line 'idle +purser' | head -n 1)" \
	"3 20 200 298 300"
check_eq "events: each part has its own targets" \
	"$(line 'MISSED' | sed 's/: .*//' | tr '\n' ' ')" "counted clocked "
check_match "events: too few events a second" "$(line MISSED | head -n 1)" \
	'2000, at least 10000 a second \(0.2 of it\): the machine makes no more'
check_match "events: slower than inotify" "$(line MISSED | tail -n 1)" \
	'1.75, at most 1 times its time \(1.75 of it\): 350 us and 200 us'

# --- density ---

{
	printf 'info\tmemory\tkernel\t6.1\n'
	fields <<-END
		density engine 1 1 4000 500 900
		density engine 10 1 4100 5000 9000
		density engine 100 1 6000 50000 90000
		density conmon 1 1 1000 300 900
		density conmon 10 10 8200 2500 9000
	END
} >"$out/density.memory"
report density
check_eq "density: figures are for each container" "$(line 'conmon \+ crun +10')" \
	"10 8200 820.0 250.0 900.0"
check_match "density: the sides are compared at the largest number of both" \
	"$(line met)" '^10 containers: PSS .* 0.5, at most 1 times its memory'
check_match "density: a missed target has its reason" "$(line MISSED)" \
	"^10 containers: the kernel's memory.*2, at most 1 .*: 5000 KiB and 2500 KiB"
check_eq "density: there are no targets for a side without samples" \
	"$(grep -cE '^(met|MISSED)' "$REPORT_TABLE")" 2

# --- all together ---

echo 'MISSED other: 2' >"$out/other.table"
echo '{"targets": [1, 2]}' >"$out/other.json"
cp "$out/table.svg" "$out/other.svg"
echo 'met no figure' >"$out/third.table"
echo '{"targets": []}' >"$out/third.json"
check "all: the reports are put together" "$here/report_all.sh" "$out" other table third
# shellcheck disable=SC2034 # json.sh uses it
REPORT=$out/all.json
check_eq "all: the JSON has those of the benchmarks" \
	"$(json /other/targets?length /third/targets?length /table/tables?length)" "2 0 4"
check_eq "all: the missed targets are at the end, each with its benchmark" \
	"$(sed '1,/^== Missed targets: 3 ==$/d' "$out/all.table" | sed 's/: .*//' | tr '\n' ' ')" \
	" other table table "
check_eq "all: the figure has each figure once" \
	"$(grep -cE '<svg ?' "$out/all.svg") $(grep -oE '^ y="[0-9]+"' "$out/all.svg" | tr -d '\n')" \
	'3  y="0" y="800"'
check_match "all: the figure is as high as all of them" "$(head -n 2 "$out/all.svg")" \
	'height="1600"'
ktap_end
