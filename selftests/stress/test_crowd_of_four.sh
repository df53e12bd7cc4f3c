#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Runs test_crowd.sh with more processes on four processors.
#
# usage: test_crowd_of_four.sh [SECONDS [HAMMERS [LIVES]]]
# timeout: 900
# cpus: 4

slow=${PURSER_SLOW:-1}
exec "$(dirname "$0")/test_crowd.sh" "${1:-1}" "${2:-4}" "${3:-$((80 / slow))}"
