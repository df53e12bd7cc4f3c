#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The tour checks each of its steps: it comes to its end.

. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

require_machine
at_exit unload_module
check "the demo comes to its end" "$PURSER_ROOT/selftests/demo/run"

ktap_end
