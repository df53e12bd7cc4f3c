#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 900
#
# Every source file names its licence; shellcheck reports nothing about the scripts, clang
# nothing about the userland, and sparse nothing about the module.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1

# The files that git tracks; in a tree without git, all files that were not built.
sources() {
	git ls-files 2>/dev/null ||
		find . -path ./build -prune -o -type f -print
}

unlicensed() {
	local file

	sources | while read -r file; do
		# A PNG cannot name a licence; the SVG of the same picture does. Podman wrote
		# its configurations, and JSON has no comments. Nor have two files of Debian.
		case $file in
		LICENSES/* | Documentation/*.png | selftests/oci/podman-*.json) continue ;;
		userland/packaging/oci/*.json.in) continue ;;
		userland/packaging/debian/changelog | */debian/source/format) continue ;;
		esac
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
check "there are scripts to check" test ${#scripts[@]} -gt 5
shellcheck_all() {
	printf '%s\0' "${scripts[@]}" |
		xargs -0 -P "$(nproc)" -n 8 shellcheck --severity=info
}

check "shellcheck reports nothing" shellcheck_all
# misformatted FILE... - print the files that clang-format would change
misformatted() {
	local file

	for file in "$@"; do
		clang-format --dry-run -Werror "$file" 2>/dev/null || echo "$file"
	done
}

# unbounded FILE... - print the calls that write text without knowing how much room there is
unbounded() {
	grep -nE '\b(v?sprintf|st[rp]n?cpy|strn?cat|gets) *\(' "$@"
}

mapfile -t c_files < <(sources | grep '\.[ch]$')
check_eq "clang-format would change nothing" "$(misformatted "${c_files[@]}")" ""
printf 'int  f(void);\n' >"$TEST_DIR/wide.h"
cp .clang-format "$TEST_DIR/"
check_eq "it finds two spaces" "$(misformatted "$TEST_DIR/wide.h")" "$TEST_DIR/wide.h"

check_eq "no call writes text without knowing the room" "$(unbounded "${c_files[@]}")" ""
printf 'strcat(a, b);\n' >"$TEST_DIR/unbounded.c"
check_match "it finds strcat()" "$(unbounded "$TEST_DIR/unbounded.c")" 'strcat'

check "clang reports nothing about the userland" \
	make -s -j"$(nproc)" CC=clang BUILD=build/clang userland
check "sparse reports nothing about the module" make -s sparse

ktap_end
