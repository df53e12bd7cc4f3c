#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink specification and the uapi header say the same: names, order and
# values of commands, attributes, enums and constants.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$(dirname "$0")
spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml
header=$PURSER_ROOT/include/uapi/linux/purser.h

# "NAME VALUE" for all that the specification names, as C spells it.
spec_values() {	# spec_values FILE
	awk -f "$here/yaml.awk" -f "$here/values.awk" "$1" | sort
}

# The same of the header. What starts or ends an enum has no counterpart.
header_values() {	# header_values FILE
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
check "the specification is understood" test "$(wc -l <<<"$values")" -ge 60
check_eq "the header says what the specification says" \
	"$(header_values "$header")" "$values"

# Each kind of difference shows.
differs() {	# differs NAME SED-SCRIPT
	local copy=$TEST_DIR/copy.h

	sed "$2" "$header" >"$copy"
	if cmp -s "$copy" "$header"; then
		ktap_fail "$1" "the script changes nothing"
	elif [ "$(header_values "$copy")" = "$values" ]; then
		ktap_fail "$1" "the difference is not seen"
	else
		ktap_pass "$1"
	fi
}
differs "a command is missing" '/^\tPURSER_CMD_SET,$/d'
differs "an attribute has another name" 's/^\tPURSER_A_CONTAINER_RSS,/\tPURSER_A_CONTAINER_RES,/'
differs "two attributes change places" \
	'/^\tPURSER_A_EVENT_SEQ,$/{N;s/\(.*\)\n\(.*\)/\2\n\1/}'
differs "an enum starts elsewhere" 's/PURSER_STATE_STARTING = 1/PURSER_STATE_STARTING = 2/'
differs "a reason is new" 's/^\tPURSER_REASON_KILLED,/&\n\tPURSER_REASON_LOST,/'
differs "a limit is another" 's/\(PURSER_NAME_MAX[ \t]*\)127/\1128/'


# The schema that the kernel has for new families knows no other keys. Where it
# is at hand, tools/net/ynl of a kernel's tree checks more.
echo 'END { for (p in V) print p; for (p in P) print p }' >"$TEST_DIR/keys.awk"
unknown_keys() {	# unknown_keys FILE
	awk -f "$here/yaml.awk" -f "$TEST_DIR/keys.awk" "$1" |
		sed 's:/[0-9]\+:/#:g' | grep -Ev "$(allowed | tr -d '\n')"
}

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

check_eq "the specification has no keys but those of the schema" \
	"$(unknown_keys "$spec")" ""
sed 's/^protocol:/version: 1\n&/' "$spec" >"$TEST_DIR/copy.yaml"
check_eq "one that the schema does not have is seen" \
	"$(unknown_keys "$TEST_DIR/copy.yaml")" version

ktap_end
