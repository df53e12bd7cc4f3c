#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The verdicts of the test runner on made-up tests of each kind. If the runner let a bad
# test pass, no passed run could be trusted.

. "$(dirname "$0")/../lib/kselftest.sh"

runner=$PURSER_ROOT/selftests/run
fakes=$TEST_DIR/fakes
mkdir -p "$fakes/fake" "$TEST_DIR/bin"

# verdict NAME TOTALS STATUS - run the body on stdin as a test, and check the runner's
# last line and exit status
verdict() {
	local file=$fakes/fake/test_fake.sh out status=0

	{
		echo '#!/bin/bash'
		echo '# where: host'
		cat
	} >"$file"
	chmod +x "$file"
	out=$("$runner" --dir "$fakes" --bin "$TEST_DIR/bin" --timeout 2 ${MOST:+--most "$MOST"} 2>&1) ||
		status=$?
	OUTPUT=$out
	check_eq "$1" "$(tail -n 1 <<<"$out"), exit $status" "$2, exit $3"
}

verdict "a test with two good points passes" "2 passed, 0 failed, 0 skipped" 0 <<'END'
echo "TAP version 13"; echo 1..2; echo "ok 1 one"; echo "ok 2 two"
END
verdict "a test may print its plan at the end" "1 passed, 0 failed, 0 skipped" \
	0 <<'END'
echo "ok 1 one"; echo 1..1
END
verdict "a test may print lines that are not TAP" \
	"1 passed, 0 failed, 0 skipped" 0 <<'END'
echo 1..1; echo; echo "notok"; printf '# a\tb\\c\n\n'; echo "ok 1 one"
printf 'no newline at the end'
END
check_match "the runner prints such lines unchanged" \
	"$OUTPUT" $'  # a\tb.c\n\nPASS|  # a\tb.c\n'
verdict "a test with a bad point fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "not ok 2 two"; exit 1
END
check_match "the runner names the failed point at the end" \
	"$OUTPUT" $'\nFAIL fake/test_fake: not ok 2 two\n'
verdict "a test with a bad point fails in spite of exit status 0" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one"; exit 0
END
verdict "a test with a bad point fails in spite of exit status 4" \
	"0 passed, 1 failed, 1 skipped" 1 <<'END'
echo 1..2; echo "not ok 1 one"; echo "ok 2 two # SKIP reason"; exit 4
END
verdict "a bad point with a SKIP mark fails" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one # SKIP reason"; exit 1
END
verdict "a bad point with a TODO mark fails" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one # TODO reason"; exit 0
END
verdict "the runner counts a skipped point" "1 passed, 0 failed, 1 skipped" 0 <<'END'
echo 1..2; echo "ok 1 one # SKIP no such thing here"; echo "ok 2 two"
END
check_match "the runner prints the reason at the end" \
	"$OUTPUT" $'\nSKIP fake/test_fake: .*no such thing here\n'
verdict "a point that is skipped without a reason fails" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one # SKIP"
END
verdict "the runner counts a skipped test" "0 passed, 0 failed, 1 skipped" 0 <<'END'
echo "1..0 # SKIP not here"; exit 4
END
verdict "a test that is skipped without a reason fails" \
	"0 passed, 2 failed, 0 skipped" 1 <<'END'
echo "1..0 # SKIP"; exit 4
END
verdict "exit status 4 with no skipped point fails" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 4
END
verdict "exit status 1 with no bad point fails" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 1
END
verdict "any other exit status fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 3
END
verdict "a test that crashes fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; kill -SEGV $$
END
check_match "the runner names the signal" "$OUTPUT" "killed by signal 11"
verdict "a test with fewer points than planned fails" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"
END
verdict "a test with more points than planned fails" \
	"2 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; echo "ok 2 two"
END
verdict "a test that uses a number twice fails" \
	"2 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "ok 1 two"
