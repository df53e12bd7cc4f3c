#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The live view prints lines to a pipe, and draws bars on a terminal.

. "$(dirname "$0")/../lib/kselftest.sh"

view=$PURSER_ROOT/selftests/experiments/view

stream() {
	printf 'run\tcfs\tnice\t0:10\t1\n'
	printf 'live\t0:10,1\ta\t90\tb\t10\n'
	printf 'engine: something went wrong\n'
	printf 'run\tcfs\tnice\t0:19\t1\n'
	printf 'skip\tcfs\tcgroup\tno cpu controller\n'
}

plain=$(stream | "$view" 2)
check_eq "to a pipe view prints a line for each run, and all other lines" \
	"$plain" "nice (cfs): 0:10, repetition 1: 1 of 2, time left: not known yet
engine: something went wrong
nice (cfs): 0:19, repetition 1: 2 of 2, time left: 0:00
cgroup (cfs): skipped: no cpu controller"

stream >"$TEST_DIR/stream"
drawn=$(script -qec "$view 2 <$TEST_DIR/stream" /dev/null </dev/null)
check_match "on a terminal view draws the shares as bars" \
	"$drawn" 'a      \[#{36}\.{4}\]  90 %.*b      \[#{4}\.{36}\]  10 %'
check_match "view draws over the old bars" "$drawn" $'\e\\[4A\e\\[J'
check_match "view draws the progress" \
	"$drawn" '\[\.{40}\] 1 of 2, time left: not known yet'
check_match "on a terminal view passes other lines on" \
	"$drawn" 'engine: something went wrong'
check_status "view refuses to run without the number of runs" 1 "$view"

ktap_end
