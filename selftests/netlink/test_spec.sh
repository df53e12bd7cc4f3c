#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The netlink specification and the uapi header say the same: names, order and
# values of commands, attributes, enums and constants.

. "$(dirname "$0")/../lib/kselftest.sh"

spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml
header=$PURSER_ROOT/include/uapi/linux/purser.h

# "NAME VALUE" for all that the specification names, as C spells it.
spec_values() {	# spec_values FILE
	awk '
	function c_name(s) {
		gsub(/-/, "_", s)
		return toupper(s)
	}
	/^[a-z]/ { section = $1; value = 0 }
	section == "definitions:" && /^    type:/ { type = $2 }
	section == "definitions:" && /^    name:/ {
		prefix = $2 == "event-type" ? "EVENT" : c_name($2)
		value = 0
	}
	section == "definitions:" && /^    value-start:/ { value = $2 }
	section == "definitions:" && type == "const" && /^    value:/ {
		print "PURSER_" prefix, $2
	}
	section == "definitions:" && /^        name:/ {
		print "PURSER_" prefix "_" c_name($2), value++
	}
	section == "attribute-sets:" && /^    name:/ {
		prefix = "A_" c_name($2)
		value = 1
	}
	section == "attribute-sets:" && /^        name:/ {
		print "PURSER_" prefix "_" c_name($2), value++
	}
	section == "operations:" && /^      name:/ {
		print "PURSER_CMD_" c_name($2), ++value
	}
	section == "version:" { print "PURSER_FAMILY_VERSION", $2 }
	' "$1" | sort
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
differs "a limit is another" 's/\(PURSER_NAME_MAX[ \t]*\)63/\164/'

ktap_end
