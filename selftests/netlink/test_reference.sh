#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The reference of the family, purser.rst, agrees with the specification: its tables are
# those that Documentation/netlink/generate prints.

. "$(dirname "$0")/../lib/kselftest.sh"

netlink=$PURSER_ROOT/Documentation/netlink
here=$PURSER_ROOT/selftests/netlink

# made_from SPECIFICATION - print the page with tables made from it
made_from() {
	awk -v PAGE="$netlink/purser.rst" -f "$here/yaml.awk" \
		-f "$here/reference.awk" "$1"
}

check "the page equals the generated one" \
	diff -u "$netlink/purser.rst" <("$netlink/generate" --print)

# Each name in the specification is on the page.
grep -oE '^ +name: [a-z0-9-]+' "$netlink/specs/purser.yaml" |
	sed 's/.*: //' | sort -u >"$TEST_DIR/names"
check "the specification has more than 60 names" test "$(wc -l <"$TEST_DIR/names")" -gt 60
while read -r name; do
	grep -qE "^$name( \(|$)|\`\`$name\`\`" "$netlink/purser.rst" ||
		echo "$name"
done <"$TEST_DIR/names" >"$TEST_DIR/missing"
check_eq "the page has all names of the specification" "$(<"$TEST_DIR/missing")" ""

# Each kind of difference must be detected.

# differs CHANGE SED-SCRIPT - the page changes with that change of the specification
differs() {
	sed "$2" "$netlink/specs/purser.yaml" >"$TEST_DIR/copy.yaml"
	if made_from "$TEST_DIR/copy.yaml" | cmp -s - "$netlink/purser.rst"; then
		ktap_fail "the page shows $1" "the page does not change"
	else
		ktap_pass "the page shows $1"
	fi
}
differs "another meaning of a value" 's/doc: 0 means none\./doc: 0 is none./'
differs "another bound of an attribute" 's/max: 86400000/max: 86400001/'
differs "a command with one attribute less" 's/, no-force \]/ ]/'
differs "another permission of a command" '/^      name: register$/,/do:/{/flags:/d}'
differs "a new reason" \
	's/^        name: oom-killed$/        name: lost\n      -\n&/'
# shellcheck disable=SC2016 # the $ is sed's
differs "a group without a privilege" '/^mcast-groups/,${/flags:/d}'

# Every errno that the module returns by name is in the table of errors.
while read -r name; do
	grep -q "^   \* - \`\`$name\`\`" "$netlink/purser.rst" || echo "$name"
done < <(cat "$PURSER_ROOT"/kmod/{netlink,lifecycle,stop,fifo}.c |
	grep -oE 'err = -E[0-9A-Z]+;|return -E[0-9A-Z]+;|ERR_PTR\(-E[0-9A-Z]+' |
	grep -oE 'E[0-9A-Z]+[;(]?$' | tr -d ';(' | sort -u |
	grep -vxE 'EMSGSIZE|ERR') >"$TEST_DIR/missing"
check_eq "the table of errors has each errno that the module returns" \
	"$(<"$TEST_DIR/missing")" ""

ktap_end
