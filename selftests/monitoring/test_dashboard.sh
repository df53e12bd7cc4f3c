#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The picture of the dashboard is the drawing of the answers beside it, and these answer the
# queries that the dashboard has.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/monitoring.sh"

shots=$PURSER_ROOT/Documentation/screenshots
dashboard=$FOLDER/grafana.json
answers=$shots/dashboard.json

draw() {	# draw DASHBOARD ANSWERS
	"$shots/draw_dashboard" "$1" "$2" >"$TEST_DIR/drawn"
}

check "the answers are those to the queries of the dashboard" draw "$dashboard" "$answers"
check "dashboard.svg is their drawing" cmp "$TEST_DIR/drawn" "$shots/dashboard.svg"
check "the document shows it" \
	grep -q 'screenshots/dashboard\.svg)' "$PURSER_ROOT/Documentation/monitoring.md"
check "it has the title of each panel, and the names of series and columns" python3 -c '
import json, sys, xml.dom.minidom as dom
texts = [t.firstChild.data for t in dom.parse(sys.argv[1]).getElementsByTagName("text")]
titles = [panel["title"] for panel in json.load(open(sys.argv[2]))["panels"]]
for name in titles + ["shop", "hard_limit_killed", "ended", "16 MiB", "20%"]:
    assert texts.count(name) >= max(titles.count(name), 1), name
' "$TEST_DIR/drawn" "$dashboard"

sed 's/sum(purser_processes/max(purser_processes/' "$dashboard" >"$TEST_DIR/other.json"
check_status "a picture of other queries is refused" 1 draw "$TEST_DIR/other.json" "$answers"
check_match "a message names the panel" "$OUTPUT" '"Processes" asks something else'

# made_up SERIES - make a dashboard with one panel, and answers with these series
made_up() {
	cat >"$TEST_DIR/panel.json" <<END
{"title": "a <b>", "templating": {"list": []}, "panels": [{"id": 1, "type": "timeseries",
 "title": "one", "gridPos": {"x": 0, "y": 0, "w": 12, "h": 8},
 "fieldConfig": {"defaults": {"unit": "bytes"}},
 "targets": [{"refId": "A", "expr": "x", "legendFormat": "{{container}} & more"}]}]}
END
	cat >"$TEST_DIR/answers.json" <<END
{"times": {"start": 0, "end": 60, "step": 5}, "variables": {}, "answers": [{"panel": 1,
 "refId": "A", "expr": "x", "result": [$1]}]}
END
}

made_up '{"metric": {"container": "web"}, "values": [[0, "0"], [5, "2048"], [15, "8192"]]}'
check "a panel is drawn" draw "$TEST_DIR/panel.json" "$TEST_DIR/answers.json"
check_eq "a line has a gap where there is no value" \
	"$(grep -o '<path d="[^"]*"' "$TEST_DIR/drawn" | tr -d '0-9.,')" '<path d="MLM"'
check_match "the legend names the series, without special characters" \
	"$(<"$TEST_DIR/drawn")" '>web &amp; more<'
check_match "a unit is that of the panel" "$(<"$TEST_DIR/drawn")" '>4 KiB<'
made_up ''
check_status "a panel without data is refused" 1 \
	draw "$TEST_DIR/panel.json" "$TEST_DIR/answers.json"
check_match "a message names that one, too" "$OUTPUT" '"one" has no data'

ktap_end