END
verdict "a test without a plan fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo "ok 1 one"
END
verdict "a test that prints no TAP fails" "0 passed, 1 failed, 0 skipped" 1 <<'END'
echo "everything is fine"
END
verdict "a test that bails out fails in spite of exit status 0" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "Bail out! the disk is gone"
END
verdict "a report of LeakSanitizer fails the test" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "==12==ERROR: LeakSanitizer: detected memory leaks" >&2
END
verdict "a report of undefined behaviour fails the test" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "a.c:3:5: runtime error: signed integer overflow" >&2
END
verdict "a report of a data race fails the test" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "WARNING: ThreadSanitizer: data race (pid=12)" >&2
END
verdict "a test that does not end fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; sleep 100
END
check_match "the runner says that the test was silent for too long" \
	"$OUTPUT" "printed nothing for its time limit of 2 s"
check_match "the runner prints what the test printed before" "$OUTPUT" $'\n  ok 1 one\n'
verdict "a test that ignores SIGTERM, and prints no end of a line, is killed" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
trap 'printf "not yet"' TERM
echo 1..1; echo "ok 1 one"; while :; do read -r -t 1 -u 9 _; done 9<> <(:)
END
export PURSER_SLOW=2
verdict "a test that does not end fails on a slow kernel, too" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; sleep 100
END
check_match "the runner gives it more time on a slow kernel" \
	"$OUTPUT" "printed nothing for its time limit of 4 s"
unset PURSER_SLOW
# The limit is 2 s, and the test takes longer than that.
verdict "a test may take longer than its time limit if it prints lines" \
	"8 passed, 0 failed, 0 skipped" 0 <<'END'
echo 1..8; for i in 1 2 3 4 5 6 7 8; do sleep 0.5; echo "ok $i still there"; done
END
# All its time is 4 s.
MOST=2
verdict "a test that prints lines for ever fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; while sleep 0.5; do echo "# and so on"; done
END
check_match "the runner says that it took too long" \
	"$OUTPUT" "took longer than 2 times its time limit of 2 s"
check_no_match "it was not silent" "$OUTPUT" "printed nothing"
verdict "one that ignores SIGTERM, too" "1 passed, 1 failed, 0 skipped" 1 <<'END'
trap : TERM
echo 1..1; echo "ok 1 one"; while :; do sleep 0.5; echo "# and so on"; done
END
MOST=
verdict "a program that a test leaves behind does not delay the runner" \
	"1 passed, 0 failed, 0 skipped" 0 <<'END'
sleep 20 & echo 1..1; echo "ok 1 one"
END

printf '#!/bin/sh\n# where: nowhere\necho 1..1; echo ok\n' >"$fakes/fake/test_fake.sh"
check_status "an unknown place in # where: fails" 1 "$runner" --dir "$fakes"
check_match "the runner names the unknown place" \
	"$OUTPUT" "\"# where: nowhere\" is not known"

# The runner boots no virtual machine for a test that needs a newer kernel.
printf '#!/bin/sh\n# kernel: 1000.1\nexit 1\n' >"$fakes/fake/test_fake.sh"
check_status "a test for a newer kernel is no failure" 0 "$runner" --vm --dir "$fakes"
check_match "the runner skips it and says why" \
	"$OUTPUT" "SKIP fake/test_fake: the test needs Linux 1000.1 or later"
check_match "the runner does not count it as passed" \
	"$OUTPUT" "0 passed, 0 failed, 1 skipped"
printf '#!/bin/sh\n# kernel: 2.6\nexit 1\n' >"$fakes/fake/test_fake.sh"
check_match "a test for an older kernel is not skipped" \
	"$("$runner" --vm --list --dir "$fakes")" "^fake/test_fake guest:2"

sed -i 's/nowhere/host/' "$fakes/fake/test_fake.sh"
chmod -x "$fakes/fake/test_fake.sh"
check_status "a test that is not executable fails" 1 "$runner" --dir "$fakes"
check_match "the runner says that the file is not executable" \
	"$OUTPUT" "not executable"
