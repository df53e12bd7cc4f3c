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

# Bars count what happened between two steps, each time once: 5 minutes in these tests. The
# module is loaded again at minute 11.
cat >"$TEST_DIR/ends.test.yml" <<END
tests:
  - interval: 1m
    input_series:
      - series: 'purser_container_ends_total{job="x",instance="x",reason="exited"}'
        values: '3 3 3 4 5 5x5 0 1x9'
    promql_expr_test:
      - expr: '$(queries "Ends by reason")'
        eval_time: 5m
        exp_samples: [{labels: '{reason="exited"}', value: 2}]
      - expr: '$(queries "Ends by reason")'
        eval_time: 10m
        exp_samples: [{labels: '{reason="exited"}', value: 0}]
      - expr: '$(queries "Ends by reason")'
        eval_time: 15m
        exp_samples: [{labels: '{reason="exited"}', value: 1}]
END
check "the dashboard counts each end once" promtool test rules "$TEST_DIR/ends.test.yml"

# crossings VALUES REGISTERED TIME SAMPLES - a test of the panel, as YAML
crossings() {
	local labels='job="x",instance="x",container="x"'

	cat <<END
tests:
  - interval: 1m
    input_series:
      - series: 'purser_container_soft_limit_crossings_total{$labels}'
        values: '$1'
      - series: 'purser_container_registration_time_seconds{$labels}'
        values: '$2'
    promql_expr_test:
      - expr: '$(queries "Soft limit crossings")'
        eval_time: $3
        exp_samples: [$4]
END
}

# counts NAME VALUES REGISTERED TIME [NUMBER]
counts() {
	crossings "$2" "$3" "$4" \
		"${5:+{labels: '{instance=\"x\",container=\"x\"\}', value: $5\}}" \
		>"$TEST_DIR/crossings.test.yml"
	check "$1" promtool test rules "$TEST_DIR/crossings.test.yml"
}

counts "it counts the crossings of a new container" '_x1 1x20' '_x1 110x20' 5m 1
counts "it counts only the later ones after that" '_x1 1x4 3x16' '_x1 110x20' 10m 2
counts "it counts those of a container that has taken the place of another" \
	'4x6 1x10' '0x6 400x10' 10m 1
counts "it does not count those from before a gap" '_x12 7x5' '_x12 0x5' 15m
# shellcheck disable=SC2016 # so the query would begin
check_eq "no query looks for an increase within one step, which can have one sample" \
	"$(grep -cF '[$__interval]' "$FOLDER/grafana.json")" 0

ktap_end
