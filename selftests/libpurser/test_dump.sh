#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A list while the table changes shows it as it was at one moment.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/../purserctl/lib.sh"
JSON=$PURSER_BUILD/tests/bin/purserctl/json
CLIENT=$PURSER_BUILD/tests/bin/purserctl/client

require_module

# More than fit one message of a dump, so that changes come in between. What
# changes is that the oldest record goes and comes again with a new id, at the
# end: at any moment there are n records, or n - 1. A dump that goes on while they
# do meets some twice.
n=250
spawn_ready "$CLIENT" rotate $n || ktap_bail "no containers"

whole=0 wrong=0 refused=0
for ((i = 0; i < 20; i++)); do
	if ! purserctl list --json >"$TEST_DIR/list" 2>"$TEST_DIR/err"; then
		refused=$((refused + 1))
		continue
	fi
	count=$("$JSON" '?length' <"$TEST_DIR/list")
	if [ "$count" -eq $n ] || [ "$count" -eq $((n - 1)) ]; then
		whole=$((whole + 1))
	else
		ktap_diag "$count records"
		wrong=$((wrong + 1))
	fi
done
check_eq "no list mixes one moment with another" "$wrong" 0
check "lists come while the table changes" [ "$whole" -gt 0 ]
ktap_diag "$whole lists were whole, $refused found no moment of rest"
[ "$refused" -eq 0 ] ||
	check_eq "a list that cannot be had says so" "$(<"$TEST_DIR/err")" \
		'purserctl: cannot list the containers: the table changed whenever it was read'
check "the table has changed all the while" kill -0 "$PID"

end_process "$PID"
none_runs() {
	[ "$(purserctl list --json --state running)" = "[]" ]
}
check "the containers end" wait_for none_runs
purserctl list --json >"$TEST_DIR/list"
check_match "their records stay" "$("$JSON" '?length' <"$TEST_DIR/list")" \
	"^($n|$((n - 1)))\$"
check "in the order of their ids" sort -nuc \
	<(sed -n 's/^  {"id":\([0-9]*\),.*/\1/p' "$TEST_DIR/list")

ktap_end