rm "$fakes/fake/test_fake.sh"

touch "$fakes/fake/test_unit.c"
check_status "a unit test that was not built fails" 1 \
	"$runner" --dir "$fakes" --bin "$TEST_DIR/bin"
check_match "the unit test fails for both sanitizers" \
	"$OUTPUT" "0 passed, 2 failed, 0 skipped"
for san in asan tsan; do
	mkdir -p "$TEST_DIR/bin/$san/fake"
	printf '#!/bin/sh\necho 1..1; echo ok 1 %s\n' "$san" \
		>"$TEST_DIR/bin/$san/fake/test_unit"
	chmod +x "$TEST_DIR/bin/$san/fake/test_unit"
done
check "a unit test that was built passes" \
	"$runner" --dir "$fakes" --bin "$TEST_DIR/bin"
check_match "the unit test passes under both sanitizers" \
	"$OUTPUT" "2 passed, 0 failed, 0 skipped"

check_status "an unknown subject is refused" 2 "$runner" nosuchsubject
check_status "an unknown option is refused" 2 "$runner" --nosuchoption
check_status "a --most that is no number is refused" 2 "$runner" --list --most all
check_status "a PURSER_SLOW that is no number is refused" \
	2 env PURSER_SLOW=very "$runner" --list

mkdir "$fakes/other"
for name in fake/test_a fake/test_ab other/test_a; do
	printf '#!/bin/sh\n# where: host\necho 1..1; echo ok\n' \
		>"$fakes/$name.sh"
	chmod +x "$fakes/$name.sh"
done
listed() {
	"$runner" --list --dir "$fakes" "$@" | cut -d ' ' -f 1 | sort -u | xargs
}
check_eq "a subject selects its tests" "$(listed other)" "other/test_a"
check_eq "a test is selected by its name" "$(listed fake/test_a)" "fake/test_a"
check_eq "a test is selected by its file" "$(listed fake/test_a.sh)" "fake/test_a"
check_eq "a pattern selects by any part of the name" "$(listed -k _ab)" "fake/test_ab"

# Profiles

mkdir "$fakes/vm"
printf '# comment\n\nfake\n!fake/test_ab\n' >"$fakes/vm/profile-some"
check_eq "a profile selects tests and leaves tests out" \
	"$(listed --profile some)" "fake/test_a fake/test_unit"
check_status "--but takes no profile with exclusions" 2 \
	"$runner" --list --dir "$fakes" --but some
printf 'fake/test_ab\nother\n' >"$fakes/vm/profile-few"
check_eq "--but selects the tests that a profile does not name" \
	"$(listed --but few)" "fake/test_a fake/test_unit"
echo fake/test_unit >"$fakes/vm/profile-unit"
check_eq "--but may be repeated" "$(listed --but few --but unit)" "fake/test_a"
check_status "--but and a profile exclude each other" 2 \
	"$runner" --list --dir "$fakes" --but few --profile some
check_status "--but and a test exclude each other" 2 \
	"$runner" --list --dir "$fakes" --but few other
rm "$fakes/vm/profile-few" "$fakes/vm/profile-unit"
check_status "a profile and a test exclude each other" 2 \
	"$runner" --list --dir "$fakes" --profile some other
check_status "an unknown profile is refused" 2 \
	"$runner" --list --dir "$fakes" --profile none
echo 'fake/test_gone' >>"$fakes/vm/profile-some"
check_status "a profile with an unknown test is refused" \
	2 "$runner" --list --dir "$fakes" --profile some
check_match "the runner names the unknown test" "$OUTPUT" "there is no fake/test_gone"
for file in "$PURSER_ROOT"/selftests/vm/profile-*; do
	check "all tests in ${file##*/} exist" \
		"$runner" --list --profile "${file##*profile-}"
done

# Processors

