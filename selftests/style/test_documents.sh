#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# What the documents name is there: tests, files, targets of make, benchmarks, what
# links lead to. Written in capitals (SUBJECT, NAME) it stands for something.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1

documents=(README.md CONTRIBUTING.md Documentation/*.md)
selftests/run --list >"$TEST_DIR/tests" ||
	ktap_bail "the runner does not list its tests"
declare -A tests=()
while read -r name _; do
	tests[$name]=1 tests[${name%%/*}]=1 tests[${name##*/}]=1
done <"$TEST_DIR/tests"

is_test() {	# is_test NAME: subject/test, or one of the two
	[ "${tests[${1%/}]:-}" ]
}

is_file() {	# is_file NAME: of a file or a folder; may be a pattern
	compgen -G "$1" >/dev/null
}

# named REGEX - all that matches, as "document:match"
named() {
	grep -oHE "$1" "${documents[@]}"
}

# absent PREDICATE - those of the lines "document:name" whose name is nobody's; fails
# where there are no lines: then nothing was looked at
absent() {
	local document name n=0

	while IFS=: read -r document name; do
		n=$((n + 1))
		case $name in *SUBJECT* | *NAME* | *FILE*) continue ;; esac
		"$1" "$name" || echo "$document: $name"
	done
	[ "$n" -gt 0 ] || echo "nothing was found to look at"
}

# T= with one word, or with many in quotes
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

# A test may be named as the file that it is, without its end.
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

is_benchmark() {
	[ -x "selftests/bench/$1" ]
}

# slugs FILE - what its headings are called in links
slugs() {
	sed -n 's/^##* //p' "$1" | tr '[:upper:]' '[:lower:]' |
		sed 's/[^a-z0-9 _-]//g; s/ /-/g'
}

links() {
	local document target

	named '\]\([^)]+\)' | sed -E 's/:\]\((.*)\)$/:\1/' |
		while IFS=: read -r document target; do
			# Of the file itself, or beside it.
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

check_eq "tests that one is told to run are there" "$(asked_for | absent is_test)" ""
check_eq "and those that are named" "$(tests_in_quotes | absent is_test)" ""
check_eq "files and folders" "$(paths | absent is_path)" ""
check_eq "targets of make" "$(targets | absent is_target)" ""
check_eq "benchmarks" "$(benchmarks | absent is_benchmark)" ""
check_eq "links lead somewhere" "$(links | absent leads_somewhere)" ""

ktap_end
