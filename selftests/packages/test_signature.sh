#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 900
#
# A kernel that wants signatures, as with Secure Boot, refuses the module without one, and with
# one by a key that it does not know; "engine check" says why. Such a kernel is booted twice: with
# module.sig_enforce=1, and with lockdown=integrity, which is what Secure Boot turns on.

. "$(dirname "$0")/../lib/kselftest.sh"

vm=$PURSER_ROOT/selftests/vm
release=$("$vm/kernel" release) || ktap_bail "there is no kernel"
module=$PURSER_BUILD/kmod/$release/purser.ko
sign=$("$vm/kernel" headers)/scripts/sign-file
[ -e "$module" ] || ktap_skip_all "the test needs the module: make vm-module"
[ -x "$PURSER_BIN/engine" ] || ktap_skip_all "the test needs engine: make userland"

# The guest has its own /tmp: files for the guest must be in the tree.
dir=$PURSER_BUILD/vm/signature.$$
mkdir -p "$dir"
at_exit rm -rf "$dir"
cp "$module" "$dir/unsigned.ko"

make_key() {
	openssl req -new -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=purser-test/ \
		-keyout "$TEST_DIR/key" -outform DER -out "$TEST_DIR/certificate"
}
check "there is a key" make_key
check "a module is signed with it" "$sign" sha256 "$TEST_DIR/key" "$TEST_DIR/certificate" \
	"$module" "$dir/unknown.ko"
check_eq "it has the name of the key" "$(modinfo -F signer "$dir/unknown.ko")" purser-test
check_eq "the other one has none" "$(modinfo -F signer "$dir/unsigned.ko")" ""

cat >"$dir/guest" <<'END'
mount -t securityfs securityfs /sys/kernel/security
modprobe dummy && echo "signed by Debian: loaded"
for kind in unsigned unknown; do
	insmod "$1/$kind.ko" && echo "$kind: loaded"
done 2>&1
engine check
engine supervisor /tmp 2>&1
echo "supervisor: $?"
dmesg | grep 'Loading of\|Lockdown: insmod'
END

# refuses WORDS UNSIGNED UNKNOWN LOGGED... - a kernel that boots with WORDS refuses both modules,
# with these texts, and its log has those
refuses() {
	local words=$1 logged

	check "$words: the machine runs" "$vm/run" --timeout 600 --append "$words" -- \
		bash "$dir/guest" "$dir"
	ktap_diag "$OUTPUT"
	check_match "$words: the kernel loads Debian's modules" "$OUTPUT" 'signed by Debian: loaded'
	check_no_match "$words: it loads no other one" "$OUTPUT" '(unsigned|unknown): loaded'
	check_match "$words: it refuses the one without a signature" "$OUTPUT" "unsigned.ko: $2"
	check_match "$words: and the one with a key that it does not know" "$OUTPUT" \
		"unknown.ko: $3"
	for logged in "${@:4}"; do
		check_match "$words: its log says: $logged" "$OUTPUT" "$logged"
	done
	check_match "$words: engine check says why, and what to do" "$OUTPUT" \
		'secure boot +warning +off; the kernel loads only modules with a signature that it knows +mokutil --import /var/lib/dkms/mok.pub'
	check_match "$words: the supervisor ends with the status for a missing module" "$OUTPUT" \
		'the kernel module purser is not loaded'$'\n''supervisor: 4'
}

refuses module.sig_enforce=1 "Key was rejected by service" "Key was rejected by service" \
	"Loading of unsigned module is rejected" \
	"Loading of module with unavailable key is rejected"
refuses lockdown=integrity "Operation not permitted" "Operation not permitted" \
	"Lockdown: insmod: unsigned module loading is restricted"

ktap_end