rm -r "$fakes"/{fake,other,vm}
mkdir "$fakes/cpu"
# make_test NAME HEAD - make a test with that line in its head
make_test() {
	printf '#!/bin/sh\n%s\necho 1..1; echo ok\n' "$2" >"$fakes/cpu/$1.sh"
	chmod +x "$fakes/cpu/$1.sh"
}
make_test test_any '#'
make_test test_four '# cpus: 4'
make_test test_host '# where: host'
check_eq "a test of the module gets two processors, or as many as it asks for" \
	"$("$runner" --list --dir "$fakes" | xargs)" \
	"cpu/test_any guest:2 cpu/test_four guest:4 cpu/test_host host"
# ran OPTION... - print the tests that the runner runs
ran() {
	"$runner" --dir "$fakes" "$@" | sed -n 's/^PASS \([^:]*\):.*/\1/p' | xargs
}
check_eq "a guest with two processors runs the tests for two" \
	"$(ran --guest 2)" "cpu/test_any"
check_eq "a guest with four processors runs the tests for four" \
	"$(ran --guest 4)" "cpu/test_four"
mkdir "$TEST_DIR/claims"
check_eq "the first of two guests that share claims runs the test" \
	"$(ran --guest 2 --claims "$TEST_DIR/claims")" "cpu/test_any"
check_eq "the second of two guests that share claims does not run it" \
	"$(ran --guest 2 --claims "$TEST_DIR/claims")" ""
check_eq "--no-host selects the tests of the module" \
	"$("$runner" --list --dir "$fakes" --no-host | xargs)" \
	"cpu/test_any guest:2 cpu/test_four guest:4"
check_eq "--host-only runs the tests of this machine" "$(ran --host-only)" "cpu/test_host"
touch "$fakes/cpu/test_unit.c"
check_eq "--host-only selects unit tests too" \
	"$("$runner" --list --dir "$fakes" --host-only | xargs)" \
	"cpu/test_unit asan cpu/test_unit tsan cpu/test_host host"
rm "$fakes/cpu/test_unit.c"
check_status "--no-host and --host-only exclude each other" \
	2 "$runner" --list --dir "$fakes" --no-host --host-only
rm "$fakes"/cpu/test_{any,four}.sh
check_eq "without options the runner runs the tests of this machine" "$(ran)" "cpu/test_host"
check_eq "--no-host runs no test of this machine" "$(ran --no-host)" ""


# Several tests at a time

rm "$fakes/cpu/test_host.sh"
mkdir "$fakes/jobs" "$TEST_DIR/meet"
# Each of these two tests ends only if the other one runs at the same time.
for pair in 'a b' 'b a'; do
	read -r me other <<<"$pair"
	cat >"$fakes/jobs/test_$me.sh" <<END
#!/bin/bash
# where: host
echo 1..2; echo "ok 1 $me begins"; mkfifo "$TEST_DIR/meet/$me" 2>/dev/null
until [ -p "$TEST_DIR/meet/$other" ]; do read -r -t 0.05 -u 9 _ || :; done 9<> <(:)
echo "ok 2 $me has met $other"
END
	chmod +x "$fakes/jobs/test_$me.sh"
done
check_status "one test at a time: the first one waits for ever" 1 \
	"$runner" --dir "$fakes" --timeout 1 jobs/test_a
