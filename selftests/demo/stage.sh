# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tour is told with: steps, commands that are shown with their real
# output, and checks. A check that fails ends the tour with status 1.

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
	printf '%s   DIFFERS: %s%s\n' "$red" "$1" "$plain" >&2
	exit 1
}

# A command as one would type it.
quote() {	# quote WORD...
	local word line=''

	for word; do
		case $word in
		*[!A-Za-z0-9_./:=,+-]* | '') line+=" '${word//\'/\'\\\'\'}'" ;;
		*) line+=" $word" ;;
		esac
	done
	printf '%s' "${line# }"
}

# Shows a command and what it prints, which is in $output afterwards.
show_status() {	# show_status EXPECTED COMMAND [ARGUMENT...]
	local expected=$1 status=0

	shift
	printf '%s   # %s%s\n' "$cyan" "$(quote "$@")" "$plain"
	output=$("$@" 2>&1) || status=$?
	[ -z "$output" ] || sed 's/^/   /' <<<"$output"
	[ "$status" -eq "$expected" ] ||
		fail "exit status $status instead of $expected"
}

show() {	# show COMMAND [ARGUMENT...]
	show_status 0 "$@"
}

checked() {	# checked TEXT
	checks=$((checks + 1))
	printf '%s   ok: %s%s\n' "$green" "$1" "$plain"
}

expect() {	# expect TEXT COMMAND [ARGUMENT...]
	local text=$1

	shift
	"$@" >/dev/null 2>&1 || fail "$text"
	checked "$text"
}

expect_output() {	# expect_output TEXT REGEX
	grep -Eq -- "$2" <<<"$output" || fail "$1"
	checked "$1"
}

# Containers need a moment for what they do; how long is not the point.
eventually() {	# eventually TEXT COMMAND [ARGUMENT...]
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
