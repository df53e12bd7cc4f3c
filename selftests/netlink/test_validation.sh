#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Malformed requests of each kind, for each command: the kernel must answer with the right
# errno, message and attribute. See validate.c. ../kmod/test_requests.sh tests requests
# that are well-formed but wrong.

. "$(dirname "$0")/../lib/kselftest.sh"

require_module
mapfile -t lines < <("$PURSER_TEST_BIN/validate" 2>&1; echo "status $?")
check_match "the program registers a process" "${lines[0]}" '^registered [0-9]+$'
unchecked=
kernel_is_since 6 1 || unchecked='refuses reserved bits in the headers'
for line in "${lines[@]:1}"; do
	if [[ $unchecked && $line == *" $unchecked"* ]]; then
		line=${line#not }
		line=${line#ok }
		ktap_skip "${line%%: *}" "the kernel checks them since 6.1"
		continue
	fi
	case $line in
	'ok '*) ktap_pass "${line#ok }" ;;
	'not ok '*)
		line=${line#not ok }
		ktap_fail "${line%%: *}" "$line"
		;;
	esac
done
check_eq "the program ran to its end" "${lines[-1]}" "status 0"

# The registered process died with its parent, validate.c.
has_ended() {
	purserctl list --json | grep -q '"state":"exited","reason":"killed"'
}
check "the refused requests did not end the container" wait_for has_ended
check_eq "the refused requests made no event" \
	"$(purserctl events --json | grep -o '"event":"[a-z_]*"' | tr '\n' ' ')" \
	'"event":"registered" "event":"exited" '

check "the module can be unloaded" wait_for unload_module
ktap_end
