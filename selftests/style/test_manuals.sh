#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The manual pages and cli.md have each synopsis and each option of the programs and no
# other option, cli.md has each default of engine's larger commands, and mandoc and groff
# find no fault in a manual page.

. "$(dirname "$0")/../lib/kselftest.sh"

cli=$PURSER_ROOT/Documentation/cli.md

# usage PROGRAM - the synopses that its help prints
usage() {
	"$1" --help | sed -n "s/^  \\($1 .*\\)/\\1/p"
}

# commands PROGRAM
commands() {
	usage "$1" | awk '$2 ~ /^[a-z]+$/ { print $2 }' | sort -u
}

# options PROGRAM COMMAND - "OPTION<tab>DEFAULT" for each option that its help has
options() {
	"$1" "$2" --help | awk '/^  -/ {
		title = substr($0, 3)
		getline
		initial = ""
		if (match($0, /default: .*\)$/))
			initial = substr($0, RSTART + 9, RLENGTH - 10)
		print title "\t" initial }'
}

# plain FILE - a manual page without its markup: the words of a macro are joined
plain() {
	sed -E 's/\\f[A-Z]//g; s/\\-/-/g' "$1" | awk '
		/^\.(B|I|BI|BR|IR|RB|RI) / {
			gap = $1 == ".B" || $1 == ".I" ? " " : ""
			line = substr($0, index($0, " ") + 1) " "
			text = ""
			while (match(line, /^("[^"]*"|[^ ]+) +/)) {
				word = substr(line, 1, RLENGTH)
				line = substr(line, RLENGTH + 1)
				sub(/ +$/, "", word)
				gsub(/"/, "", word)
				text = text (text == "" ? "" : gap) word
			}
			$0 = text
		}
		{ print }'
}

# synopsis FILE - what is between the first .nf and .fi of a manual page
synopsis() {
	plain "$1" | sed '1,/^\.nf/d; /^\.fi/,$d'
}

# missing FILE - the lines of stdin that are not in it
missing() {
	grep -vxFf "$1" || true
}

# rows - "OPTION<tab>DEFAULT" for each row of the tables of cli.md
rows() {
	sed -n 's/\\|/\a/g; s/`//g; s/^| *\(-[^|]*\) *| *\([^|]*\) *|.*/\1\t\2/p' "$cli" |
		sed 's/ *\t/\t/; s/ *$//' | tr '\a' '|'
}

# In mandoc, long lines are a matter of style; help texts are single lines.
lint() {	# lint FILE
	mandoc -T lint -W style "$1" | grep -v 'STYLE: input text line longer than'
	groff -man -ww -z "$1" 2>&1
}

# described FILE - the first lines of the items of a manual page that "plain" has printed
described() {
	grep -A 1 '^\.TP' "$1" | grep '^-[^-]\|^--[a-z]'
}

# names - the long options in the first fields of the lines of stdin
names() {
	cut -f 1 | grep -oE -- '--[a-z][a-z-]*' | sort -u
}

for program in engine purserctl purser-oci; do
	manual=$PURSER_ROOT/Documentation/man/$program.8
	usage "$program" >"$TEST_DIR/usage"
	check "$program --help has synopses" \
		test "$(wc -l <"$TEST_DIR/usage")" -gt 7
	check_eq "the manual has the same" "$(synopsis "$manual")" \
		"$(<"$TEST_DIR/usage")"
	check_eq "cli.md has them, too" "$(missing "$cli" <"$TEST_DIR/usage")" ""

	for command in $(commands "$program"); do
		options "$program" "$command"
	done | sort -u >"$TEST_DIR/options"
	check "$program has options" \
		test "$(wc -l <"$TEST_DIR/options")" -gt 12
	plain "$manual" >"$TEST_DIR/plain"
	check_eq "all are in the manual" \
		"$(cut -f 1 "$TEST_DIR/options" | missing "$TEST_DIR/plain")" ""
	names <"$TEST_DIR/options" >"$TEST_DIR/names"
	cat "$TEST_DIR/names" >>"$TEST_DIR/all"
	# For those of purser-oci, which container engines use, cli.md refers to the manual.
	[ "$program" = purser-oci ] ||
		check_eq "cli.md names them all" \
			"$(names <"$cli" | comm -13 - "$TEST_DIR/names")" ""
	check_eq "the manual describes no other option" \
		"$(described "$TEST_DIR/plain" | names | comm -23 - "$TEST_DIR/names")" ""
done
check_eq "the tables of cli.md have no other option" \
	"$(rows | names | comm -23 - <(sort -u "$TEST_DIR/all"))" ""

rows >"$TEST_DIR/rows"
for command in supervisor start; do
	check_eq "cli.md has the options and defaults of engine $command" \
		"$(options engine "$command" | missing "$TEST_DIR/rows")" ""
done

for manual in "$PURSER_ROOT"/Documentation/man/*.[1-9]; do
	check_eq "mandoc and groff find no fault in ${manual##*/}" "$(lint "$manual")" ""
done
{ cat "$PURSER_ROOT/Documentation/man/engine.8"; printf '.PP\n.PP\n.nosuch\n'; } \
	>"$TEST_DIR/bad.8"
check_match "they find a fault in a bad one" "$(lint "$TEST_DIR/bad.8")" \
	'unknown macro: .nosuch.*skipping paragraph macro.*troff'

ktap_end
