#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# where: host
#
# Installing without packages: which files there are, what a program can do with them, and
# that nothing is left. "make packaging" has built what this installs.

. "$(dirname "$0")/../lib/kselftest.sh"

cd "$PURSER_ROOT" || exit 1
unset MAKEFLAGS
install=userland/packaging/install
for file in build/lib/libpurser.so.1.0 build/packaging/engine.bash; do
	[ -e "$file" ] || ktap_skip_all "$file is not built: make packaging"
done

# --- Into a folder ---

export DESTDIR=$TEST_DIR/root VERSION=1.2.3
files() {
	(cd "$DESTDIR" && find . ! -type d | sed 's/^\.//' | sort)
}

check "it installs" $install install
check_eq "all files of the list are there" "$(files)" "$($install list | sort)"
for file in bin/purser bin/engine sbin/purserctl bin/purser-oci share/man/man8/purser.8 \
	lib/systemd/system/purser.service lib/libpurser.so share/ynl/specs/purser.yaml; do
	check "$file can be read" test -r "$DESTDIR/usr/local/$file"
done
check_eq "nothing has a word to replace" \
	"$(grep -rlE '@[A-Z]+@' "$DESTDIR" --exclude-dir=bin --exclude-dir=sbin)" ""
check "the unit starts the installed program" \
	grep -q '^ExecStart=/usr/local/bin/purser supervisor' \
	"$DESTDIR/usr/local/lib/systemd/system/purser.service"
check_match "purser is a program" "$("$DESTDIR/usr/local/bin/purser" --version)" '[0-9]\.[0-9]'
check_match "so is engine" "$("$DESTDIR/usr/local/bin/engine" --version)" '[0-9]\.[0-9]'

echo "PURSER_OPTIONS=--log-max-files 2" >"$DESTDIR/etc/default/purser"
check "it installs again" $install install
check_match "what the owner has changed stays, and it says so" "$OUTPUT" \
	'etc/default/purser was changed: it stays as it is'
check_eq "all of it" "$(<"$DESTDIR/etc/default/purser")" "PURSER_OPTIONS=--log-max-files 2"
check "it uninstalls" $install uninstall
check_eq "only that is left" "$(files)" /etc/default/purser
cp userland/packaging/systemd/purser.default "$DESTDIR/etc/default/purser"
check "it uninstalls again" $install uninstall
check_eq "nothing is left, no folder either" "$(ls -A "$DESTDIR")" ""

check "a part is installed" $install --package oci install
check_eq "it is that part" "$(files)" "$($install --package oci list | sort)"
check "and uninstalled" $install --package oci uninstall
check_eq "nothing is left" "$(ls -A "$DESTDIR")" ""
unset DESTDIR

check_eq "the changelog of the packages has the version of the Makefile" \
	"$(sed -n '1s/.*(\(.*\)).*/\1/p' userland/packaging/debian/changelog)" \
	"$(sed -n 's/^VERSION[[:space:]]*:= //p' Makefile)"

# --- The module ---

check_status "make refuses to guess for which kernel the module is" 2 \
	make -s module-fits KDIR=
check_match "it says what to do" "$OUTPUT" 'has no headers .* KDIR=.* MODULE=no'

# --- The library ---

export PREFIX=$TEST_DIR/usr SYSCONFDIR=$TEST_DIR/etc
{ $install --package lib install && $install --package dev install; } ||
	ktap_bail "cannot install the library"
cat >"$TEST_DIR/client.c" <<'END'
#include <errno.h>
#include <stdio.h>
#include <purser.h>

static int print(const struct purser_container *c, void *arg)
{
	(void)arg;
	return printf("%s %s\n", c->name, purser_state_name(c->state)) < 0 ? -EIO : 0;
}

int main(void)
{
	struct purser *p;
	int err = purser_open(&p);

	printf("%s\n", purser_state_name(PURSER_STATE_RUNNING));
	if (err)
		return err == -ENOENT || err == -EPERM ? 0 : 1;
	err = purser_list(p, 0, print, NULL);
	purser_close(p);
	return !!err;
}
END
export PKG_CONFIG_PATH=$PREFIX/lib/pkgconfig
check_eq "pkg-config knows the version" "$(pkg-config --modversion libpurser)" 1.2.3
read -ra flags < <(pkg-config --cflags --libs libpurser)
check "a program compiles" gcc -Wall -Wextra -Werror -o "$TEST_DIR/client" \
	"$TEST_DIR/client.c" "${flags[@]}"
check_match "it needs the shared object" "$(readelf -d "$TEST_DIR/client")" \
	'NEEDED.*libpurser\.so\.1\]'
check_eq "it runs" "$(LD_LIBRARY_PATH=$PREFIX/lib "$TEST_DIR/client" | head -n 1)" running
check_eq "the header and the map have the same functions" \
	"$(sed -n 's/^	\(purser_[a-z_]*\);/\1/p' userland/libpurser/libpurser.map | sort)" \
	"$(grep -oE '\bpurser_[a-z_]+\(' "$PREFIX/include/purser.h" | tr -d '(' |
		grep -v '_fn$' | sort -u)"
exported() {
	nm -D --defined-only "$PREFIX/lib/libpurser.so.1" | awk '$2 == "T" { print $3 }'
}
check "there are exported functions" test "$(exported | wc -l)" -gt 20
check_eq "all have a version" "$(exported | grep -v '^purser_.*@@PURSER_1')" ""

# --- The units, and the completion ---

$install install
verify() {
	systemd-analyze verify --man=no "$PREFIX"/lib/systemd/system/purser*.service
}
if type -P systemd-analyze >/dev/null; then
	check "systemd finds no fault in the units" verify
	check_no_match "and warns of nothing" "$OUTPUT" 'purser'
else
	ktap_skip "systemd finds no fault in the units" "there is no systemd-analyze"
fi

# complete WORD... - what bash offers in place of the last word
complete_words() {
	# shellcheck disable=SC2016 # for the inner shell
	bash -c '. "$0"; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); "_$1"; echo "${COMPREPLY[*]}"' \
		"$PREFIX/share/bash-completion/completions/$1" "$@"
}
check_eq "the completion has the commands" "$(complete_words engine sta)" "start stats"
check_eq "the options of a command" "$(complete_words engine stop --s)" "--signal"
check_eq "and the words that an option takes" \
	"$(complete_words engine start --log-driver r)" raw
check_eq "of purserctl, too" "$(complete_words purserctl list --state st)" "starting stopping"
check "it is what bash calls for purser" \
	grep -q '_engine engine purser$' "$PREFIX/share/bash-completion/completions/purser"

# --- The base ---

base=$PREFIX/libexec/purser/make-base
check "a base is made" "$base" "$TEST_DIR/base"
if [ "$(id -u)" = 0 ]; then
	check "its programs run" chroot "$TEST_DIR/base" /bin/sh -c 'PATH=/bin; cat /etc/passwd'
	check_match "there is a user" "$OUTPUT" '^root:'
fi
touch -d 2020-01-01 "$TEST_DIR/base/bin/busybox"
before=$(find "$TEST_DIR/base" -printf '%p %T@\n' | sort)
check "once it is there" "$base" "$TEST_DIR/base"
check_eq "it stays as it is" "$(find "$TEST_DIR/base" -printf '%p %T@\n' | sort)" "$before"

check "all is uninstalled" $install uninstall
check_eq "in PREFIX are the common folders, and no file" \
	"$(find "$PREFIX" "$SYSCONFDIR" ! -type d)" ""

ktap_end
