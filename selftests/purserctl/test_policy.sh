#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# policy prints what the running kernel accepts.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

check "policy succeeds" purserctl policy
text=$OUTPUT
rows() { tr -s ' ' <<<"$text" | sed 's/ $//' | grep "^$1 "; }
check_eq "it prints the attributes of a command, with their types and ranges" "$(rows stop)" \
	'stop do CAP_NET_ADMIN id u64
stop do CAP_NET_ADMIN name nul-string at most 127 bytes
stop do CAP_NET_ADMIN pid u32 1 to 2147483647
stop do CAP_NET_ADMIN stop-signal u32 1 to 64
stop do CAP_NET_ADMIN grace-ms u32 0 to 86400000
stop do CAP_NET_ADMIN no-force flag'
check_match "attributes of events have their own names" "$(rows event-get)" \
	'^event-get dump CAP_NET_ADMIN seq u64$'
check_match "a command without attributes has a row" "$(rows info)" '^info do - - -$'
check_match "reading needs no privilege" "$(rows get)" '^get [a-z, ]+ - id u64'
check_no_match "all have names" "$text" 'number'
check_eq "users of the host may ask" "$(as_nobody purserctl policy)" "$text"

# As the helper of the tests reads it, with numbers.
"$PURSER_BUILD/tests/bin/netlink/policy" >"$TEST_DIR/numbers"
check_eq "--json has all commands" \
	"$(purserctl policy --json | grep -o '"number":[0-9]*,"do"' | tr -dc '0-9\n' | sort -nu)" \
	"$(awk '$1 == "op" && / (do|dump)/ { print $2 }' "$TEST_DIR/numbers" | sort -nu)"
check_eq "and all attributes of register" \
	"$(purserctl policy --json | grep '"register"' | grep -o '"number":[0-9]*,"type"' | tr -dc '0-9\n')" \
	"$(awk '$1 == "attr" && $2 == 1 { print $4 }' "$TEST_DIR/numbers")"

check "the module is unloaded" unload_module
refused "without the module, it fails" 4 \
	'cannot read what the module accepts: the purser module is not loaded' purserctl policy
ktap_end
