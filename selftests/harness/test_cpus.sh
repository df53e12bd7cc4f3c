#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cpus: 4
#
# A test that wants 4 CPUs.

. "$(dirname "$0")/../lib/kselftest.sh"

require_machine
[ "${PURSER_VM:-}" ] || ktap_skip_all "needs the virtual machine"
check_eq "it has them" "$(nproc)" 4

ktap_end
