# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# The line at the bottom of a terminal that says which test runs, how many of all have
# ended, and how long the others will take. selftests/run sources this file. Without
# progress_start, which is for terminals, it prints nothing.
#
# A filter prints all output of the runner, and its line below that. A line of the runner
# that begins with the byte 1 is for the filter: the name of the test that begins.

_progress=	# the PID of the filter

# progress_start DIR TIMES HOST GUEST - from now on, show a line on stdout, and on stderr
# if that is a terminal. DIR has the file "tests" with the lines "KIND NAME FILE", the
# files "results*", and in "guests" the paths of further results. TIMES has the durations
# of an earlier run, if it exists. HOST and GUEST are the numbers of tests that run at a
# time on this machine and in guests.
progress_start() {
	exec {_progress_terminal}>&1
	exec > >(_progress_filter "$@" >&"$_progress_terminal")
	_progress=$!
	exec {_progress_terminal}>&-
	[ ! -t 2 ] || exec 2>&1
}

# progress_test NAME - that test begins, although its output comes later
progress_test() {
	[ -z "$_progress" ] || printf '\001%s\n' "$1"
}

# progress_end - remove the line; return when all output is on the terminal
progress_end() {
	[ "$_progress" ] || return 0
	printf '\002\n'
	wait "$_progress"
	_progress=
}

# progress_count DIR TIMES HOST GUEST - print "ENDED ALL FAILED LEFT". LEFT is the number
# of seconds that the other tests will probably take, or "-". It follows from TIMES, or
# for a test that is not there from the mean of its kind, and from how fast this run is.
progress_count() {
	local dir=$1 files=()

	[ ! -e "$dir/guests" ] || mapfile -t files <"$dir/guests"
	cat "$dir"/results* "${files[@]}" 2>/dev/null |
		awk -F '\t' -v times="$2" -v host="$3" -v guest="$4" -v tests="$dir/tests" '
		function side(kind) { return kind ~ /^guest/ ? "guest" : "host" }
		$1 != "end" && !($1 in took) { took[$1] = $6; failed += $3 > 0 }
		END {
			while ((getline line < times) > 0)
				if (split(line, part, "\t") == 2)
					expected[part[1]] = part[2]
			while ((getline line < tests) > 0) {
				split(line, part, " ")
				kind = part[1]
				name = part[2]
				if (kind ~ /^[at]san/)
					name = name " (" substr(kind, 1, 4) ")"
				all++
				s = side(kind)
				if (!(name in took)) {
					rest[s]++
					if (name in expected)
						known[s] += expected[name]
					else
						unknown[s]++
					continue
				}
				ended++
				number[s]++
				sum[s] += took[name]
				if (name in expected) {
					real[s] += took[name]
					planned[s] += expected[name]
				}
			}
			lanes["host"] = host
			lanes["guest"] = guest
			left = 0
			for (s in rest) {
				speed = planned[s] ? real[s] / planned[s] : 1
				left += known[s] * speed / lanes[s]
				if (unknown[s] && number[s])
					left += unknown[s] * sum[s] / number[s] / lanes[s]
				else if (unknown[s])
					open = 1
			}
			print ended + 0, all + 0, failed + 0, open ? "-" : int(left + 0.5)
		}'
}

# _progress_line SUBJECT ENDED ALL FAILED LEFT - set REPLY to the line
_progress_line() {
	REPLY="[$2 of $3]${1:+ $1}"
	[ "$4" = 0 ] || REPLY+=", $4 failed"
	if [ "$5" = - ]; then
		:
	elif [ "$5" -ge 90 ]; then
		REPLY+=", about $((($5 + 30) / 60)) min left"
	else
		REPLY+=", about $5 s left"
	fi
}

# Shows the line, after counting again if the last count is a second old. Without a new
# end, the seconds since the last one have passed.
_progress_show() {
	local now=$SECONDS left size

	if [ "$now" -ne "${counted:--1}" ]; then
		read -r ended all failed left < <(progress_count "${arguments[@]}")
		[ "$ended" = "${before:-}" ] || before=$ended estimate=$left since=$now
		counted=$now
		size=$(stty size <&1 2>/dev/null) && columns=${size#* }
	fi
	left=$estimate
	[ "$left" = - ] || left=$((left > now - since ? left - now + since : 0))
	_progress_line "$subject" "$ended" "$all" "$failed" "$left"
	printf '%s' "${REPLY:0:columns > 1 ? columns - 1 : 79}"
}

_progress_filter() {
	local arguments=("$@") line held='' status subject='' columns=80 guest=0 REPLY
	local ended all failed before='' counted='' estimate=- since=0

	trap '' INT
	while :; do
		status=0
		IFS= read -r -t 1 line || status=$?
		held+=$line
		[ "$status" -eq 0 ] || [ "$status" -gt 128 ] || break
		printf '\r\e[K'
		if [ "$status" -eq 0 ]; then
			case $held in
			$'\002') break ;;
			$'\001'*) subject=${held#?} ;;
			*) printf '%s\n' "$held" ;;
			esac
			# The runner in a guest does not know of this line.
			[[ $held != '# virtual machine'* ]] || guest=1
			[[ $guest$held =~ ^1'# '([a-z_]+/test_[^ ]+) ]] &&
				subject=${BASH_REMATCH[1]}
			held=
			# If more lines wait, they come first.
			! read -r -t 0 || continue
		fi
		_progress_show
	done
	printf '\r\e[K'
}
