#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# cpus: 4
#
# A test that asks for 4 CPUs gets them.

. "$(dirname "$0")/../lib/kselftest.sh"

require_machine
[ "${PURSER_VM:-}" ] || ktap_skip_all "needs the virtual machine"
check_eq "the test has 4 CPUs" "$(nproc)" 4

ktap_end
