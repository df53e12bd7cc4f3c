#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The figures in Documentation/scheduling.md agree with the samples in
# Documentation/scheduling/.

. "$(dirname "$0")/../lib/kselftest.sh"

report=$PURSER_ROOT/selftests/experiments/report
page=$PURSER_ROOT/Documentation/scheduling.md
data=${page%.md}

check "scheduling.md has tables" \
	test "$(grep -c '^<!-- table: ' "$page")" -ge 8
check "the tables agree with the samples" \
	diff -u "$page" <("$report" --print "$data")
check "the summary agrees with the samples" \
	diff -u "$data/summary.tsv" <("$report" --summary "$data")

# Each bold figure in a paragraph must be in a table.
grep '^|' "$page" >"$TEST_DIR/cells"
grep -v '^|' "$page" | grep -oE '\*\*[0-9][^*]*\*\*' | tr -d '*' |
	while read -r figure; do
		grep -qF -- "| $figure (" "$TEST_DIR/cells" || echo "$figure"
	done >"$TEST_DIR/strange"
check_eq "the figures in the text are in the tables" "$(<"$TEST_DIR/strange")" ""

# "rules" runs only under EEVDF.
check_eq "each experiment has samples of both schedulers" \
	"$(find "$data" -name '*.cfs.csv' | sed 's/\.cfs\.csv$//' | sort)" \
	"$(find "$data" -name '*.eevdf.csv' ! -name 'rules.*' |
		sed 's/\.eevdf\.csv$//' | sort)"
least() {
	awk -F'\t' '!/^#/ && (!least || $6 < least) { least = $6 }
		END { print least }' "$data/summary.tsv"
}
check "each measure has at least five samples" test "$(least)" -ge 5

grep -oE '\]\(scheduling/[^)]*\)' "$page" | tr -d ']()' |
	while read -r file; do
		[ -s "${page%/*}/$file" ] || echo "$file"
	done >"$TEST_DIR/missing"
check_eq "each picture in the text exists" "$(<"$TEST_DIR/missing")" ""

# A changed sample must change the page.
cp -r "$data" "$TEST_DIR/data"
# differs NAME FILE SED-SCRIPT - check that the page changes if the script edits FILE
differs() {
	sed "$3" "$data/$2" >"$TEST_DIR/data/$2"
	if "$report" --print "$TEST_DIR/data" | cmp -s - "$page"; then
		ktap_fail "$1" "the page is the same"
	else
		ktap_pass "$1"
	fi
	cp "$data/$2" "$TEST_DIR/data/$2"
}

differs "an additional repetition changes the page" nice.cfs.csv \
	'/^0:10,1,/{p;s/^0:10,1,\(.*exit\),[0-9]*/0:10,9,\1,1/}'
differs "a changed CPU time changes the page" cgroup.eevdf.csv \
	's/^\(max 25:none,1,a,sample,[0-9]*\),/\1,1/'
differs "a changed latency changes the page" io.latency.eevdf.csv \
	's/^\(one hog,[0-9]*\),[0-9]*,/\1,7,/'

ktap_end
