#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The files of the module include each other one way: there is no circle. A source
# file and the header of its name are one subject.

. "$(dirname "$0")/../lib/kselftest.sh"

# arrows DIR - "A B" for each file A in it that includes "B.h"
arrows() {
	grep -H '^#include "' "$1"/*.[ch] |
		sed -n 's|^.*/\([^/]*\)\.[ch]:#include "\([^"]*\)\.h".*|\1 \2|p' |
		awk '$1 != $2' | sort -u
}

# circles DIR - the files that are in one; nothing if there is none
circles() {
	{ arrows "$1" | tsort >/dev/null; } 2>&1
}

check "there are arrows" test "$(arrows "$PURSER_ROOT/kmod" | wc -l)" -gt 50
check_eq "there is no circle in kmod/" "$(circles "$PURSER_ROOT/kmod")" ""

mkdir "$TEST_DIR/kmod"
cp "$PURSER_ROOT"/kmod/*.[ch] "$TEST_DIR/kmod/"
echo '#include "memory.h"' >>"$TEST_DIR/kmod/member.c"
check_match "a circle is seen" "$(circles "$TEST_DIR/kmod")" 'input contains a loop'

ktap_end
