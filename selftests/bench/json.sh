# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Reads the JSON report of a benchmark, whose path is REPORT.

# json POINTER... - print the values in the report
json() {
	"$PURSER_BUILD/tests/bin/purserctl/json" "$@" <"$REPORT"
}

# lengths LIST KEY - print the length of KEY in each entry as "ENTRIESxLENGTH" lines
lengths() {
	local i of=()

	for ((i = 0; i < $(json "/$1?length"); i++)); do
		of+=("/$1/$i/$2?length")
	done
	json "${of[@]}" | tr ' ' '\n' | sort | uniq -c | awk '{ print $1 "x" $2 }'
}
