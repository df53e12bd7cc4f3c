#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# Everything that the documents name exists: tests, files, targets of make, benchmarks, and
# targets of links. A name in capitals (SUBJECT, NAME) is a placeholder.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1

documents=(README.md CONTRIBUTING.md Documentation/*.md)
selftests/run --list >"$TEST_DIR/tests" ||
	ktap_bail "the runner does not list its tests"
declare -A tests=()
while read -r name _; do
	tests[$name]=1 tests[${name%%/*}]=1 tests[${name##*/}]=1
done <"$TEST_DIR/tests"

is_test() {	# is_test NAME: NAME is SUBJECT/TEST, a subject or a test
	[ "${tests[${1%/}]:-}" ]
}

is_file() {	# is_file NAME: NAME is a file, a folder, or a pattern that matches one
	compgen -G "$1" >/dev/null
}

# named REGEX - print all matches, as "DOCUMENT:MATCH"
named() {
	grep -oHE "$1" "${documents[@]}"
}

# absent PREDICATE - of the lines "DOCUMENT:NAME", print those for whose NAME the predicate
# fails. Without lines it prints a message, because then nothing was checked.
absent() {
	local document name n=0

	while IFS=: read -r document name; do
		n=$((n + 1))
		case $name in *SUBJECT* | *NAME* | *FILE*) continue ;; esac
		"$1" "$name" || echo "$document: $name"
	done
	[ "$n" -gt 0 ] || echo "nothing was found to look at"
}

# T= with one word, or with several words in quotes
asked_for() {
	local document names words

	named '\bT=("[a-z][a-z0-9_/ ]*|[a-z][a-z0-9_/]*)' |
		sed -E 's/:T="?/:/' | while IFS=: read -r document names; do
			read -ra words <<<"$names"
			printf "$document:%s\n" "${words[@]}"
		done
}

tests_in_quotes() {
	# shellcheck disable=SC2016 # they are the quotes
	named '`([a-z]+/)?test_[a-z0-9_]+`' | tr -d '`'
}

# The name may be that of a test's file, without its suffix.
is_path() {
	is_file "$1" || is_file "$1.*" ||
		{ [[ $1 =~ /(test_[a-z0-9_]+)$ ]] && is_test "${1#selftests/}"; }
}

paths() {
	named '(^|[^A-Za-z0-9_./-])(\.ci|kmod|userland|selftests|include|Documentation)/[A-Za-z0-9_*./-]+' |
		sed -E 's/:[^.A-Za-z]+/:/; s/[.,]+$//'
}

targets() {
	# shellcheck disable=SC2016 # so is this one
	named '(`|^|# |\$ )make [a-z][a-z-]*' | sed 's/:.*make /:/'
}

is_target() {
	grep -qE "^([a-z -]+ )?$1( [a-z -]+)?:" Makefile
}

benchmarks() {
	named '\bB=[a-z]+' | sed 's/:B=/:/'
}

# "all" makes one report of all benchmarks.
is_benchmark() {
	[ "$1" = all ] || [ -x "selftests/bench/$1" ]
}

# slugs FILE - print the names that its headings have in links
slugs() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

links() {
	local document target

	named '\]\([^)]+\)' | sed -E 's/:\]\((.*)\)$/:\1/' |
		while IFS=: read -r document target; do
			# A link leads to a place in the same file, or to a file relative to it.
			[[ $target != '#'* ]] || target=${document##*/}$target
			[[ $document != */* ]] || target=${document%/*}/$target
			echo "$document:$target"
		done
}

leads_somewhere() {
	local file=${1%%#*}

	[[ $1 != http* ]] || return 0
	[ -e "$file" ] || return
	[[ $1 != *'#'* ]] || slugs "$file" | grep -qxF -- "${1#*#}"
}

check_eq "tests in commands exist" "$(asked_for | absent is_test)" ""
check_eq "tests in quotes exist" "$(tests_in_quotes | absent is_test)" ""
check_eq "files and folders exist" "$(paths | absent is_path)" ""
check_eq "targets of make exist" "$(targets | absent is_target)" ""
check_eq "benchmarks exist" "$(benchmarks | absent is_benchmark)" ""
check_eq "targets of links exist" "$(links | absent leads_somewhere)" ""

# The pages that answer questions: index.md lists them, and the demo ends with them.
questions() {
	sed -n '/^## Find an answer/,/^## /p' Documentation/index.md |
		grep -oE '\]\([a-z0-9-]+\.md\)' | sed 's/](\(.*\))/\1/' | sort -u
}
offered() {
	grep -oE 'Documentation/[a-z0-9-]+\.md$' selftests/demo/run | sed 's/.*\///' |
		grep -v '^index\.md$' | sort -u
}
check "there are pages that answer questions" test "$(questions | wc -l)" -gt 5
check_eq "the demo ends with a pointer to each" "$(offered)" "$(questions)"

# A page without a way to it is not read.
unreachable() {
	local file

	for file in Documentation/*.md; do
		grep -q "(${file##*/}[)#]" Documentation/index.md ||
			[ "$file" = Documentation/index.md ] || echo "$file"
	done
}
check_eq "index.md has a link to each document" "$(unreachable)" ""

ktap_end
