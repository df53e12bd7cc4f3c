#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# The runner's verdicts: made-up tests of each kind, and what must become of
# them. A runner that lets one bad kind pass makes every green run worthless.

. "$(dirname "$0")/../lib/kselftest.sh"

runner=$PURSER_ROOT/selftests/run
fakes=$TEST_DIR/fakes
mkdir -p "$fakes/fake" "$TEST_DIR/bin"

# verdict NAME TOTALS STATUS: a fake's body comes on stdin
verdict() {
	local file=$fakes/fake/test_fake.sh out status=0

	{
		echo '#!/bin/bash'
		echo '# where: host'
		cat
	} >"$file"
	chmod +x "$file"
	out=$("$runner" --dir "$fakes" --bin "$TEST_DIR/bin" --timeout 2 2>&1) ||
		status=$?
	OUTPUT=$out
	check_eq "$1" "$(tail -n 1 <<<"$out"), exit $status" "$2, exit $3"
}

verdict "two points pass" "2 passed, 0 failed, 0 skipped" 0 <<'END'
echo "TAP version 13"; echo 1..2; echo "ok 1 one"; echo "ok 2 two"
END
verdict "a plan at the end" "1 passed, 0 failed, 0 skipped" 0 <<'END'
echo "ok 1 one"; echo 1..1
END
verdict "output that is not TAP is let through" \
	"1 passed, 0 failed, 0 skipped" 0 <<'END'
echo 1..1; echo; echo "notok"; printf '# a\tb\\c\n\n'; echo "ok 1 one"
printf 'no newline at the end'
END
check_match "and is shown as it is" "$OUTPUT" $'  # a\tb.c\n\nPASS|  # a\tb.c\n'
verdict "one of two points fails" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "not ok 2 two"; exit 1
END
check_match "the failed point is named at the end" "$OUTPUT" \
	$'\nFAIL fake/test_fake: not ok 2 two\n'
verdict "a failed point is one, whatever the exit status" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one"; exit 0
END
verdict "exit status 4 hides no failed point" \
	"0 passed, 1 failed, 1 skipped" 1 <<'END'
echo 1..2; echo "not ok 1 one"; echo "ok 2 two # SKIP reason"; exit 4
END
verdict "a failed point that is marked as skipped has failed" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one # SKIP reason"; exit 1
END
verdict "a failed point that is marked as to do has failed" \
	"0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "not ok 1 one # TODO reason"; exit 0
END
verdict "a skipped point" "1 passed, 0 failed, 1 skipped" 0 <<'END'
echo 1..2; echo "ok 1 one # SKIP no such thing here"; echo "ok 2 two"
END
check_match "its reason is shown at the end" "$OUTPUT" \
	$'\nSKIP fake/test_fake: .*no such thing here\n'
verdict "a point skipped without a reason" "0 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one # SKIP"
END
verdict "all of a test is skipped" "0 passed, 0 failed, 1 skipped" 0 <<'END'
echo "1..0 # SKIP not here"; exit 4
END
verdict "all of a test is skipped without a reason" \
	"0 passed, 2 failed, 0 skipped" 1 <<'END'
echo "1..0 # SKIP"; exit 4
END
verdict "exit status 4 with nothing skipped" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 4
END
verdict "exit status 1 with no failed point" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 1
END
verdict "any other exit status" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; exit 3
END
verdict "a crash" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; kill -SEGV $$
END
check_match "the signal is named" "$OUTPUT" "killed by signal 11"
verdict "fewer points than planned" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"
END
verdict "more points than planned" "2 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; echo "ok 2 two"
END
verdict "a number comes twice" "2 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "ok 1 two"
END
verdict "no plan" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo "ok 1 one"
END
verdict "no TAP at all" "0 passed, 1 failed, 0 skipped" 1 <<'END'
echo "everything is fine"
END
verdict "bailed out, with a good exit status" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..2; echo "ok 1 one"; echo "Bail out! the disk is gone"
END
verdict "a sanitizer's report" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "==12==ERROR: LeakSanitizer: detected memory leaks" >&2
END
verdict "undefined behaviour" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "a.c:3:5: runtime error: signed integer overflow" >&2
END
verdict "a data race" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"
echo "WARNING: ThreadSanitizer: data race (pid=12)" >&2
END
verdict "a test that does not end" "1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; sleep 100
END
check_match "is said to have been ended" "$OUTPUT" "exceeded its time limit of 2 s"
export PURSER_SLOW=2
verdict "a test that does not end where all is slow" \
	"1 passed, 1 failed, 0 skipped" 1 <<'END'
echo 1..1; echo "ok 1 one"; sleep 100
END
check_match "is given more time" "$OUTPUT" "exceeded its time limit of 4 s"
unset PURSER_SLOW
verdict "a program left behind does not hold up the run" \
	"1 passed, 0 failed, 0 skipped" 0 <<'END'
sleep 20 & echo 1..1; echo "ok 1 one"
END

printf '#!/bin/sh\n# where: nowhere\necho 1..1; echo ok\n' >"$fakes/fake/test_fake.sh"
check_status "a place to run that does not exist fails" 1 "$runner" --dir "$fakes"
check_match "and the runner names it" "$OUTPUT" "\"# where: nowhere\" is not known"

