# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Functions of the tour: steps, commands that are shown with their real output, and
# checks. A check that fails ends the tour with status 1.

if [ "${PURSER_COLOUR:-}" ]; then
	bold=$'\e[1m' dim=$'\e[2m' green=$'\e[32m' red=$'\e[31m' cyan=$'\e[36m'
	plain=$'\e[0m'
else
	bold='' dim='' green='' red='' cyan='' plain=''
fi

step_number=0
checks=0
output=

step() {	# step TITLE
	step_number=$((step_number + 1))
	printf '\n%s%d. %s%s\n' "$bold" "$step_number" "$1" "$plain"
}

tell() {	# tell TEXT
	printf '%s' "$dim"
	fold -s -w 78 <<<"$1" | sed 's/^/   /'
	printf '%s' "$plain"
}

fail() {	# fail TEXT
	printf '%s   FAILED: %s%s\n' "$red" "$1" "$plain" >&2
	exit 1
}

# quote WORD... - print a command as a user would type it
quote() {
	local word line=''

	for word; do
		case $word in
		*[!A-Za-z0-9_./:=,+-]* | '') line+=" '${word//\'/\'\\\'\'}'" ;;
		*) line+=" $word" ;;
		esac
	done
	printf '%s' "${line# }"
}

# show_status EXPECTED COMMAND [ARGUMENT...] - show a command and its output, which is
# in $output afterwards
show_status() {
	local expected=$1 status=0

	shift
	printf '%s   # %s%s\n' "$cyan" "$(quote "$@")" "$plain"
	output=$("$@" 2>&1) || status=$?
	[ -z "$output" ] || sed 's/^/   /' <<<"$output"
	[ "$status" -eq "$expected" ] ||
		fail "exit status $status instead of $expected"
}

# show COMMAND [ARGUMENT...] - show a command that must succeed
show() {
	show_status 0 "$@"
}

# checked TEXT - count and print a check that has passed
checked() {
	checks=$((checks + 1))
	printf '%s   ok: %s%s\n' "$green" "$1" "$plain"
}

# expect TEXT COMMAND [ARGUMENT...] - check that the command succeeds
expect() {
	local text=$1

	shift
	"$@" >/dev/null 2>&1 || fail "$text"
	checked "$text"
}

# expect_output TEXT REGEX - check that a line of $output matches
expect_output() {
	grep -Eq -- "$2" <<<"$output" || fail "$1"
	checked "$1"
}

# eventually TEXT COMMAND [ARGUMENT...] - check that the command succeeds in the next
# minute
eventually() {
	local text=$1 tries

	shift
	for ((tries = 0; tries < 600; tries++)); do
		if "$@" >/dev/null 2>&1; then
			checked "$text"
			return
		fi
		sleep 0.1
	done
	fail "$text"
}
