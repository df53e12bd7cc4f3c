#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink specification and the uapi header agree in names, order and values of
# commands, attributes, enums and constants.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$(dirname "$0")
spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml
header=$PURSER_ROOT/include/uapi/linux/purser.h

# spec_values FILE - print "NAME VALUE" for each name of a specification, as C spells it
spec_values() {
	awk -f "$here/yaml.awk" -f "$here/values.awk" "$1" | sort
}

# header_values FILE - print the same for a header, without the first and last name of an
# enum, which the specification does not have
header_values() {
	awk '
	/^#define PURSER_[A-Z_]+[ \t]+[0-9]+$/ { print $2, $3 }
	/^enum / { value = 0 }
	/^\tPURSER_[A-Z_]+( = [0-9]+)?,$/ {
		gsub(/,/, "")
		if (NF == 3)
			value = $3
		if ($1 !~ /_UNSPEC$/)
			print $1, value
		value++
	}
	' "$1" | sort
}

values=$(spec_values "$spec")
check "the specification has at least 60 values" test "$(wc -l <<<"$values")" -ge 60
check_eq "the header agrees with the specification" \
	"$(header_values "$header")" "$values"

# Each kind of difference must be detected.

# differs CHANGE SED-SCRIPT - the comparison detects that change of the header
differs() {
	local copy=$TEST_DIR/copy.h

	sed "$2" "$header" >"$copy"
	if cmp -s "$copy" "$header"; then
		ktap_fail "the comparison detects $1" "the script changes nothing"
	elif [ "$(header_values "$copy")" = "$values" ]; then
		ktap_fail "the comparison detects $1" "the difference is not detected"
	else
		ktap_pass "the comparison detects $1"
	fi
}
differs "a missing command" '/^\tPURSER_CMD_SET,$/d'
differs "another name of an attribute" 's/^\tPURSER_A_CONTAINER_RSS,/\tPURSER_A_CONTAINER_RES,/'
differs "two attributes in another order" \
	'/^\tPURSER_A_EVENT_SEQ,$/{N;s/\(.*\)\n\(.*\)/\2\n\1/}'
differs "another first value of an enum" 's/PURSER_STATE_STARTING = 1/PURSER_STATE_STARTING = 2/'
differs "a new reason" 's/^\tPURSER_REASON_KILLED,/&\n\tPURSER_REASON_LOST,/'
differs "another value of a constant" 's/\(PURSER_NAME_MAX[ \t]*\)127/\1128/'

# The kernel's schema for new families allows only these keys. test_ynl checks the whole
# schema, if the kernel's source is there.
echo 'END { for (p in V) print p; for (p in P) print p }' >"$TEST_DIR/keys.awk"
# unknown_keys FILE - print the keys of a specification that the schema does not allow
unknown_keys() {
	awk -f "$here/yaml.awk" -f "$TEST_DIR/keys.awk" "$1" |
		sed 's:/[0-9]\+:/#:g' | grep -Ev "$(allowed | tr -d '\n')"
}

# allowed - print a regular expression of the allowed paths of keys
allowed() {
	local e d a

	d='definitions/#(/(name|type|doc|value|value-start|entries(/#(/(name|doc))?)?))?'
	a='attributes(/#(/(name|type|doc|enum|multi-attr|nested-attributes|checks(/(min|max|max-len))?))?)?'
	e='(do|dump)(/(request|reply)(/attributes(/#)?)?)?|event(/attributes(/#)?)?'
	echo "^(name|protocol|doc|uapi-header|definitions|$d|attribute-sets"
	echo "|attribute-sets/#(/(name|name-prefix|doc|$a))?"
	echo "|operations(/enum-model|/list)?"
	echo "|operations/list/#(/(name|doc|attribute-set|flags(/#)?|mcgrp|$e))?"
	echo '|mcast-groups(/list(/#(/(name|flags(/#)?))?)?)?)$'
}

check_eq "the specification has only keys that the schema allows" \
	"$(unknown_keys "$spec")" ""
sed 's/^protocol:/version: 1\n&/' "$spec" >"$TEST_DIR/copy.yaml"
check_eq "the comparison detects a key that the schema does not allow" \
	"$(unknown_keys "$TEST_DIR/copy.yaml")" version

ktap_end