rm -f "$TEST_DIR"/meet/*
check "--jobs 2 runs two tests at a time" \
	"$runner" --dir "$fakes" --timeout 30 --jobs 2 jobs
check_match "the output of each is in one piece" "$OUTPUT" \
	$'# jobs/test_b\n  1..2\n  ok 1 b begins\n  ok 2 b has met a\nPASS jobs/test_b: 2 passed'
check_match "the totals have both" "$OUTPUT" $'\n4 passed, 0 failed, 0 skipped$'

rm "$fakes"/jobs/*
for name in one two; do
	printf '#!/bin/bash\n# where: host\n# alone: it says so\necho 1..1\n%s\n%s\n' \
		"mkdir '$TEST_DIR/meet/lock' || exit 1; sleep 0.2" \
		"rmdir '$TEST_DIR/meet/lock'; echo ok 1" >"$fakes/jobs/test_$name.sh"
	chmod +x "$fakes/jobs/test_$name.sh"
done
check_eq "a test may ask to run alone" \
	"$("$runner" --list --dir "$fakes" jobs | xargs)" \
	"jobs/test_one host:alone jobs/test_two host:alone"
check "tests that ask for it do not run at the same time" \
	"$runner" --dir "$fakes" --jobs 2 jobs
check_match "they run" "$OUTPUT" $'\n2 passed, 0 failed, 0 skipped$'
touch "$fakes/jobs/test_unit.c"
mkdir -p "$TEST_DIR"/bin/{asan,tsan}/jobs
for san in asan tsan; do
	sed 's/^# alone.*//' "$fakes/jobs/test_one.sh" >"$TEST_DIR/bin/$san/jobs/test_unit"
	chmod +x "$TEST_DIR/bin/$san/jobs/test_unit"
done
check "the variants of a unit test do not run at the same time" \
	"$runner" --dir "$fakes" --bin "$TEST_DIR/bin" --jobs 2 jobs/test_unit
check_match "both run" "$OUTPUT" $'\n2 passed, 0 failed, 0 skipped$'
check_status "--jobs 0 is refused" 2 "$runner" --list --jobs 0

# Guests: a made-up machine that prints how it was started, and that one test has passed

