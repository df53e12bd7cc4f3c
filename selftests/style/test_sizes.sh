#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# A file of kmod/, userland/ and include/ may have at most 500 lines, and a function at most
# 70 lines.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1

MAX_FILE=500
MAX_FUNCTION=70

# long_files FILE... - print the files with too many lines
long_files() {
	awk -v max=$MAX_FILE '
		FNR == max + 1 { print FILENAME ": more than " max " lines" }' "$@"
}

# long_functions FILE... - print the functions with too many lines between their braces
long_functions() {
	awk -v max=$MAX_FUNCTION '
		FNR == 1 { start = 0 }
		/^{/ { start = FNR }
		/^}/ {
			if (start && FNR - start - 1 > max)
				print FILENAME ":" start ": " FNR - start - 1 " lines"
			start = 0
		}' "$@"
}

mapfile -t files < <(find kmod userland include -name '*.[ch]')
check "there are files to check" test ${#files[@]} -gt 100
check_eq "no file is too long" "$(long_files "${files[@]}")" ""
check_eq "no function is too long" "$(long_functions "${files[@]}")" ""

{ echo 'int f(void)'; echo '{'; yes '	f();' | head -n 71; echo '}'; } >"$TEST_DIR/f.c"
check_eq "a long function is found" "$(long_functions "$TEST_DIR/f.c")" \
	"$TEST_DIR/f.c:2: 71 lines"
yes '' | head -n 501 >"$TEST_DIR/l.c"
check_match "a long file is found" "$(long_files "$TEST_DIR/l.c")" 'l.c: more than 500'

ktap_end
