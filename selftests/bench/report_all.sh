#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# usage: report_all.sh DIR SUBJECT...
#
# Puts the reports of these benchmarks in DIR together: all.table, all.json and all.svg.
# At the end of the table are the targets that were missed.

set -euo pipefail

dir=$1
shift

# missed SUBJECT... - print the targets that these benchmarks have missed
missed() {
	local subject

	for subject; do
		sed -n "s/^MISSED /$subject: /p" "$dir/$subject.table"
	done
}

tables() {
	local subject list

	for subject; do
		printf '== %s ==\n\n' "$subject"
		cat "$dir/$subject.table"
		echo
	done
	list=$(missed "$@")
	printf '== Missed targets: %d ==\n' "$(grep -c . <<<"$list")"
	[ ! "$list" ] || printf '\n%s\n' "$list"
}

json() {
	local subject sep=

	echo "{"
	for subject; do
		printf '%s"%s": ' "$sep" "$subject"
		cat "$dir/$subject.json"
		sep=,
	done
	echo "}"
}

# figures SUBJECT... - print the paths of the figures that these benchmarks have
figures() {
	local subject

	for subject; do
		[ ! -e "$dir/$subject.svg" ] || echo "$dir/$subject.svg"
	done
}

# below FILE... - print one figure that has these below each other. gnuplot writes the
# element "svg" and its attributes on lines of their own.
below() {
	awk '
		FNR == 1 { y += height; height = 0 }
		/^<\?xml/ { next }
		!height && /height="/ {
			height = $0
			sub(/.*height="/, "", height)
			height += 0
			print " y=\"" y + 0 "\""
		}
		{ print }' "$@"
}

svg() {
	local files height

	mapfile -t files < <(figures "$@")
	height=$(sed -n 's/^ width="[0-9]*" height="\([0-9]*\)"$/\1/p' "${files[@]}" |
		awk '{ sum += $1 } END { print sum + 0 }')
	cat <<END
<?xml version="1.0" encoding="utf-8"?>
<svg width="900" height="$height" viewBox="0 0 900 $height"
 xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink">
END
	[ ${#files[@]} = 0 ] || below "${files[@]}"
	echo "</svg>"
}

tables "$@" >"$dir/all.table"
json "$@" >"$dir/all.json"
svg "$@" >"$dir/all.svg"
sed -n '/^== Missed targets/,$p' "$dir/all.table"
printf '\n%s\n' "$dir/all.table" "$dir/all.json" "$dir/all.svg"
