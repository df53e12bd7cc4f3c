# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Helpers for the tests of isolation: a user of the host (the owner) who owns roots of
# containers and exchanges names in them.

# shellcheck source=../engine/engine.sh
. "$(dirname "$0")/../engine/engine.sh"

PROBE=$PURSER_BUILD/tests/bin/launch/probe
OWNER=1000

AS_OWNER=(setpriv --reuid "$OWNER" --regid "$OWNER" --clear-groups)

as_owner() {
	"${AS_OWNER[@]}" "$@"
}

# make_owned_root DIR - make a root whose files all belong to the owner
make_owned_root() {
	make_busybox_root "$1" && cp "$PROBE" "$1/bin/" &&
		chown -R -h "$OWNER:$OWNER" "$1"
}

# exchanging A B - let the owner exchange two names until exchanged() is called
exchanging() {
	"${AS_OWNER[@]}" "$PURSER_TEST_BIN/exchange" "$@" \
		2>"$TEST_DIR/exchange" &
	EXCHANGE_PID=$!
	at_exit sh -c "kill $EXCHANGE_PID 2>/dev/null || true"
}

# exchanged - stop that; fails if it had stopped by itself
exchanged() {
	kill "$EXCHANGE_PID" && ! wait "$EXCHANGE_PID" 2>/dev/null &&
		[ ! -s "$TEST_DIR/exchange" ]
}
