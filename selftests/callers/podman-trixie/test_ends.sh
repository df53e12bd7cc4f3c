#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# How containers end, as ../podman/test_ends.sh, with podman of Debian 13.

export PURSER_CALLERS_TREE=callers-trixie
. "$(dirname "$0")/../podman/test_ends.sh"
