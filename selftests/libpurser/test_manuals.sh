#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# A manual page has each function of the library as purser.h declares it, and the example
# compiles with what an installation has: the headers, and the library.

. "$(dirname "$0")/../lib/kselftest.sh"

header=$PURSER_ROOT/userland/libpurser/purser.h
manuals=("$PURSER_ROOT"/Documentation/man/*.3)
example=$PURSER_ROOT/Documentation/examples/ends.c

# declarations - join the lines of each declaration of a function on stdin, one a line
declarations() {
	tr -s ' \t\n' ' ' | grep -oE '[a-z][a-z_0-9 ]*[ *]purser_[a-z_]+\([^()]*\);' |
		sed 's/^ *//' | sort -u
}

# declared - those of the header
declared() {
	sed 's,/\*.*\*/,,; /^\/\*/,/\*\//d; /typedef.*;/d; /typedef/,/;/d' "$header" | declarations
}

# documented FILE... - those in the synopses of manual pages
documented() {
	sed -n '/^\.SH SYNOPSIS/,/^\.fi/p' "$@" | sed 's/\\f.//g; s/\\-/-/g; /^\./d' |
		sed '/typedef.*;/d; /typedef/,/;/d' | declarations
}

check "the header declares functions" test "$(declared | wc -l)" -gt 20
check_eq "the manual pages have the same" "$(documented "${manuals[@]}")" "$(declared)"
sed 's/int signal/long signal/' "${manuals[@]}" >"$TEST_DIR/bad"
check_match "another declaration is found" \
	"$(documented "$TEST_DIR/bad" | comm -13 <(declared) -)" 'long signal'
check_eq "each function has a page of its name, or a link to one" \
	"$(declared | grep -o 'purser_[a-z_]*(' | tr -d '(' | while read -r name; do
		grep -qE "^dev.*/man3/$name\.3$" "$PURSER_ROOT/userland/packaging/files" ||
			echo "$name"
	done)" ""

# --- The example ---

if [ ! -e "$PURSER_BUILD/lib/libpurser.so.1.0" ]; then
	ktap_skip "the example compiles and links" "make packaging builds the library"
	ktap_end
fi
# What "make install" puts in place of the library and its headers, and no other folder
export DESTDIR=$TEST_DIR/root PREFIX=/usr VERSION=1.0
for package in lib dev; do
	check "the package $package is installed" \
		"$PURSER_ROOT/userland/packaging/install" --package "$package" install
done
build() {
	gcc -std=c17 -Wall -Wextra -Werror -I"$DESTDIR/usr/include" -o "$TEST_DIR/ends" "$1" \
		-L"$DESTDIR/usr/lib" -lpurser
}
export LD_LIBRARY_PATH=$DESTDIR/usr/lib
check "the example compiles and links" build "$example"
check "its length is that of an example" test "$(wc -l <"$example")" -le 55
sed 's/print_end, NULL/print_end/' "$example" >"$TEST_DIR/bad.c"
check_status "a wrong call does not compile" 1 build "$TEST_DIR/bad.c"
if [ ! -e /sys/module/purser ]; then
	check_status "without the module it fails" 1 "$TEST_DIR/ends"
	check_eq "it says why" "$OUTPUT" "ends: the purser module is not loaded"
fi

ktap_end
