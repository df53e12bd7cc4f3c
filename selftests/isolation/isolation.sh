# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests of isolation share: a root that an ordinary user owns, with a
# program in it that tries things.

# shellcheck source=../engine/engine.sh
. "$(dirname "$0")/../engine/engine.sh"

PROBE=$PURSER_BUILD/tests/bin/launch/probe
OWNER=1000

AS_OWNER=(setpriv --reuid "$OWNER" --regid "$OWNER" --clear-groups)

as_owner() {
	"${AS_OWNER[@]}" "$@"
}

# make_owned_root DIR - all of it is the owner's
make_owned_root() {
	make_busybox_root "$1" && cp "$PROBE" "$1/bin/" &&
		chown -R -h "$OWNER:$OWNER" "$1"
}

# exchanging A B - until exchanged is called; the owner does it
exchanging() {
	"${AS_OWNER[@]}" "$PURSER_TEST_BIN/exchange" "$@" \
		2>"$TEST_DIR/exchange" &
	EXCHANGE_PID=$!
	at_exit sh -c "kill $EXCHANGE_PID 2>/dev/null || true"
}

exchanged() {
	kill "$EXCHANGE_PID" && ! wait "$EXCHANGE_PID" 2>/dev/null &&
		[ ! -s "$TEST_DIR/exchange" ]
}
