#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 3000
#
# podman run, exec, logs and others, as ../podman/test_run.sh, with podman of Debian 13.

export PURSER_CALLERS_TREE=callers-trixie
. "$(dirname "$0")/../podman/test_run.sh"