# No virtual machine is booted for these: it would be an older kernel.
printf '#!/bin/sh\n# kernel: 1000.1\nexit 1\n' >"$fakes/fake/test_fake.sh"
check_status "a test for a newer kernel" 0 "$runner" --vm --dir "$fakes"
check_match "is skipped, with the reason" "$OUTPUT" \
	"SKIP fake/test_fake: the test needs Linux 1000.1 or later"
check_match "which is no pass" "$OUTPUT" "0 passed, 0 failed, 1 skipped"
printf '#!/bin/sh\n# kernel: 2.6\nexit 1\n' >"$fakes/fake/test_fake.sh"
check_match "one for an older kernel is not" \
	"$("$runner" --vm --list --dir "$fakes")" "^fake/test_fake guest:2"

sed -i 's/nowhere/host/' "$fakes/fake/test_fake.sh"
chmod -x "$fakes/fake/test_fake.sh"
check_status "a test that is not executable fails" 1 "$runner" --dir "$fakes"
check_match "and the runner says so" "$OUTPUT" "not executable"
rm "$fakes/fake/test_fake.sh"

touch "$fakes/fake/test_unit.c"
check_status "a unit test that was not built fails" 1 \
	"$runner" --dir "$fakes" --bin "$TEST_DIR/bin"
check_match "for both sanitizers" "$OUTPUT" "0 passed, 2 failed, 0 skipped"
for san in asan tsan; do
	mkdir -p "$TEST_DIR/bin/$san/fake"
	printf '#!/bin/sh\necho 1..1; echo ok 1 %s\n' "$san" \
		>"$TEST_DIR/bin/$san/fake/test_unit"
	chmod +x "$TEST_DIR/bin/$san/fake/test_unit"
done
check "one that was built is run" \
	"$runner" --dir "$fakes" --bin "$TEST_DIR/bin"
check_match "under both" "$OUTPUT" "2 passed, 0 failed, 0 skipped"

check_status "an unknown subject is refused" 2 "$runner" nosuchsubject
check_status "an unknown option is refused" 2 "$runner" --nosuchoption
check_status "so is slowness that is no number" 2 \
	env PURSER_SLOW=very "$runner" --list

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
check_eq "and by its file" "$(listed fake/test_a.sh)" "fake/test_a"
check_eq "a pattern selects by any part" "$(listed -k _ab)" "fake/test_ab"

# Profiles

mkdir "$fakes/vm"
printf '# comment\n\nfake\n!fake/test_ab\n' >"$fakes/vm/profile-some"
check_eq "a profile selects, and leaves out" "$(listed --profile some)" \
	"fake/test_a fake/test_unit"
check_status "a profile and a test exclude each other" 2 \
	"$runner" --list --dir "$fakes" --profile some other
check_status "an unknown profile is refused" 2 \
	"$runner" --list --dir "$fakes" --profile none
echo 'fake/test_gone' >>"$fakes/vm/profile-some"
check_status "so is a profile with a name that is nobody's" 2 \
	"$runner" --list --dir "$fakes" --profile some
check_match "it is told" "$OUTPUT" "there is no fake/test_gone"
for file in "$PURSER_ROOT"/selftests/vm/profile-*; do
	check "all that ${file##*/} names is there" \
		"$runner" --list --profile "${file##*profile-}"
done

# Processors

rm -r "$fakes"/{fake,other,vm}
mkdir "$fakes/cpu"
make_test() {	# make_test NAME HEAD
	printf '#!/bin/sh\n%s\necho 1..1; echo ok\n' "$2" >"$fakes/cpu/$1.sh"
	chmod +x "$fakes/cpu/$1.sh"
}
make_test test_any '#'
make_test test_four '# cpus: 4'
make_test test_host '# where: host'
check_eq "a test of the module has two processors or what it wants" \
	"$("$runner" --list --dir "$fakes" | xargs)" \
	"cpu/test_any guest:2 cpu/test_four guest:4 cpu/test_host host"
ran() {	# ran OPTION...: which tests are run
	"$runner" --dir "$fakes" "$@" | sed -n 's/^PASS \([^:]*\):.*/\1/p' | xargs
}
check_eq "a guest with two runs those for two" "$(ran --guest 2)" "cpu/test_any"
check_eq "one with four runs those for four" "$(ran --guest 4)" "cpu/test_four"
mkdir "$TEST_DIR/claims"
check_eq "of guests that share the tests, the first takes what there is" \
	"$(ran --guest 2 --claims "$TEST_DIR/claims")" "cpu/test_any"
check_eq "and the second what is left" "$(ran --guest 2 --claims "$TEST_DIR/claims")" ""
check_eq "--no-host selects the tests of the module" \
	"$("$runner" --list --dir "$fakes" --no-host | xargs)" \
	"cpu/test_any guest:2 cpu/test_four guest:4"
check_eq "--host-only runs the tests of this machine" "$(ran --host-only)" "cpu/test_host"
touch "$fakes/cpu/test_unit.c"
check_eq "--host-only selects unit tests too" \
	"$("$runner" --list --dir "$fakes" --host-only | xargs)" \
	"cpu/test_unit asan cpu/test_unit tsan cpu/test_host host"
rm "$fakes/cpu/test_unit.c"
check_status "--no-host and --host-only exclude each other" 2 \
	"$runner" --list --dir "$fakes" --no-host --host-only
rm "$fakes"/cpu/test_{any,four}.sh
check_eq "without options the runner runs the tests of this machine" "$(ran)" "cpu/test_host"
check_eq "--no-host runs no test of this machine" "$(ran --no-host)" ""

ktap_end
