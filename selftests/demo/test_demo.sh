#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The demo finishes: it checks each of its steps itself.

. "$(dirname "$0")/../lib/kselftest.sh"

require_engine

require_machine
at_exit unload_module
check "the demo finishes" "$PURSER_ROOT/selftests/demo/run"

ktap_end
