#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The module's policies agree with the specification: the commands, who may use them, and
# the attributes of each request with their types and bounds. The test asks the running
# kernel for the policies.

. "$(dirname "$0")/../lib/kselftest.sh"

here=$(dirname "$0")
spec=$PURSER_ROOT/Documentation/netlink/specs/purser.yaml

require_module
check "the kernel reports the family's policies" "$PURSER_TEST_BIN/policy"
printf '%s\n' "$OUTPUT" >"$TEST_DIR/policy"

# compare SPECIFICATION - print the differences, by name
compare() {
	rm -f "$TEST_DIR"/out.*
	awk -v KERNEL="$TEST_DIR/policy" -v OUT="$TEST_DIR/out" \
		-f "$here/yaml.awk" -f "$here/policy.awk" "$1" &&
		sort -o "$TEST_DIR/out.spec" "$TEST_DIR/out.spec" &&
		sort -o "$TEST_DIR/out.kernel" "$TEST_DIR/out.kernel" &&
		diff -U 0 --label specification --label module \
			"$TEST_DIR/out.spec" "$TEST_DIR/out.kernel"
}

check "the module's policies agree with the specification" compare "$spec"
check "the comparison has at least 30 lines" \
	test "$(wc -l <"$TEST_DIR/out.spec")" -ge 30

compare "$spec" >"$TEST_DIR/differences.now"

# Each kind of difference must be detected.

# differs CHANGE SED-SCRIPT - compare detects that change of the specification
differs() {
	local copy=$TEST_DIR/copy.yaml

	sed "$2" "$spec" >"$copy"
	if cmp -s "$copy" "$spec"; then
		ktap_fail "the comparison detects $1" "the script changes nothing"
		return
	fi
	if compare "$copy" >"$TEST_DIR/differences" ||
		cmp -s "$TEST_DIR/differences" "$TEST_DIR/differences.now"; then
		ktap_fail "the comparison detects $1" "the difference is not detected"
	else
		ktap_pass "the comparison detects $1"
	fi
}
differs "a request with one more attribute" \
	's/attributes: \[ id, name, pid, soft-limit/&, state, stop-signal/'
differs "a request with one attribute less" 's/, stop-signal, grace-ms, no-force \]/, grace-ms, no-force ]/'
differs "an attribute of another type" \
	'/^        name: cookie$/{n;s/binary/string/}'
differs "a wider attribute" '/^        name: grace-ms$/{n;s/u32/u64/}'
differs "a greater length of names" 's/max-len: 127/max-len: 128/'
differs "a signal without a minimum" '/^        name: stop-signal$/,/max:/{/min: 1/d}'
differs "a greater grace period" 's/max: 86400000/max: 86400001/'
differs "a new state" \
	's/^        name: killing$/        name: frozen\n      -\n&/'
differs "register without a privilege" '/^      name: register$/,/do:/{/flags:/d}'
differs "get with a privilege" \
	'/^      name: get$/,/do:/s/attribute-set: container/&\n      flags: [ admin-perm ]/'
differs "another number of a command" \
	's/^      name: info$/      name: extra\n      doc: Another.\n    -\n&/'
differs "a missing command" '/^      name: set$/,/^        request:/s/^      do:/      undone:/'
differs "event-get without a dump" \
	'/^      name: event-get$/,/dump:/s/^      dump:/      do:/'
# shellcheck disable=SC2016 # the $ is sed's
differs "a group without a privilege" '/^mcast-groups/,${/flags:/d}'

check "the module can be unloaded" unload_module
ktap_end
