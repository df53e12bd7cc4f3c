#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 1800
#
# The packages in a booted Debian: a virtual machine with systemd as its init, the module, and
# containers. DKMS builds the module on this machine, in a copy of that Debian, since a
# compiler is slow in an emulated machine; all other packages are installed in the machine. It
# boots twice, from one disk: guest_first and guest_second run in it.

. "$(dirname "$0")/packages.sh"

vm=$PURSER_ROOT/selftests/vm
release=$NEW_KERNEL

# Kernel modules of the machine. Of the drivers, those of virtual hardware are enough.
copy_modules() {
	local from to=$ROOT/lib/modules/$release

	from=$("$vm/kernel" modules "$release") &&
		tar -C "$from" -c --exclude=kernel/drivers kernel \
			modules.builtin modules.builtin.modinfo modules.order |
		tar -C "$to" -x &&
		tar -C "$from" -c kernel/drivers/{block,char,virtio} | tar -C "$to" -x &&
		inside depmod "$release"
}

# What only a build needs, or the kernel before
drop_unused() {
	rm -rf "$ROOT"/usr/{lib/gcc,include,share/doc,src/linux-*} \
		"$ROOT"/lib/modules/*/build
}

# --- The disk ---

make_root
[ "$OLD_KERNEL" = "$release" ] || rm -rf "$ROOT/lib/modules/$OLD_KERNEL"
mapfile -t headers < <(debs "$TREE.debs"/*.deb)
check "the headers of the machine's kernel are installed" install_headers "${headers[@]}"
check "its modules are there" copy_modules
mapfile -t module < <(debs "$DEBS"/purser-dkms_*.deb)
files >"$TEST_DIR/files"
check "purser-dkms is installed" inside dpkg -i "${module[@]}"
check_match "DKMS has built the module for the machine's kernel" \
	"$(inside dkms status purser)" "$NEW_PATTERN, x86_64: installed"
debs "$DEBS"/{purser,purser-oci,libpurser1,libpurser-dev}_*.deb >"$ROOT/purser-test/install"
for name in purser purser-oci; do
	newer "$DEBS/${name}"_*.deb "$TEST_DIR/newer"
done
debs "$TEST_DIR"/newer/*.deb >"$ROOT/purser-test/upgrade"
echo 0123456789abcdef0123456789abcdef >"$ROOT/etc/machine-id"
drop_unused
files | comm -12 "$TEST_DIR/files" - >"$ROOT/purser-test/files"
leave_root
check "a disk is made" mke2fs -q -t ext4 -m 0 -d "$ROOT" "$TEST_DIR/disk" 3G

# --- The machine ---

# boot NAME WHAT - boot it, run guest_NAME, and print its points as points of this test
boot() {
	local line status=0

	mkdir "$TEST_DIR/$1"
	while IFS= read -r line; do
		if [[ $line =~ ^(not )?ok\ [0-9]+\ (.*)$ ]]; then
			if [ "${BASH_REMATCH[1]}" ]; then
				ktap_fail "$2: ${BASH_REMATCH[2]}"
			else
				ktap_pass "$2: ${BASH_REMATCH[2]}"
			fi
		elif [[ $line != 'TAP version'* && $line != 1..* ]]; then
			ktap_diag "${line#\# }"
		fi
	done < <("$vm/run" --kernel "$release" --disk "$TEST_DIR/disk" --dir "$TEST_DIR/$1" \
		--timeout 1500 -- bash "/run/source/selftests/packages/debian/guest_$1" 2>&1)
	wait $! || status=$?
	# The log of the kernel goes with the folder of this test.
	[ "$status" = 0 ] || cp "$TEST_DIR/$1/dmesg" "$PURSER_BUILD/packages/$SUITE.dmesg-$1"
	check_eq "$2: no point has failed, the machine shuts down, and its log has no fault" \
		"$status" 0
}

boot first "the first boot"
boot second "after a reboot"

ktap_end