tree=$TEST_DIR/tree
mkdir -p "$tree/selftests/vm" "$tree/selftests/many" "$tree/build"
cp -r "$PURSER_ROOT/selftests/run" "$PURSER_ROOT/selftests/lib" "$tree/selftests/"
# shellcheck disable=SC2016 # the other shell expands it
printf '#!/bin/sh\ncase $1 in slow) echo 2 ;; *) echo 6.1 ;; esac\n' >"$tree/selftests/vm/kernel"
cat >"$tree/selftests/vm/run" <<'END'
#!/bin/bash
echo "machine: $*"
while [ "$1" != --dir ]; do shift; done
printf 'many/test_a\t1\t0\t0\t\t5\n%s' "$([ -e "$0.dies" ] || echo end)" >"$2/results"
[ ! -e "$0.dies" ] || exit 124
END
printf '#!/bin/sh\n' >"$tree/selftests/many/test_a.sh"
printf '#!/bin/sh\n# timeout: 900\n' >"$tree/selftests/many/test_b.sh"
printf '#!/bin/sh\n# timeout: 2000\n# cpus: 4\n' >"$tree/selftests/many/test_c.sh"
chmod +x "$tree"/selftests/*/*
check "the results of a guest count" "$tree/selftests/run" --vm --machines 1 many/test_a
check_match "they are in the totals" "$OUTPUT" $'\n1 passed, 0 failed, 0 skipped$'
check_match "a guest gets the time limit of a test, five minutes more, and the factor of its kernel" \
	"$OUTPUT" 'machine: .* --cpus 2 --timeout 1200 '
check_match "the longest time limit of its own tests counts" \
	"$("$tree/selftests/run" --vm --machines 1)" \
	'machine: .* --cpus 2 --timeout 2400 .*machine: .* --cpus 4 --timeout 4600 '
check_match "with --jobs, there are as many guests" \
	"$("$tree/selftests/run" --vm --jobs 2 many/test_a many/test_b | grep -c '^machine: ')" '^2$'
check_eq "how long a test took in a guest is kept" \
	"$(<"$tree/build/vm/times-default")" $'many/test_a\t5'
touch "$tree/selftests/vm/run.dies"
check_status "a guest that is silent is a failure" 1 \
	"$tree/selftests/run" --vm --machines 1 many/test_a
check_match "the runner says so" "$OUTPUT" 'the guest printed nothing for 1200 s'

# The line on a terminal

# on_terminal OPTION... - run the runner on a terminal; print what is written there, with
# \e for escapes, and a line break instead of each carriage return
on_terminal() {
	script -qec "$(printf '%q ' "$runner" --dir "$fakes" "$@")" /dev/null </dev/null |
		sed 's/\x1b/\\e/g; s/\r/\n/g'
}

rm -r "$fakes/jobs"
mkdir "$fakes/line"
printf '#!/bin/bash\n# where: host\necho 1..1; echo ok 1 fine\n' >"$fakes/line/test_a.sh"
printf '#!/bin/bash\n# where: host\necho 1..1; echo not ok 1; exit 1\n' \
	>"$fakes/line/test_b.sh"
printf '#!/bin/bash\n# where: host\necho 1..1; sleep 3; echo ok 1 fine\n' \
	>"$fakes/line/test_c.sh"
chmod +x "$fakes"/line/*
printf 'line/test_%s\t%s\n' a 0 b 0 c 600 >"$TEST_DIR/times"
shown=$(on_terminal --times "$TEST_DIR/times" line)
check_match "a terminal shows how many tests have ended, which one runs, and what failed" \
	"$shown" '\[2 of 3\] line/test_c, 1 failed, about 10 min left'
check_match "the line disappears before each line of output" "$shown" \
	$'left\n\\\\e\\[K  ok 1 fine\n'
check_match "in the end it is gone" "$shown" $'1 failed, 0 skipped\n.*\\\\e\\[K\n*$'
check_eq "the durations are kept" \
	"$(awk '{ print $1, ($1 ~ /c$/ ? $2 >= 3 && $2 < 600 : NF) }' "$TEST_DIR/times" | sort | xargs)" \
	"line/test_a 2 line/test_b 2 line/test_c 1"
shown=$("$runner" --dir "$fakes" line 2>&1 | sed 's/[0-9]* s$/0 s/')
check_eq "there is no such line if stdout is not a terminal" "$shown" \
	"$(printf '%s\n' '# line/test_a' '  1..1' '  ok 1 fine' \
		'PASS line/test_a: 1 passed, 0 failed, 0 skipped, 0 s' \
		'# line/test_b' '  1..1' '  not ok 1' \
		'FAIL line/test_b: 0 passed, 1 failed, 0 skipped, 0 s' \
		'# line/test_c' '  1..1' '  ok 1 fine' \
		'PASS line/test_c: 1 passed, 0 failed, 0 skipped, 0 s' \
		'' 'FAIL line/test_b: not ok 1 ' '2 passed, 1 failed, 0 skipped')"

# The time left

. "$PURSER_ROOT/selftests/lib/progress.sh"
left=$TEST_DIR/left
mkdir "$left"
# left_is NAME WANT [HOST GUEST] - the results say "ENDED ALL FAILED LEFT"
left_is() {
	check_eq "$1" "$(progress_count "$left" "$left/times" "${3:-1}" "${4:-1}")" "$2"
}
printf '%s f\n' 'asan s/u' 'tsan s/u' 'host s/h' 'guest:2 s/g' 'guest:4 s/k' >"$left/tests"
: >"$left/results"
left_is "before the first run nobody knows how long the tests take" "0 5 0 -"
printf 's/u (asan)\t1\t0\t0\t\t10\n' >"$left/results"
left_is "a kind of which no test has ended is not known" "1 5 0 -"
printf 's/g\t0\t1\t0\t\t100\nend\n' >"$left/results.guest"
echo "$left/results.guest" >"$left/guests"
left_is "the other tests of a kind take as long as those that have ended" "2 5 1 120"
printf '%s\t%s\n' 's/u (asan)' 10 's/u (tsan)' 30 s/h 50 s/g 200 s/k 300 >"$left/times"
left_is "an earlier run says how long they take, and this one how fast it is" "2 5 1 230"
left_is "tests that run at the same time take less" "2 5 1 115" 2 2
printf 's/u (asan)\t1\t0\t0\t\t10\n' >"$left/results.1"
left_is "a result that is there twice counts once" "2 5 1 230"

ktap_end
