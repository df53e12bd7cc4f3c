#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# promtool accepts the metrics, the alerts, the configuration and the queries of the
# dashboard. The alerts begin and end as alerts.test.yml says.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/monitoring.sh"

require_program promtool
here=$(realpath "$(dirname "$0")")

# promtool reads only the older format.
lint() {
	promtool check metrics <"$1"
}

"$PURSER_TEST_BIN/sample" prometheus >"$TEST_DIR/metrics"
check "promtool accepts the metrics" lint "$TEST_DIR/metrics"
check_eq "it has nothing to say about them" "$OUTPUT" ""
sed 's/purser_events_total/purser_events/' "$TEST_DIR/metrics" >"$TEST_DIR/bad"
check_status "it does not accept a counter without its ending" 3 lint "$TEST_DIR/bad"
check_match "and says so" "$OUTPUT" 'purser_events counter metrics should have "_total" suffix'

check "promtool accepts the alerts" promtool check rules "$FOLDER/alerts.yml"
check_match "there are two" "$OUTPUT" 'SUCCESS: 2 rules found'
check "the alerts begin and end when they must" \
	promtool test rules "$here/alerts.test.yml"
mkdir -p "$TEST_DIR/selftests/monitoring" "$TEST_DIR/Documentation/monitoring"
cp "$here/alerts.test.yml" "$TEST_DIR/selftests/monitoring/"
sed 's/for: 2m/for: 20m/' "$FOLDER/alerts.yml" >"$TEST_DIR/Documentation/monitoring/alerts.yml"
check_status "another alert fails its test" 1 \
	promtool test rules "$TEST_DIR/selftests/monitoring/alerts.test.yml"
check "promtool accepts the configuration of Prometheus" \
	promtool check config "$FOLDER/prometheus.yml"

# rules - print the queries as recording rules, for promtool
rules() {
	local n=0 query

	printf 'groups:\n- name: dashboard\n  rules:\n'
	while IFS= read -r query; do
		n=$((n + 1))
		printf '  - record: "panel:%d"\n    expr: |\n      %s\n' "$n" "$query"
	done
	[ "$n" -gt 0 ]
}

queries | rules >"$TEST_DIR/dashboard.yml"
check "promtool accepts the queries of the dashboard" \
	promtool check rules "$TEST_DIR/dashboard.yml"
{ queries; echo 'rate(purser_events_total)'; } | rules >"$TEST_DIR/dashboard.yml"
check_status "it does not accept a rate without a range" 1 \
	promtool check rules "$TEST_DIR/dashboard.yml"

ktap_end
