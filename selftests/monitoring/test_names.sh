#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The metrics of purserctl are those of Documentation/monitoring.md, and the alerts and the
# dashboard use no other ones.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/monitoring.sh"

# The names of all samples. The made-up table has one of each kind.
"$PURSER_TEST_BIN/sample" openmetrics | grep -v '^#' | sed 's/[{ ].*//' | sort -u \
	>"$TEST_DIR/names"
check "there are metrics" test "$(wc -l <"$TEST_DIR/names")" -gt 10
check_eq "both formats have the same samples" \
	"$("$PURSER_TEST_BIN/sample" prometheus | grep -v '^#')" \
	"$("$PURSER_TEST_BIN/sample" openmetrics | grep -v '^#')"

# named FILE... - print the names of metrics in the files
named() {
	cat "$@" | grep -oE '\bpurser_[a-z_]+' | sort -u
}

# shellcheck disable=SC2016 # the quotes are those of the document
sed -n 's/^| `\(purser_[a-z_]*\)`.*/\1/p' "$PURSER_ROOT/Documentation/monitoring.md" | sort \
	>"$TEST_DIR/documented"
check_eq "the tables of the document have each metric once" \
	"$(<"$TEST_DIR/documented")" "$(<"$TEST_DIR/names")"
check_eq "the document names no other metric" \
	"$(named "$PURSER_ROOT/Documentation/monitoring.md" | comm -23 - "$TEST_DIR/names")" ""
queries >"$TEST_DIR/queries"
check "the dashboard has queries" test "$(wc -l <"$TEST_DIR/queries")" -gt 10
check_eq "the dashboard uses only these metrics" \
	"$(named "$FOLDER/grafana.json" | comm -23 - "$TEST_DIR/names")" ""
check_eq "so do the alerts" \
	"$(named "$FOLDER/alerts.yml" | comm -23 - "$TEST_DIR/names")" ""
echo purser_no_metric >"$TEST_DIR/bad"
check_eq "another name is found" \
	"$(named "$TEST_DIR/bad" | comm -23 - "$TEST_DIR/names")" purser_no_metric
# Panels of a dashboard must not overlap, and each has an id of its own.
check "the panels of the dashboard have their places" python3 -c '
import json, sys
cells, ids = set(), set()
for panel in json.load(open(sys.argv[1]))["panels"]:
    at = panel["gridPos"]
    assert at["x"] + at["w"] <= 24, panel["title"]
    assert panel["id"] not in ids, panel["title"]
    ids.add(panel["id"])
    for x in range(at["x"], at["x"] + at["w"]):
        for y in range(at["y"], at["y"] + at["h"]):
            assert (x, y) not in cells, panel["title"]
            cells.add((x, y))
' "$FOLDER/grafana.json"

ktap_end
