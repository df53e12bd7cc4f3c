#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The figures of Documentation/scheduling.md are those of the samples beside it.

. "$(dirname "$0")/../lib/kselftest.sh"

report=$PURSER_ROOT/selftests/experiments/report
page=$PURSER_ROOT/Documentation/scheduling.md
data=${page%.md}

check "there are tables to look at" \
	test "$(grep -c '^<!-- table: ' "$page")" -ge 8
check "the tables are those of the samples" \
	diff -u "$page" <("$report" --print "$data")
check "so is the summary" \
	diff -u "$data/summary.tsv" <("$report" --summary "$data")

# What a paragraph says is in bold, and is in a table.
grep '^|' "$page" >"$TEST_DIR/cells"
grep -v '^|' "$page" | grep -oE '\*\*[0-9][^*]*\*\*' | tr -d '*' |
	while read -r figure; do
		grep -qF -- "| $figure (" "$TEST_DIR/cells" || echo "$figure"
	done >"$TEST_DIR/strange"
check_eq "so are the figures of the text" "$(<"$TEST_DIR/strange")" ""

# CFS has no rules of EEVDF to be changed.
check_eq "no pair of samples is missing" \
	"$(find "$data" -name '*.cfs.csv' | sed 's/\.cfs\.csv$//' | sort)" \
	"$(find "$data" -name '*.eevdf.csv' ! -name 'rules.*' |
		sed 's/\.eevdf\.csv$//' | sort)"
least() {
	awk -F'\t' '!/^#/ && (!least || $6 < least) { least = $6 }
		END { print least }' "$data/summary.tsv"
}
check "everything was repeated" test "$(least)" -ge 5

grep -oE '\]\(scheduling/[^)]*\)' "$page" | tr -d ']()' |
	while read -r file; do
		[ -s "${page%/*}/$file" ] || echo "$file"
	done >"$TEST_DIR/missing"
check_eq "each picture is there" "$(<"$TEST_DIR/missing")" ""

# Each change of a sample shows.
cp -r "$data" "$TEST_DIR/data"
differs() {	# differs NAME FILE SED-SCRIPT
	sed "$3" "$data/$2" >"$TEST_DIR/data/$2"
	if "$report" --print "$TEST_DIR/data" | cmp -s - "$page"; then
		ktap_fail "$1" "the difference is not seen"
	else
		ktap_pass "$1"
	fi
	cp "$data/$2" "$TEST_DIR/data/$2"
}

differs "a repetition more" nice.cfs.csv \
	'/^0:10,1,/{p;s/^0:10,1,\(.*exit\),[0-9]*/0:10,9,\1,1/}'
differs "a CPU time" cgroup.eevdf.csv \
	's/^\(max 25:none,1,a,sample,[0-9]*\),/\1,1/'
differs "a latency" io.latency.eevdf.csv 's/^\(one hog,[0-9]*\),[0-9]*,/\1,7,/'

ktap_end
