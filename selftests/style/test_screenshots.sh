#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# Each screenshot in Documentation/screenshots is the drawing of the output beside it, and
# a document shows it.

. "$(dirname "$0")/../lib/kselftest.sh"

shots=$PURSER_ROOT/Documentation/screenshots
draw=$shots/draw

# texts FILE - the texts in a drawing, a line for each row
texts() {
	python3 -c '
import sys, xml.dom.minidom as dom
rows = {}
for t in dom.parse(sys.argv[1]).getElementsByTagName("text"):
    rows.setdefault(int(t.getAttribute("y")), []).append(
        t.getAttribute("fill") + ":" + t.firstChild.data)
for y in sorted(rows):
    print("|".join(rows[y]))' "$1"
}

n=0
for file in "$shots"/*.txt; do
	n=$((n + 1))
	name=${file##*/}
	name=${name%.txt}
	"$draw" "$file" >"$TEST_DIR/drawn"
	check "$name.svg is the drawing of $name.txt" cmp "$TEST_DIR/drawn" "$shots/$name.svg"
	check "a document shows $name.svg" \
		grep -q "screenshots/$name\.svg)" "$PURSER_ROOT"/README.md \
		"$PURSER_ROOT"/Documentation/*.md
done
check "there are screenshots" test "$n" -gt 1

printf '%s\n' '#: title a <b>' $'plain \e[31mred\e[0m <&>\r' $'  \xc3\xa9 \e[7mreversed\e[m' '' \
	>"$TEST_DIR/a"
"$draw" "$TEST_DIR/a" >"$TEST_DIR/a.svg"
check_eq "colours and special characters are drawn" "$(texts "$TEST_DIR/a.svg")" \
	$':plain |#e06c75:red|: <&>\n:  \xc3\xa9 |#1e1e1e:reversed'
check_match "the title is there" "$(<"$TEST_DIR/a.svg")" '<title>a &lt;b&gt;</title>'
check_match "two bytes of one character take one column" "$(<"$TEST_DIR/a.svg")" \
	'textLength="33.6">  '

printf '%s\n' $'\e[?1049h\e[Hone' $'two\e[K' $'\e[Hthree\e[J' four $'\e[?1049lbye' >"$TEST_DIR/b"
"$draw" "$TEST_DIR/b" >"$TEST_DIR/b.svg"
check_eq "of several screens the last one counts, and nothing after it" \
	"$(texts "$TEST_DIR/b.svg")" $':three\n:four'

ktap_end
