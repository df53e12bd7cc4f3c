#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Images and containers that attack the runtime, in the ways that have worked against other
# runtimes.
#
# shellcheck disable=SC2016 # the containers and wait_for expand these words

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

# --- The program file ---

# CVE-2019-5736: the command of an exec is a script whose interpreter is /proc/self/exe, so
# the runtime's program runs in the container, with libraries of the container. Another
# process there opens its file through /proc, and writes to it when nobody executes it any
# more.
mkdir "$TEST_DIR/bin"
cp "$PURSER_BIN/purser-oci" "$TEST_DIR/bin/"
ldd "$PURSER_BIN/purser-oci" | grep -o '/[^ ]*' | xargs -I{} cp -L --parents {} "$ROOT"
sum=$(sha256sum <"$TEST_DIR/bin/purser-oci")
mine() {
	"$TEST_DIR/bin/purser-oci" --root "$OCI_ROOT" "$@"
}
attack='while :; do
	for p in /proc/[0-9]*; do
		[ $p/exe -ef /bin/busybox ] || (
			exec 9<$p/exe
			[ -s /proc/self/fd/9 ] || exit
			until echo x >>/proc/self/fd/9; do : >/failed; done
			: >/written
		)
	done
done 2>/dev/null'
bundle writer sh -c "$attack"
check "a container that attacks its runtime's program starts" \
	eval 'mine create --bundle "$BUNDLE" writer </dev/null >/dev/null 2>&1 && mine start writer'
printf '#!/proc/self/exe\n' >"$ROOT/bin/evil"
chmod +x "$ROOT/bin/evil"
is_held() {
	mine exec writer /bin/evil </dev/null >/dev/null 2>&1
	[ -e "$ROOT/failed" ] || [ -e "$ROOT/written" ]
}
check "it tries to write to the file" wait_for is_held
# No runtime runs now. The first try may have begun before.
for _ in 1 2; do
	rm -f "$ROOT/failed"
	wait_for test -e "$ROOT/failed" -o -e "$ROOT/written"
done
check "it cannot write to it" test ! -e "$ROOT/written"
check_eq "the program file is unchanged" "$(sha256sum <"$TEST_DIR/bin/purser-oci")" "$sum"
check "delete" mine delete --force writer

# --- Links in the image ---

mkdir "$TEST_DIR/host"
echo secret >"$TEST_DIR/host/file"
ln -s "$TEST_DIR/host" "$ROOT/link"
MOUNTS='{"destination":"/link/tmp","type":"tmpfs","source":"tmpfs"},'
bundle link sh -c 'touch /link/tmp/made; ls /link'
check "a mount below a link of the image" oci run --bundle "$BUNDLE" link
check_eq "nothing of it is on the host" "$(ls "$TEST_DIR/host")" file
MOUNTS=
rm "$ROOT/link"

for folder in proc sys; do
	rmdir "$ROOT/$folder"
	ln -s /tmp "$ROOT/$folder"
	bundle "l$folder" true
	check_status "an image whose /$folder is a link is refused" 125 \
		oci run --bundle "$BUNDLE" "l$folder"
	check_match "and the message says so" "$OUTPUT" "cannot mount .* on \"/$folder\" in the container: a symbolic link is on the way to it"
	rm "$ROOT/$folder"
	mkdir "$ROOT/$folder"
	check "nothing is left" leaves_nothing "l$folder"
done

# --- Descriptors, and the working folder ---

bundle fds sh -c 'ls /proc/self/fd'
exec {spare}<"$TEST_DIR/host"
check "a container starts while the caller has a folder open" oci run --bundle "$BUNDLE" fds
check_eq "it gets no descriptor of the caller or of the runtime" "$OUTPUT" $'0\n1\n2\n3'

leaked=
for fd in {3..20}; do
	bundle cwd sh -c 'ls . .. 2>&1'
	sed -i "s#\"cwd\":\"/\"#\"cwd\":\"/proc/self/fd/$fd\"#" "$BUNDLE/config.json"
	_run oci run --bundle "$BUNDLE" cwd
	[[ $OUTPUT != *host* && $OUTPUT != *config.json* ]] || leaked+="$fd "
	oci delete --force cwd
done
check_eq "a working folder in /proc/self/fd leads nowhere outside" "$leaked" ""
exec {spare}<&-

bundle one sleep 100000
check "a container starts" eval 'create one && oci start one'
leaked=
for fd in {3..20}; do
	_run oci exec --cwd "/proc/self/fd/$fd" one sh -c 'ls . ..'
	[[ $OUTPUT != *oci.sh* && $OUTPUT != *config.json* && $OUTPUT != *state.json* ]] ||
		leaked+="$fd "
done
check_eq "nor that of exec" "$leaked" ""
check_eq "a process of exec gets no descriptor of the runtime" \
	"$(oci exec one ls /proc/self/fd)" $'0\n1\n2\n3'
check "delete" oci delete --force one

# --- /etc/passwd ---

# home CASE WANT - HOME of a process whose configuration sets none
home() {
	bundle home sh -c 'echo $HOME'
	sed -i 's#,"HOME=/root"##' "$BUNDLE/config.json"
	_run timeout 20 purser-oci --root "$OCI_ROOT" run --bundle "$BUNDLE" home
	check_eq "HOME, $1" "$OUTPUT" "$2"
	oci delete --force home
}
home "of root in the image's /etc/passwd" /root
echo 'root:x:0:0:root:'"$TEST_DIR"'/host/../x:/bin/sh' >"$ROOT/etc/passwd"
home "any path" "$TEST_DIR/host/../x"
ln -sf ../../../../../../../../etc/passwd "$ROOT/etc/passwd"
home "if the file is a link to itself in the image" /
rm "$ROOT/etc/passwd"
mkfifo "$ROOT/etc/passwd"
home "if the file is a FIFO" /
rm "$ROOT/etc/passwd"
truncate -s 100G "$ROOT/etc/passwd"
home "if the file has no end" /
rm "$ROOT/etc/passwd"
home "if there is no file" /

# --- Masks ---

bundle masks sh -c 'wc -c </proc/timer_list; ls /sys/firmware; echo x >/proc/sys/kernel/hostname; echo h >/proc/sysrq-trigger'
check_status "a container looks at masked paths" 1 oci run --bundle "$BUNDLE" masks
check_match "they are empty, and read-only paths are" "$OUTPUT" \
	$'^0\n.*hostname: Read-only file system\n.*sysrq-trigger: Read-only file system$'

ktap_end
