#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# --keep: the files of an overlay outlive its container, also if its start fails, if the
# supervisor dies, and if the machine goes down; "engine rm" removes them.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

check "a container makes a file" engine run web --keep -- sh -c 'echo one >/f; chmod 700 /'
check "the file is kept" test -e "$STATE_DIR/.layers/web/upper/f"
check "nothing else is" test ! -e "$STATE_DIR/web"
# shellcheck disable=SC2016 # the container expands it
check "the next one has the file, and its root's mode" \
	engine run web --keep -- sh -c 'grep -qx one /f && [ "$(stat -c %a /)" = 700 ]'
check "a container without --keep has not" engine run web -- sh -c 'test ! -e /f'
check "its end leaves the kept files alone" test -e "$STATE_DIR/.layers/web/upper/f"
check_status "a start that fails" 127 engine run web --keep -- nothing-like-this
check "leaves them alone, too" test -e "$STATE_DIR/.layers/web/upper/f"

engine start web --keep -- sh -c 'echo two >>/f; sleep 1000' >/dev/null
check "they move to the container" wait_for grep -qx two "$STATE_DIR/web/upper/f"
die
next
engine stop web --time 0 >/dev/null
check "the next supervisor keeps them" grep -qx two "$STATE_DIR/.layers/web/upper/f"

check "started again as it was, it has them" engine start web
check "the file grows" wait_for grep -qx two "$STATE_DIR/web/upper/f"
engine stop web --time 0 >/dev/null
check_eq "it has run twice" "$(grep -cx two "$STATE_DIR/.layers/web/upper/f")" 2

# After a reboot there are neither records nor run folders.
engine run gone --keep -- sh -c 'echo three >/f'
engine rm web >/dev/null
check "rm removes the overlay" test ! -e "$STATE_DIR/.layers/web"
check "the supervisor ends" stop_supervisor
mv "$STATE_DIR/.layers/gone" "$STATE_DIR/gone"
rm -rf "$RUN_DIR"
next
check "a layer that a reboot has left is kept" \
	grep -qx three "$STATE_DIR/.layers/gone/upper/f"
check "it is used" engine run gone --keep -- grep -qx three /f
check "rm removes it" engine rm gone
check "it is gone" wait_for test ! -e "$STATE_DIR/.layers/gone"

ktap_end
