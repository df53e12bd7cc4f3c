#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# Which file includes which. A source file and the header of the same name count as one file.
# In kmod/ and userland/ no file may include itself through other files. A room of userland/
# may include only from the rooms in its row of the table in Documentation/architecture.md.

. "$(dirname "$0")/../lib/kselftest.sh"

table=$PURSER_ROOT/Documentation/architecture.md

# arrows TREE - print "A B" for each file A in TREE that includes the file B in TREE
arrows() {
	(cd "$1" && find . -name '*.[ch]' -exec grep -H '^[[:space:]]*#[[:space:]]*include "' {} +) |
		awk -v tree="$1" '
		function unit(path) { sub(/\.[ch]$/, "", path); return path }
		function exists(path) { return !system("test -e \"" tree "/" path "\"") }
		{
			file = substr($0, 3, index($0, ":") - 3)
			split($0, words, "\"")
			room = file; sub(/[^\/]*$/, "", room)
			# Like the compiler, look first in the folder of the file itself.
			target = words[2]
			key = room target
			if (!(key in seen))
				seen[key] = exists(key) ? key : exists(target) ? target : ""
			if (seen[key] != "" && unit(seen[key]) != unit(file))
				print unit(file), unit(seen[key])
		}' | sort -u
}

# circles TREE - print the files that are in a circle
circles() {
	{ arrows "$1" | tsort >/dev/null; } 2>&1
}

# rooms - print "ROOM INCLUDED" for each pair that the table allows, also through other rooms
rooms() {
	awk -F '|' '
	/^\| room \| what \| includes \|/ { inside = 1; next }
	inside && !/^\|/ { exit }
	inside && /`/ {
		room = $2; gsub(/[ `\/]/, "", room)
		n = split($4, names, ",")
		all[room] = ""
		for (i = 1; i <= n; i++) {
			gsub(/[ `-]/, "", names[i])
			if (names[i] != "")
				all[room] = all[room] " " names[i]
		}
	}
	function visit(from, room,    names, n, i) {
		n = split(all[room], names, " ")
		for (i = 1; i <= n; i++) {
			if ((from, names[i]) in done)
				continue
			done[from, names[i]] = 1
			print from, names[i]
			visit(from, names[i])
		}
	}
	END { for (room in all) { print room, room; visit(room, room) } }' "$table"
}

# wrong_arrows TREE - print the arrows between rooms that the table does not allow
wrong_arrows() {
	arrows "$1" | awk '
	NR == FNR { allowed[$1, $2] = 1; next }
	{
		split($1, from, "/"); split($2, to, "/")
		if (!((from[1], to[1]) in allowed))
			print
	}' <(rooms) -
}

# unknown_rooms - print folders of userland/ without a row, and rows without a folder
unknown_rooms() {
	comm -3 <(rooms | cut -d ' ' -f 1 | sort -u) \
		<(find "$PURSER_ROOT/userland" -mindepth 1 -maxdepth 1 -type d -printf '%f\n' |
			sort)
}

check "kmod/ has arrows" test "$(arrows "$PURSER_ROOT/kmod" | wc -l)" -gt 50
check "userland/ has arrows" test "$(arrows "$PURSER_ROOT/userland" | wc -l)" -gt 200
check_eq "kmod/ has no circle of files" "$(circles "$PURSER_ROOT/kmod")" ""
check_eq "userland/ has no circle of files" "$(circles "$PURSER_ROOT/userland")" ""
check_eq "each folder of userland/ is in the table of rooms" "$(unknown_rooms)" ""
check_eq "each room includes only from the rooms that it may" \
	"$(wrong_arrows "$PURSER_ROOT/userland")" ""

# Check that the test finds a circle and a wrong arrow.
cp -r "$PURSER_ROOT/kmod" "$PURSER_ROOT/userland" "$TEST_DIR/"
echo '#include "memory.h"' >>"$TEST_DIR/kmod/member.c"
check_match "a circle in kmod/ is found" "$(circles "$TEST_DIR/kmod")" \
	'input contains a loop'
echo '#include "timer.h"' >>"$TEST_DIR/userland/base/loop.h"
check_match "a circle in userland/ is found" "$(circles "$TEST_DIR/userland")" \
	'input contains a loop'
echo '#include "supervisor/registry.h"' >>"$TEST_DIR/userland/log/format.h"
check_eq "a wrong arrow is found" "$(wrong_arrows "$TEST_DIR/userland")" \
	"log/format supervisor/registry"

ktap_end
