#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module's policies are what the specification says: which commands there
# are, who may use them, and for each the attributes that a request may have,
# their types and bounds, and no others. The kernel is asked, not the source.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$(dirname "$0")
spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml

require_module
check "the kernel tells of the family" "$PURSER_TEST_BIN/policy"
printf '%s\n' "$OUTPUT" >"$TEST_DIR/policy"

# compare SPECIFICATION - prints the differences, by name
compare() {
	rm -f "$TEST_DIR"/out.*
	awk -v KERNEL="$TEST_DIR/policy" -v OUT="$TEST_DIR/out" \
		-f "$here/yaml.awk" -f "$here/policy.awk" "$1" &&
		sort -o "$TEST_DIR/out.spec" "$TEST_DIR/out.spec" &&
		sort -o "$TEST_DIR/out.kernel" "$TEST_DIR/out.kernel" &&
		diff -U 0 --label specification --label module \
			"$TEST_DIR/out.spec" "$TEST_DIR/out.kernel"
}

check "the module's policies are what the specification says" compare "$spec"
check "there is something to compare" \
	test "$(wc -l <"$TEST_DIR/out.spec")" -ge 30

compare "$spec" >"$TEST_DIR/differences.now"

# Each kind of difference shows.
differs() {	# differs NAME SED-SCRIPT
	local copy=$TEST_DIR/copy.yaml

	sed "$2" "$spec" >"$copy"
	if cmp -s "$copy" "$spec"; then
		ktap_fail "$1" "the script changes nothing"
		return
	fi
	if compare "$copy" >"$TEST_DIR/differences" ||
		cmp -s "$TEST_DIR/differences" "$TEST_DIR/differences.now"; then
		ktap_fail "$1" "the difference is not seen"
	else
		ktap_pass "$1"
	fi
}
differs "a request takes one more attribute" \
	's/attributes: \[ id, name, pid, soft-limit/&, state, stop-signal/'
differs "a request takes one less" 's/, stop-signal, grace-ms \]/, grace-ms ]/'
differs "an attribute has another type" \
	'/^        name: cookie$/{n;s/binary/string/}'
differs "an attribute is wider" '/^        name: grace-ms$/{n;s/u32/u64/}'
differs "a name may be longer" 's/max-len: 127/max-len: 128/'
differs "a signal may be 0" '/^        name: stop-signal$/,/max:/{/min: 1/d}'
differs "a grace period may be longer" 's/max: 86400000/max: 86400001/'
differs "a state is new" \
	's/^        name: killing$/        name: frozen\n      -\n&/'
differs "anybody may register" '/^      name: register$/,/do:/{/flags:/d}'
differs "reading is a privilege" \
	'/^      name: get$/,/do:/s/attribute-set: container/&\n      flags: [ admin-perm ]/'
differs "a command has another number" \
	's/^      name: info$/      name: extra\n      doc: Another.\n    -\n&/'
differs "a command is missing" '/^      name: set$/,/^        request:/s/^      do:/      undone:/'
differs "events can be had one by one" \
	'/^      name: event-get$/,/dump:/s/^      dump:/      do:/'
# shellcheck disable=SC2016 # the $ is sed's
differs "anybody may listen" '/^mcast-groups/,${/flags:/d}'

check "the module unloads" unload_module
ktap_end
