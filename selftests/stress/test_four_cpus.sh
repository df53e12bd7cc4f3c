#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tests that drive races, on four processors: in a virtual machine of their
# own, since the others share one of two.
# where: host
# timeout: 900

. "$(dirname "$0")/../lib/kselftest.sh"

# at_four TEST ARGUMENT...
at_four() {
	"$PURSER_ROOT/selftests/vm/run" --cpus 4 --timeout 800 -- \
		"$PURSER_ROOT/selftests/$1" "${@:2}"
}

check "a crowd at the same few names" at_four stress/test_crowd.sh 80 4
ktap_diag "$(grep -v '^ok' <<<"$OUTPUT")"
ktap_end
