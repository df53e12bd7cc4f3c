#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The verdict of the soak finds what grows in the samples, and nothing else.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$PURSER_ROOT/selftests/soak
columns=$(sed -n 's/^columns+\?=//p' "$here/sample.sh" | tr -d '\n')

# make_samples COLUMN STEP [CACHE STEP] - twelve samples in which the column grows by STEP
# from one to the next, and likewise the slab cache. All else is 1000, or 1001 in every
# second sample of a column in KiB.
make_samples() {
	echo "$columns" >"$TEST_DIR/soak.csv"
	echo "round,cache,KiB" >"$TEST_DIR/slabs.csv"
	awk -v columns="$columns" -v grows="$1" -v step="$2" -v cache="${3:-none}" \
		-v cache_step="${4:-0}" -v slabs="$TEST_DIR/slabs.csv" '
		BEGIN {
			n = split(columns, name, ",")
			for (row = 1; row <= 12; row++) {
				for (i = 1; i <= n; i++) {
					value = 1000
					if (name[i] == "SUnreclaim")
						value += row % 2
					if (name[i] == grows)
						value += row * step
					if (name[i] == "round")
						value = row * 3
					printf "%s%d", (i > 1 ? "," : ""), value
				}
				print ""
				printf "%d,kmalloc-64,%d\n", row * 3, 1000 >slabs
				printf "%d,%s,%d\n", row * 3, cache, 1000 + row * cache_step >slabs
			}
		}' >>"$TEST_DIR/soak.csv"
}

# bad - print the points that are bad
bad() {
	awk -f "$here/verdict.awk" "$TEST_DIR/soak.csv" "$TEST_DIR/slabs.csv" | grep -v '^good '
}

make_samples none 0
check_eq "samples in which nothing grows are good" "$(bad)" ""
verdict=$(awk -f "$here/verdict.awk" "$TEST_DIR/soak.csv" "$TEST_DIR/slabs.csv")
check_match "the verdict says what was compared, and the tolerance" "$verdict" \
	'good SUnreclaim does not grow: from 1000 to 1000, at most 1054 more'
check_eq "each column has a point, except those that count, and the slab caches have one" \
	"$(grep -c '^good ' <<<"$verdict")" $(($(tr , '\n' <<<"$columns" | wc -l) - 3 + 1))
for name in steady_fds next_fds run_files state_files log_files mounts cgroups module_refs; do
	make_samples "$name" 1
	check_match "one more of it with each sample is seen: $name" "$(bad)" \
		"^bad $name does not grow: from 1002 to 1010, at most 0 more\$"
done
make_samples none 0 vmap_area 50
check_eq "that of freed vmalloc areas may grow for longer" "$(bad)" ""
make_samples none 0 vmap_area 200
check_match "but not for ever" "$(bad)" '^bad no slab cache grows: vmap_area from'
make_samples SUnreclaim 10
check_eq "what stays within its tolerance is good" "$(bad)" ""
make_samples SUnreclaim 200
check_match "what leaves its tolerance is bad" "$(bad)" '^bad SUnreclaim does not grow'
make_samples SUnreclaim -50
check_eq "what decreases is good" "$(bad)" ""
make_samples none 0 purser_record 40
check_eq "a slab cache that grows is named" "$(bad)" \
	"bad no slab cache grows: purser_record from 1100 to 1420 KiB"
make_samples none 0
sed -i '4s/,[0-9]*$/,/' "$TEST_DIR/soak.csv"
check_eq "a sample without a number proves nothing" "$(bad)" "bad each sample has a number for members"
head -n 5 "$TEST_DIR/soak.csv" >"$TEST_DIR/few" && mv "$TEST_DIR/few" "$TEST_DIR/soak.csv"
check_eq "too few samples prove nothing" "$(bad)" \
	"bad there are enough samples to compare: 4"

make_samples steady_fds 1
check "the samples make a figure" \
	eval "awk -f $here/plot.awk $TEST_DIR/soak.csv | gnuplot >$TEST_DIR/soak.svg"
check_match "the figure is a complete SVG" "$(<"$TEST_DIR/soak.svg")" \
	'^<\?xml .*<svg .*steady_fds.*module_refs.*</svg>'
for words in "" "soon" "--kernel" "1 2"; do
	# shellcheck disable=SC2086 # it is split into words
	check_status "run refuses \"$words\"" 2 "$here/run" $words
done
ktap_end
