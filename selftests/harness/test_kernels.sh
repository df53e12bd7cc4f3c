#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# What chooses kernels, and what counts over several of them.

. "$(dirname "$0")/../lib/kselftest.sh"

# A tree of its own with kernels that are there already, and tests that are none.
tree=$TEST_DIR/tree
mkdir -p "$tree/selftests" "$tree/build/kernels"
cp -r "$PURSER_ROOT/selftests/vm" "$tree/selftests/"
kernels=$tree/build/kernels
vm=$tree/selftests/vm
mkdir "$kernels/6.1.0-1-amd64" "$kernels/7.0-amd64" "$kernels/6.1.9-debug"
echo 6.1.0-1-amd64 >"$kernels/default"
echo 7.0-amd64 >"$kernels/trixie-backports"
echo trixie-backports >"$kernels/7.0-amd64/suite"
echo 8 >"$kernels/6.1.9-debug/slow"

check_eq "no name is the default" "$("$vm/kernel" release)" 6.1.0-1-amd64
check_eq "so is default" "$("$vm/kernel" release default)" 6.1.0-1-amd64
check_eq "a suite is what was its kernel when first asked for" \
	"$("$vm/kernel" release trixie-backports)" 7.0-amd64
check_eq "a release is itself" "$("$vm/kernel" image 7.0-amd64)" \
	"$kernels/7.0-amd64/boot/vmlinuz-7.0-amd64"
check_eq "a kernel is not slow" "$("$vm/kernel" slow)" 1
check_eq "unless it says so" "$("$vm/kernel" slow 6.1.9-debug)" 8
check_status "a question that makes no sense" 1 "$vm/kernel" colour

# The kernel that looks for faults: what it is made from names it.
key=$({ cat "$vm/debug.config" "$vm/build-debug-kernel"
	gcc-12 -dumpfullversion; } | sha256sum)
printf '%s\n' "${key%% *}" 6.1.9-debug >"$kernels/debug"
check_eq "one that was built is not built again" "$("$vm/kernel" release debug)" \
	6.1.9-debug
mkdir "$TEST_DIR/bin"
printf '#!/bin/sh\nexit 1\n' >"$TEST_DIR/bin/apt-get"
chmod +x "$TEST_DIR/bin/apt-get"
echo CONFIG_X=y >>"$vm/debug.config"
check_status "one with other options is" 1 \
	env PATH="$TEST_DIR/bin:$PATH" "$vm/kernel" release debug
check_match "its source is fetched" "$OUTPUT" 'cannot download linux-source'

headers() {
	echo "$kernels/$1/usr/src/linux-headers-$1"
}
mkdir -p "$(headers 6.1.0-1-amd64)"
check_eq "the compiler of this machine's kernels is here" \
	"$("$vm/toolchain" "$(headers 6.1.0-1-amd64)" pwd -P)" "$(pwd -P)"

# Many kernels

printf '#!/bin/sh\n%s\n' 'case $* in *7.0*) exit 1 ;; esac' >"$TEST_DIR/bin/make"
# shellcheck disable=SC2016 # it is for the other shell
printf '#!/bin/sh\n%s\n' 'echo "$*"' 'case $* in *debug*) n=1 ;; *) n=0 ;; esac' \
	'echo "3 passed, $n failed, 0 skipped"; exit $n' >"$tree/selftests/run"
chmod +x "$TEST_DIR/bin/make" "$tree/selftests/run"
many() {
	env MAKE="$TEST_DIR/bin/make" "$vm/check-kernels" "$@"
}
check "the tests pass on a kernel" many --profile some default -- a/test_b
check_match "the tests of the module, in that profile, on that kernel" \
	"$OUTPUT" '--vm --no-host --kernel default --profile some a/test_b'
check_match "its name and count come last" "$OUTPUT" \
	$'\nPASS Linux 6.1.0-1-amd64: 3 passed, 0 failed, 0 skipped, [0-9]+ s$'
echo a/test_c >"$vm/profile-7.0-amd64"
check_no_match "no profile is none" "$(many default)" "--profile"
cp "$vm/profile-7.0-amd64" "$vm/profile-default"
check_match "but a kernel may have its own" "$(many default)" \
	'--kernel default --profile default'
check_no_match "which does not count where tests are named" \
	"$(many default -- a/test_b)" "--profile"
check_match "or another profile" "$(many --profile some default)" \
	'--kernel default --profile some'
rm "$vm"/profile-{default,7.0-amd64}
check_status "a failure on one fails the whole" 1 many 6.1.9-debug default
check_match "both are told" "$OUTPUT" \
	$'\nFAIL Linux 6.1.9-debug: 3 passed, 1 failed, .*\nPASS Linux 6.1.0-1-amd64: '
check_status "as does one for which the module does not build" 1 many 7.0-amd64
check_match "and it is told" "$OUTPUT" 'FAIL Linux 7.0-amd64: the module was not built'
check_status "no kernel makes no sense" 2 many -- a/test_b

ktap_end
