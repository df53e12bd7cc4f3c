#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# /etc/hosts, /etc/hostname and /etc/resolv.conf of containers.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

check "localhost and the hostname resolve" engine run names --hostname box -- \
	sh -c 'grep -q "127.0.0.1.*localhost" /etc/hosts && grep -qw box /etc/hosts'
check "the C library finds the hostname" engine run names --hostname box -- hostname -i
engine run resolver --net host -- cat /etc/resolv.conf
check_eq "with the host's network the resolver is the host's" \
	"$(engine logs resolver)" "$(cat /etc/resolv.conf 2>/dev/null || echo '# this container reaches no name server')"
# shellcheck disable=SC2016 # the container expands it
check "the files cannot be written" engine run write -- \
	sh -c 'for f in hosts hostname resolv.conf; do ! echo x >>/etc/$f || exit; done'
echo "127.0.0.1 mine" >"$TEST_DIR/hosts"
check "a volume takes the place of a file" \
	engine run own -v "$TEST_DIR/hosts:/etc/hosts" -- grep -qw mine /etc/hosts
mkdir "$TEST_DIR/bare"
mkdir "$TEST_DIR/bare/bin"
cp "$PURSER_BIN/cpu_hog" "$TEST_DIR/bare/bin/"
check "a root without /etc starts" engine start bare "$TEST_DIR/bare" -- /bin/cpu_hog 1000
check "no /etc is made in it" test ! -e "$TEST_DIR/bare/etc"
check_eq "the run folder has the files" \
	"$(cd "$RUN_DIR/containers/bare" && ls -d hosts hostname resolv.conf 2>&1)" \
	$'hostname\nhosts\nresolv.conf'
check "it is stopped" engine stop bare --time 0
check "the run folder goes with it" wait_for test ! -e "$RUN_DIR/containers/bare"

ktap_end
