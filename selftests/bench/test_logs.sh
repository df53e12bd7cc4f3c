#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The benchmark of logs comes to its end, leaves nothing out of what it says, and
# finds out when something else arrives than was written. How large the
# figures are is not looked at.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$PURSER_ROOT/selftests/bench
out=$TEST_DIR/bench
table=$out/logs.table
export BENCH_DIR=$TEST_DIR/logs
export BENCH_OPTIONS="--mib 1 --ticks 3 --ms 2"
mkdir "$BENCH_DIR"
n=2

# json POINTER... - what is there in the benchmark's JSON
json() {
	"$PURSER_BUILD/tests/bin/purserctl/json" "$@" <"$out/logs.json"
}

# lengths OF WHICH - how many of these each of those has
lengths() {
	local i of=()

	for ((i = 0; i < $(json "/$1?length"); i++)); do
		of+=("/$1/$i/$2?length")
	done
	json "${of[@]}" | tr ' ' '\n' | sort | uniq -c | awk '{ print $1 "x" $2 }'
}

check "all of it" "$here/run" -n "$n" --out "$out" logs
ktap_diag "$(cat "$table")"

scenarios=4 sides=4
check_eq "each scenario of each side has its samples" "$(lengths rates samples)" \
	"$((scenarios * sides))x$n"
check_eq "each crowd has its quiet lines" "$(lengths fairness samples)" 3x3
check_eq "the targets are there" "$(json /targets?length)" $((3 * scenarios + 2))
check_eq "the table has a line for each side" \
	"$(grep -cE "^1.* (cat|conmon|purser raw|purser cri) +$n " "$table")" \
	$((scenarios * sides))
check_eq "and for each target" "$(grep -cE '^(met|MISSED) ' "$table")" \
	$((3 * scenarios + 2))
check_eq "too few quiet lines prove nothing" \
	"$(grep -cE '^MISSED .*: 3 lines, where 100 are wanted$' "$table")" 2
for word in kernel cpu accelerator conmon 'file system'; do
	check_match "the table has its $word" "$(<"$table")" \
		$'(^|\n)'"$word +[^ ]"
done
check_eq "nothing is left of it" "$(ls "$BENCH_DIR")" ""

# refused NAME WHY COMMAND... - what that does to the lines, where cat should have
# been, is found out. There is one line before all others, which is not among them.
refused() {
	local name=$1 why=$2

	shift 2
	mkdir -p "$TEST_DIR/bin"
	# shellcheck disable=SC2016 # it is for the other shell
	printf '%s\n' '#!/bin/sh' 'read -r line; echo "$line"' "exec $*" >"$TEST_DIR/bin/cat"
	chmod +x "$TEST_DIR/bin/cat"
	check_status "$name" 1 env PATH="$TEST_DIR/bin:$PATH" \
		"$here/logs" rates "$out" 1
	check_match "that is said" "$OUTPUT" "0\.log: line $why"
}

mib=$((1048576 / 100))
refused "a line is missing" "3: this is not what was written" sed 4d
refused "a line is there twice" "4: this is not what was written" sed 4p
refused "a byte is another" "9: this is not what was written" sed 10s/a/b/
refused "the last line is missing" "$((mib - 1)): the file ends here" "sed '\$d'"
refused "there is one more" "$mib: this is not" \
	"sed '\$s/\$/\\nand another/'"
refused "nothing comes" "0: the file is empty" sed d

# Through conmon, whose lines have a prefix.
# shellcheck disable=SC2016 # as they are
sed 's/^\t\$command &$/\tsh -c "$command | sed 7d" \&/' \
	"$here/runtime.sh" >"$TEST_DIR/runtime.sh"
chmod +x "$TEST_DIR/runtime.sh"
check_status "the runtime is another" 1 \
	cmp -s "$here/runtime.sh" "$TEST_DIR/runtime.sh"
export BENCH_OPTIONS="$BENCH_OPTIONS --runtime $TEST_DIR/runtime.sh"
check_status "a line is missing in a log of conmon" 1 "$here/logs" rates "$out" 1
check_match "that is said" "$OUTPUT" \
	"0\.log: line 6: this is not what was written"
check_match "cat's samples are there" "$(<"$out/logs.rates")" $'\n''rate.1 writer.cat'
check_eq "nothing is left of these" "$(ls "$BENCH_DIR")" ""
ktap_end
