#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Requests that are malformed, of each kind and for each command: the errno, the
# words, the attribute that the kernel points at. See validate.c; what is wrong
# with requests that are well formed is in ../kmod/test_requests.sh.

. "$(dirname "$0")/../lib/kselftest.sh"

require_module
mapfile -t lines < <("$PURSER_TEST_BIN/validate" 2>&1; echo "status $?")
check_match "a process is registered" "${lines[0]}" '^registered [0-9]+$'
unlooked=
kernel_is_since 6 1 || unlooked='bits in the headers that mean nothing'
for line in "${lines[@]:1}"; do
	if [[ $unlooked && $line == *": $unlooked"* ]]; then
		line=${line#not }
		line=${line#ok }
		ktap_skip "${line%%: *}: $unlooked" \
			"the kernel looks at them since 6.1"
		continue
	fi
	case $line in
	'ok '*) ktap_pass "${line#ok }" ;;
	'not ok '*)
		line=${line#not ok }
		ktap_fail "${line%%: *}:$(cut -d: -f2 <<<"$line")" "$line"
		;;
	esac
done
check_eq "all was asked" "${lines[-1]}" "status 0"

# The child has died with its parent, for no reason that has to do with these.
has_ended() {
	purserctl list --json | grep -q '"state":"exited","reason":"killed"'
}
check "none of that has ended the container" wait_for has_ended
check_eq "or has changed the table" \
	"$(purserctl events --json | grep -o '"event":"[a-z_]*"' | tr '\n' ' ')" \
	'"event":"registered" "event":"exited" '

check "the module unloads" wait_for unload_module
ktap_end
