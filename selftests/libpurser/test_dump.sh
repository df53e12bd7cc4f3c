#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A list that is read while the table changes shows the table of one moment.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/../purserctl/lib.sh"
JSON=$PURSER_BUILD/tests/bin/purserctl/json
CLIENT=$PURSER_BUILD/tests/bin/purserctl/client

require_module

# These are more records than fit into one message of a dump, so that the table changes in
# between. The client removes the oldest record and adds it again at the end with a new id,
# over and over. So the table has n or n - 1 records at any moment; a dump that mixes
# moments has some twice.
n=250
spawn_ready "$CLIENT" rotate $n || ktap_bail "cannot make the containers"

whole=0 wrong=0 refused=0 refusal=
for ((i = 0; i < 20; i++)); do
	if ! purserctl list --json >"$TEST_DIR/list" 2>"$TEST_DIR/err"; then
		refused=$((refused + 1))
		refusal=$(<"$TEST_DIR/err")
		continue
	fi
	count=$("$JSON" '?length' <"$TEST_DIR/list")
	if [ "$count" -eq $n ] || [ "$count" -eq $((n - 1)) ]; then
		whole=$((whole + 1))
	else
		ktap_diag "a list has $count records"
		wrong=$((wrong + 1))
	fi
done
check_eq "no list mixes two moments" "$wrong" 0
check "lists can be read while the table changes" [ "$whole" -gt 0 ]
ktap_diag "$whole lists were read, $refused failed since the table changed too often"
[ "$refused" -eq 0 ] ||
	check_eq "a list that fails prints the reason" "$refusal" \
		'purserctl: cannot list the containers: the table changed each time it was read'
check "the table changed until the end" kill -0 "$PID"

end_process "$PID"
none_runs() {
	[ "$(purserctl list --json --state running)" = "[]" ]
}
check "the containers end" wait_for none_runs
purserctl list --json >"$TEST_DIR/list"
check_match "the records of the containers stay" "$("$JSON" '?length' <"$TEST_DIR/list")" \
	"^($n|$((n - 1)))\$"
check "the list has the records in the order of their ids" sort -nuc \
	<(sed -n 's/^  {"id":\([0-9]*\),.*/\1/p' "$TEST_DIR/list")

ktap_end
