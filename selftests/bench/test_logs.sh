#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The log benchmark finishes, its reports are complete, and it finds out when a log file
# differs from what was written. The test does not look at the size of the figures.

. "$(dirname "$0")/../lib/kselftest.sh"
# shellcheck source=json.sh
. "$(dirname "$0")/json.sh"

here=$PURSER_ROOT/selftests/bench
out=$TEST_DIR/bench
table=$out/logs.table
# shellcheck disable=SC2034 # json.sh uses it
REPORT=$out/logs.json
export BENCH_DIR=$TEST_DIR/logs
export BENCH_OPTIONS="--mib 1 --ticks 3 --ms 2"
mkdir "$BENCH_DIR"
n=2

check "the log benchmark finishes" "$here/run" -n "$n" --out "$out" logs
ktap_diag "$(cat "$table")"

scenarios=4 sides=4
check_eq "each scenario and side has all samples" \
	"$(lengths rates samples)" "$((scenarios * sides))x$n"
check_eq "each number of loud writers has all quiet lines" \
	"$(lengths fairness samples)" 3x3
check_eq "the JSON has all targets" "$(json /targets?length)" $((3 * scenarios + 2))
check_eq "the table has a line for each scenario and side" \
	"$(grep -cE "^1.* (cat|conmon|purser raw|purser cri) +$n " "$table")" \
	$((scenarios * sides))
check_eq "the table has a line for each target" \
	"$(grep -cE '^(met|MISSED) ' "$table")" \
	$((3 * scenarios + 2))
check_eq "a target is missed if there are too few quiet lines" \
	"$(grep -cE '^MISSED .*: 3 lines, but 100 are needed$' "$table")" 2
for word in kernel cpu accelerator conmon 'file system'; do
	check_match "the table names the $word" \
		"$(<"$table")" $'(^|\n)'"$word +[^ ]"
done
check_eq "the benchmark removes its files" "$(ls "$BENCH_DIR")" ""

# refused NAME WHY COMMAND... - check that the benchmark finds out if COMMAND changes
# the lines in place of cat. The first line only shows that cat is ready.
refused() {
	local name=$1 why=$2

	shift 2
	mkdir -p "$TEST_DIR/bin"
	# shellcheck disable=SC2016 # the other shell expands it
	printf '%s\n' '#!/bin/sh' 'read -r line; echo "$line"' "exec $*" >"$TEST_DIR/bin/cat"
	chmod +x "$TEST_DIR/bin/cat"
	check_status "$name" 1 env PATH="$TEST_DIR/bin:$PATH" \
		"$here/logs" rates "$out" 1
	check_match "$name: the benchmark names the line" \
		"$OUTPUT" "0\.log: line $why"
}

mib=$((1048576 / 100))
refused "a missing line fails the benchmark" "3: this is not what was written" sed 4d
refused "a doubled line fails the benchmark" "4: this is not what was written" sed 4p
refused "a changed byte fails the benchmark" \
	"9: this is not what was written" sed 10s/a/b/
refused "a missing last line fails the benchmark" \
	"$((mib - 1)): the file ends here" "sed '\$d'"
refused "an additional line fails the benchmark" \
	"$mib: this is not" "sed '\$s/\$/\\nand another/'"
refused "an empty file fails the benchmark" "0: the file is empty" sed d

# The same through conmon, which prefixes each line.
# shellcheck disable=SC2016 # sed matches the dollar signs
sed 's/^\t\$command &$/\tsh -c "$command | sed 7d" \&/' \
	"$here/runtime.sh" >"$TEST_DIR/runtime.sh"
chmod +x "$TEST_DIR/runtime.sh"
check_status "the changed runtime differs" \
	1 cmp -s "$here/runtime.sh" "$TEST_DIR/runtime.sh"
export BENCH_OPTIONS="$BENCH_OPTIONS --runtime $TEST_DIR/runtime.sh"
check_status "a missing line in a log of conmon fails the benchmark" \
	1 "$here/logs" rates "$out" 1
check_match "conmon: the benchmark names the line" \
	"$OUTPUT" "0\.log: line 6: this is not what was written"
check_match "the samples of cat are kept" \
	"$(<"$out/logs.rates")" $'\n''rate.1 writer.cat'
check_eq "the failed benchmarks remove their files" "$(ls "$BENCH_DIR")" ""
ktap_end
