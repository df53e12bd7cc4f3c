#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# vm/deps installs what is missing, waits for apt's locks, and names the step that failed.

. "$(dirname "$0")/../lib/kselftest.sh"

# A copy of deps with a list of its own, and an apt-get that notes its arguments. What it
# does beside that is in a file: a shell script. Its "install" makes the missing file.
mkdir "$TEST_DIR/vm" "$TEST_DIR/bin"
cp "$PURSER_ROOT/selftests/vm/deps" "$TEST_DIR/vm/"
printf '%s\n' '# comment' '' "one alpha file $TEST_DIR/alpha" "one beta file $TEST_DIR/beta" \
	"two gamma file $TEST_DIR/gamma" "one shell command sh" >"$TEST_DIR/vm/packages"
cat >"$TEST_DIR/bin/apt-get" <<END
#!/bin/bash
echo "\$*" >>'$TEST_DIR/calls'
case "\$*" in *' -s '*) exit 0 ;; esac
. '$TEST_DIR/deed'
case "\$*" in *install*) touch '$TEST_DIR/alpha' '$TEST_DIR/beta' ;; esac
echo "a thousand lines"
END
# The test need not run as root.
printf '#!/bin/sh\necho 0\n' >"$TEST_DIR/bin/id"
chmod +x "$TEST_DIR/bin"/*

# deps DEED GROUP... - run the copy; sets status, and calls to the arguments of apt-get
# that installed or updated
deps() {
	echo "$1" >"$TEST_DIR/deed"
	shift
	rm -f "$TEST_DIR"/{alpha,beta,calls}
	touch "$TEST_DIR/calls"
	status=0
	PATH=$TEST_DIR/bin:$PATH "$TEST_DIR/vm/deps" "$@" >"$TEST_DIR/to" 2>&1 || status=$?
	calls=$(grep -v 'install -s' "$TEST_DIR/calls")
}

deps ':' one
check_eq "what is missing is installed" "$status" 0
check_eq "the output is one line" "$(<"$TEST_DIR/to")" "deps: installing alpha beta"
check_match "apt waits for the lock of dpkg" "$calls" '-o DPkg::Lock::Timeout=[1-9]'
check_match "it installs the packages of the group, and nothing that is there" "$calls" \
	' install --no-install-recommends alpha beta$'
touch "$TEST_DIR/alpha" "$TEST_DIR/beta"
check_eq "if nothing is missing it prints nothing" "$("$TEST_DIR/vm/deps" one)" ""

deps 'case "$*" in *install*) echo "E: no space"; exit 100 ;; esac' one
check_eq "a failed installation is a failure" "$status" 1
check_match "what apt-get printed is shown, and then the step that failed" \
	"$(<"$TEST_DIR/to")" \
	$'\nE: no space\ndeps: this step failed: installing \\(packages: alpha beta\\)$'
check_match "the lists were updated before the second try" "$(xargs <<<"$calls")" \
	'install --no.* update .* install --no'
deps 'case "$*" in *update*) echo "E: no network" ;; esac; exit 100' one
check_match "if updating the lists fails, that is the step" "$(<"$TEST_DIR/to")" \
	'deps: this step failed: updating the lists of packages '
deps 'exit 0' one
check_match "a package that is still not there is a failure" "$status $(<"$TEST_DIR/to")" \
	'^1 .*this step failed: checking; .*: alpha beta$'

# apt fails for its other locks. The holder of the lock ends when deps waits for it.
mkfifo "$TEST_DIR/hold"
cat "$TEST_DIR/hold" >/dev/null &
holder=$!
cat >"$TEST_DIR/locked" <<END
if [ -e /proc/$holder ]; then
	echo "E: Could not get lock /var/lib/apt/lists/lock. It is held by process $holder (apt)"
	echo "E: Unable to lock directory /var/lib/apt/lists/"
	exit 100
fi
END
(wait_for grep -q "waiting for process $holder" "$TEST_DIR/to" && : >"$TEST_DIR/hold") &
deps ". '$TEST_DIR/locked'" one
wait "$!"
check_eq "deps waits for the process that holds another lock of apt" \
	"$status $(<"$TEST_DIR/to")" "0 deps: installing alpha beta
deps: installing: waiting for process $holder, which holds apt's lock"

ktap_end
