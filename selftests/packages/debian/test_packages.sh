#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
# timeout: 3000
#
# Installing, upgrading and purging the packages in a Debian, where DKMS builds the module for
# each kernel. Nothing runs there: test_systemd.sh boots it.

. "$(dirname "$0")/packages.sh"

make_root

dkms_status() {
	inside dkms status purser | sed 's/, x86_64//'
}

files >"$TEST_DIR/before"
mapfile -t all < <(debs "$DEBS"/*.deb)
check "there are five packages" test "$(printf '%s\n' "${all[@]}" | grep -vc dbgsym)" = 5
mapfile -t all < <(printf '%s\n' "${all[@]}" | grep -v dbgsym)

# --- Installing ---

check "the packages are installed" inside dpkg -i "${all[@]}"
ktap_diag "$(tail -n 3 <<<"$OUTPUT")"
check_match "DKMS has built the module for the kernel that is there" "$(dkms_status)" \
	"$OLD_PATTERN: installed"
check "purser runs" inside purser --version
check "so does purserctl" inside purserctl --version
check "and purser-oci" inside purser-oci --version
check_eq "the service starts at boot" "$(inside systemctl is-enabled purser)" enabled
check "systemd finds no fault in the units" inside systemd-analyze verify --man=no \
	purser.service purser-containers.service
check "the module is loaded at boot" inside grep -rx purser /usr/lib/modules-load.d
check "the library is found" sh -c "chroot '$ROOT' ldconfig -p | grep -q libpurser.so.1"
check_eq "dpkg finds no changed file" \
	"$(inside dpkg --verify purser purser-oci purser-dkms libpurser1 libpurser-dev)" ""

# --- Another kernel ---

mapfile -t headers < <(debs "$TREE.debs"/*.deb)
check "the headers of the next kernel are installed" install_headers "${headers[@]}"
check_match "DKMS builds the module for it" "$(dkms_status)" "$NEW_PATTERN: installed"
module=/lib/modules/$NEW_KERNEL/updates/dkms
check_match "the module fits that kernel" \
	"$(inside sh -c "modinfo -F vermagic $module/purser.ko*")" "^$NEW_PATTERN "
check_match "and has the version of the package" \
	"$(inside sh -c "modinfo -F version $module/purser.ko*")" '^[0-9.]+$'
check_match "DKMS signs it" "$(inside sh -c "modinfo -F signer $module/purser.ko*")" DKMS
check_match "the one for the kernel before stays" "$(dkms_status)" "$OLD_PATTERN: installed"

# --- An upgrade, and the end ---

for name in purser purser-oci; do
	newer "$DEBS/${name}"_*.deb "$TEST_DIR/newer"
done
echo '# mine' >>"$ROOT/etc/default/purser"
mapfile -t newer < <(debs "$TEST_DIR"/newer/*.deb)
check "the packages are upgraded" inside dpkg -i "${newer[@]}"
check_match "a changed setting stays" "$(tail -n 1 "$ROOT/etc/default/purser")" mine

mapfile -t names < <(for deb in "${TREE:?}.debs"/*.deb; do
	dpkg-deb -f "$deb" Package
done | grep -F -- "${NEW_KERNEL%-amd64}")
check "the headers are removed" inside dpkg --purge "${names[@]}"
check "the packages are purged" inside dpkg --purge purser purser-oci purser-dkms \
	libpurser-dev libpurser1
files >"$TEST_DIR/after"
check_eq "nothing is left" "$(comm -13 "$TEST_DIR/before" "$TEST_DIR/after" |
	grep -v "^/lib/modules\|^/usr/lib/modules\|$NEW_KERNEL")" ""
check_eq "nothing else is gone" "$(comm -23 "$TEST_DIR/before" "$TEST_DIR/after" |
	grep -v '/linux-headers-\|/linux-kbuild')" ""

ktap_end
