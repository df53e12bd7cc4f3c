#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The reference of the family says what its specification says: its tables are
# those that Documentation/netlink/generate makes.

. "$(dirname "$0")/../lib/kselftest.sh"

netlink=$PURSER_ROOT/Documentation/netlink
here=$PURSER_ROOT/selftests/netlink

# made_from SPECIFICATION - the page with tables made from it
made_from() {
	awk -v PAGE="$netlink/purser.rst" -f "$here/yaml.awk" \
		-f "$here/reference.awk" "$1"
}

check "the page is the one that is generated" \
	diff -u "$netlink/purser.rst" <("$netlink/generate" --print)

# All that has a name in the specification is on the page, in a table of its own.
grep -oE '^ +name: [a-z0-9-]+' "$netlink/specs/purser.yaml" |
	sed 's/.*: //' | sort -u >"$TEST_DIR/names"
check "there are names to look for" test "$(wc -l <"$TEST_DIR/names")" -gt 60
while read -r name; do
	grep -qE "^$name( \(|$)|\`\`$name\`\`" "$netlink/purser.rst" ||
		echo "$name"
done <"$TEST_DIR/names" >"$TEST_DIR/missing"
check_eq "none is missing" "$(<"$TEST_DIR/missing")" ""

# Each kind of difference shows.
differs() {	# differs NAME SED-SCRIPT
	sed "$2" "$netlink/specs/purser.yaml" >"$TEST_DIR/copy.yaml"
	if made_from "$TEST_DIR/copy.yaml" | cmp -s - "$netlink/purser.rst"; then
		ktap_fail "$1" "the difference is not seen"
	else
		ktap_pass "$1"
	fi
}
differs "a meaning is another" 's/doc: 0 means none\./doc: 0 is none./'
differs "a bound is another" 's/max: 86400000/max: 86400001/'
differs "a command takes one attribute less" 's/, grace-ms \]/ ]/'
differs "a permission is another" '/^      name: register$/,/do:/{/flags:/d}'
differs "a reason is new" \
	's/^        name: oom-killed$/        name: lost\n      -\n&/'
# shellcheck disable=SC2016 # the $ is sed's
differs "anybody may listen" '/^mcast-groups/,${/flags:/d}'

# Every errno that the module returns by name is in the table of errors.
while read -r name; do
	grep -q "^   \* - \`\`$name\`\`" "$netlink/purser.rst" || echo "$name"
done < <(cat "$PURSER_ROOT"/kmod/{netlink,lifecycle,stop,fifo}.c |
	grep -oE 'err = -E[0-9A-Z]+;|return -E[0-9A-Z]+;|ERR_PTR\(-E[0-9A-Z]+' |
	grep -oE 'E[0-9A-Z]+[;(]?$' | tr -d ';(' | sort -u |
	grep -vxE 'EMSGSIZE|ERR') >"$TEST_DIR/missing"
check_eq "no errno is missing" "$(<"$TEST_DIR/missing")" ""

ktap_end
