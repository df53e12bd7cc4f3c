#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# vm/kernel chooses kernels, and vm/check-kernels runs tests on several of them.

. "$(dirname "$0")/../lib/kselftest.sh"

# A made-up tree with installed kernels and a made-up test runner.
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

check_eq "without a name kernel takes the default" \
	"$("$vm/kernel" release)" 6.1.0-1-amd64
check_eq "the name default is the default kernel" \
	"$("$vm/kernel" release default)" 6.1.0-1-amd64
check_eq "a suite stays the kernel that it was at first" \
	"$("$vm/kernel" release trixie-backports)" 7.0-amd64
check_eq "a release is the kernel of that release" "$("$vm/kernel" image 7.0-amd64)" \
	"$kernels/7.0-amd64/boot/vmlinuz-7.0-amd64"
check_eq "a kernel is not slow by default" "$("$vm/kernel" slow)" 1
check_eq "a kernel with a file slow is slow" "$("$vm/kernel" slow 6.1.9-debug)" 8
check_status "kernel refuses an unknown command" 1 "$vm/kernel" colour

# The debug kernel is identified by a hash of all that it is built from.
key=$({ cat "$vm/debug.config" "$vm/build-kernel"
	gcc-12 -dumpfullversion; } | sha256sum)
printf '%s\n' "${key%% *}" 6.1.9-debug >"$kernels/debug"
check_eq "a debug kernel that exists is not built again" \
	"$("$vm/kernel" release debug)" \
	6.1.9-debug
mkdir "$TEST_DIR/bin"
printf '#!/bin/sh\nexit 1\n' >"$TEST_DIR/bin/apt-get"
chmod +x "$TEST_DIR/bin/apt-get"
echo CONFIG_X=y >>"$vm/debug.config"
check_status "a debug kernel with other options is built" \
	1 env PATH="$TEST_DIR/bin:$PATH" "$vm/kernel" release debug
check_match "building it begins with the download of the source" \
	"$OUTPUT" 'cannot download linux-source'
# Else the checks below would build that kernel.
sed -i '$d' "$vm/debug.config"

# The kernel "kcsan" has the options of the debug kernel, except those that it replaces.
printf 'CONFIG_A=y\nCONFIG_B=y\n' >"$vm/debug.config"
printf '# why\n# CONFIG_A is not set\nCONFIG_C=y\n' >"$vm/kcsan.config"
key=$({ printf '# CONFIG_A is not set\nCONFIG_B=y\nCONFIG_C=y\n'; cat "$vm/build-kernel"
	gcc-12 -dumpfullversion; } | sha256sum)
printf '%s\n' "${key%% *}" 6.1.9-kcsan >"$kernels/kcsan"
mkdir "$kernels/6.1.9-kcsan"
check_eq "the kernel kcsan has the options of both files, each once" \
	"$("$vm/kernel" release kcsan)" 6.1.9-kcsan
check_status "build-kernel refuses another kernel" 1 "$vm/build-kernel" nosuch
check_match "build-kernel says which" "$OUTPUT" 'no such kernel: nosuch'
cp "$PURSER_ROOT/selftests/vm"/{debug,kcsan}.config "$vm/"

headers() {
	echo "$kernels/$1/usr/src/linux-headers-$1"
}
mkdir -p "$(headers 6.1.0-1-amd64)"
check_eq "toolchain runs a command with the compiler of a kernel" \
	"$("$vm/toolchain" "$(headers 6.1.0-1-amd64)" pwd -P)" "$(pwd -P)"

# QEMU

check_eq "without a suite QEMU is that of this machine" "$("$vm/qemu")" qemu-system-x86_64
mkdir -p "$tree/build/qemu/sid/usr"
usr=$tree/build/qemu/sid/usr
check_eq "the QEMU of a suite runs with the files of its folder alone" "$("$vm/qemu" sid)" \
	"$(printf '%s\n' "$usr/lib/x86_64-linux-gnu/ld-linux-x86-64.so.2" \
		--library-path "$usr/lib/x86_64-linux-gnu" "$usr/bin/qemu-system-x86_64" \
		-L "$usr/share/qemu" -L "$usr/share/seabios")"
printf '#!/bin/sh\ncat; echo "$*"; exit 1\n' >"$TEST_DIR/bin/mmdebstrap"
chmod +x "$TEST_DIR/bin/mmdebstrap"
check_status "a QEMU that is not there is fetched" \
	1 env PATH="$TEST_DIR/bin:$PATH" "$vm/qemu" sid-backports
check_match "from that suite, whose packages need those of another" "$OUTPUT" \
	$' sid main\n.* sid-backports main\n.*--variant=extract.*"sid-backports".* sid .*sid-backports.new -'
check_status "a QEMU that could not be fetched is not there" 1 test -e "$tree/build/qemu/sid-backports"
check_status "qemu refuses what is not the name of a suite" 2 "$vm/qemu" ../x

# Several kernels

printf '#!/bin/sh\n%s\n' 'case $* in *7.0*) exit 1 ;; esac' >"$TEST_DIR/bin/make"
# shellcheck disable=SC2016 # the other shell expands it
printf '#!/bin/sh\n%s\n' 'echo "$*"' 'case $* in *debug*) n=1 ;; *) n=0 ;; esac' \
	'echo "3 passed, $n failed, 0 skipped"; exit $n' >"$tree/selftests/run"
chmod +x "$TEST_DIR/bin/make" "$tree/selftests/run"
many() {
	env MAKE="$TEST_DIR/bin/make" "$vm/check-kernels" "$@"
}
check "check-kernels succeeds if the tests pass" \
	many --profile some default -- a/test_b
check_match "check-kernels runs the profile's tests of the module on the kernel" \
	"$OUTPUT" '--vm --no-host --kernel default --profile some a/test_b'
check_match "check-kernels prints the kernel and its totals last" "$OUTPUT" \
	$'\nPASS Linux 6.1.0-1-amd64: 3 passed, 0 failed, 0 skipped, [0-9]+ s$'
echo a/test_c >"$vm/profile-7.0-amd64"
check_no_match "without a profile check-kernels passes none on" \
	"$(many default)" "--profile"
cp "$vm/profile-7.0-amd64" "$vm/profile-default"
check_match "a kernel's own profile is used by default" \
	"$(many default)" '--kernel default --profile default'
check_no_match "a kernel's own profile is not used if tests are named" \
	"$(many default -- a/test_b)" "--profile"
check_match "a kernel's own profile is not used if a profile is named" \
	"$(many --profile some default)" \
	'--kernel default --profile some'
rm "$vm"/profile-{default,7.0-amd64}
check_eq "all tests on the debug kernel: one run with kmemleak, and one without" \
	"$(many debug | grep -o -e '--kernel debug.*')" \
	$'--kernel debug --profile debug-leaks\n--kernel debug --but debug-leaks --but debug-words --append kmemleak=off'
check_status "a failure on one kernel fails check-kernels" 1 many 6.1.9-debug default
check_match "check-kernels prints the verdict on each kernel" "$OUTPUT" \
	$'\nFAIL Linux 6.1.9-debug: 3 passed, 1 failed, .*\nPASS Linux 6.1.0-1-amd64: '
check_status "a module that does not build fails check-kernels" 1 many 7.0-amd64
check_match "check-kernels says that the module was not built" \
	"$OUTPUT" 'FAIL Linux 7.0-amd64: the module was not built'
check_status "check-kernels refuses to run without a kernel" 2 many -- a/test_b

ktap_end
