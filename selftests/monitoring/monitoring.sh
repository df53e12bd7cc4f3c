# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions for the tests in this folder, which source this file after kselftest.sh.

FOLDER=$PURSER_ROOT/Documentation/monitoring
export FOLDER

# require_program NAME - skip the test if Prometheus or what belongs to it is not installed
require_program() {
	type -P "$1" >/dev/null ||
		ktap_skip_all "$1 is not installed: make deps-monitoring installs it"
}

# queries [TITLE] - print the queries of the dashboard, or of its panel TITLE, one a line, with
# values for its variables
# shellcheck disable=SC2016 # the variables are those of Grafana
queries() {
	python3 -c '
import json, sys
dashboard = json.load(open(sys.argv[1]))
for panel in dashboard["panels"]:
    for target in panel["targets"]:
        if panel["title"] in sys.argv[2:] or not sys.argv[2:]:
            print(target["expr"])
' "$FOLDER/grafana.json" "$@" |
		sed 's/\$__interval_ms/300000/g; s/\$__[a-z_]*interval/5m/g
			s/\$\(job\|instance\|container\)/x/g'
}
