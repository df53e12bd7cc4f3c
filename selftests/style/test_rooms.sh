#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The arrows between files. A source file and the header of its name are one file here.
# In kmod/ and userland/ no file includes, over others, itself. A room of userland/
# includes only from the rooms that the table in Documentation/architecture.md gives it.

. "$(dirname "$0")/../lib/kselftest.sh"

table=$PURSER_ROOT/Documentation/architecture.md

# arrows TREE - "A B" for each file A below it that includes the file B below it
arrows() {
	(cd "$1" && find . -name '*.[ch]' -exec grep -H '^[[:space:]]*#[[:space:]]*include "' {} +) |
		awk -v tree="$1" '
		function unit(path) { sub(/\.[ch]$/, "", path); return path }
		function exists(path) { return !system("test -e \"" tree "/" path "\"") }
		{
			file = substr($0, 3, index($0, ":") - 3)
			split($0, words, "\"")
			room = file; sub(/[^\/]*$/, "", room)
			# As the compiler: first in the folder of the file itself.
			target = words[2]
			key = room target
			if (!(key in seen))
				seen[key] = exists(key) ? key : exists(target) ? target : ""
			if (seen[key] != "" && unit(seen[key]) != unit(file))
				print unit(file), unit(seen[key])
		}' | sort -u
}

# circles TREE - the files that are in a circle; nothing if there is none
circles() {
	{ arrows "$1" | tsort >/dev/null; } 2>&1
}

# rooms - "ROOM INCLUDED" for each that the table allows, also over others
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

# wrong_arrows TREE - those between rooms that the table does not allow
wrong_arrows() {
	arrows "$1" | awk '
	NR == FNR { allowed[$1, $2] = 1; next }
	{
		split($1, from, "/"); split($2, to, "/")
		if (!((from[1], to[1]) in allowed))
			print
	}' <(rooms) -
}

# unknown_rooms - folders of userland/ that are not in the table, and rows without a folder
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

# The test sees a circle and a wrong arrow.
cp -r "$PURSER_ROOT/kmod" "$PURSER_ROOT/userland" "$TEST_DIR/"
echo '#include "memory.h"' >>"$TEST_DIR/kmod/member.c"
check_match "a circle in kmod/ is seen" "$(circles "$TEST_DIR/kmod")" \
	'input contains a loop'
echo '#include "timer.h"' >>"$TEST_DIR/userland/base/loop.h"
check_match "a circle in userland/ is seen" "$(circles "$TEST_DIR/userland")" \
	'input contains a loop'
echo '#include "supervisor/registry.h"' >>"$TEST_DIR/userland/log/format.h"
check_eq "a wrong arrow is seen" "$(wrong_arrows "$TEST_DIR/userland")" \
	"log/format supervisor/registry"

ktap_end
