#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 900
#
# What holds for every source file: its licence is named, shellcheck has nothing
# to say of the scripts, clang nothing of the userland, sparse nothing of the
# module.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1

# Tracked files, or in a tree without git all but what was built.
sources() {
	git ls-files 2>/dev/null ||
		find . -path ./build -prune -o -type f -print
}

unlicensed() {
	local file

	sources | while read -r file; do
		# A picture has no lines; the SVG of the same has.
		case $file in LICENSES/* | Documentation/*.png) continue ;; esac
		[ ! -f "$file" ] || head -n 4 "$file" |
			grep -q 'SPDX-License-Identifier: ' || echo "$file"
	done
}

scripts() {
	local file

	sources | while read -r file; do
		[ -f "$file" ] && head -n 3 "$file" |
			grep -qE '^#!.*(bash|sh)$|shellcheck shell=' &&
			echo "$file"
	done
}

check_eq "every file names its licence" "$(unlicensed)" ""

mapfile -t scripts < <(scripts)
check "there are scripts to look at" test ${#scripts[@]} -gt 5
shellcheck_all() {
	printf '%s\0' "${scripts[@]}" |
		xargs -0 -P "$(nproc)" -n 8 shellcheck --severity=info
}

check "shellcheck is content with the scripts" shellcheck_all
# misformatted FILE... - those that clang-format would change
misformatted() {
	local file

	for file in "$@"; do
		clang-format --dry-run -Werror "$file" 2>/dev/null || echo "$file"
	done
}

mapfile -t c_files < <(sources | grep '\.[ch]$')
check_eq "clang-format would change nothing" "$(misformatted "${c_files[@]}")" ""
printf 'int  f(void);\n' >"$TEST_DIR/wide.h"
cp .clang-format "$TEST_DIR/"
check_eq "it sees two spaces" "$(misformatted "$TEST_DIR/wide.h")" "$TEST_DIR/wide.h"

check "clang is content with the userland" \
	make -s -j"$(nproc)" CC=clang BUILD=build/clang userland
check "sparse is content with the module" make -s sparse

ktap_end
