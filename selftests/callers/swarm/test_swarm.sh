#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 4000
#
# docker swarm on two virtual machines, see "run" in this folder.

. "$(dirname "$0")/../../lib/kselftest.sh"

here=$(realpath "$(dirname "$0")")
[ -d "$PURSER_BUILD/callers/usr" ] ||
	ktap_skip_all "the test needs build/callers, which make check-oci makes"
_run "$here/run"
ktap_diag "$OUTPUT"
check_eq "all checks of the first node pass" "$_status" 0
check_no_match "no check of a node fails" "$OUTPUT" 'not ok|Bail out'
check_match "the second node checked its table" "$OUTPUT" \
	'second\| ok 1 the kernel'\''s table has the containers'
ktap_end
