#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Hooks: when each kind runs, what it gets, and what becomes of the container if one fails.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/oci.sh"

require_oci

LOG=$TEST_DIR/hooks.log
HOOK=$TEST_DIR/hook
cat >"$HOOK" <<-EOF
	#!/bin/bash
	state=\$(cat)
	status=\$(sed 's/.*"status":"\([a-z]*\)".*/\1/' <<<"\$state")
	pid=\$(sed 's/.*"pid":\([0-9]*\).*/\1/' <<<"\$state")
	echo "\$1 \$status \$([ "\$pid" -gt 0 ] && echo pid) \$HOOKED" >>$LOG
	[ "\$1" != "\${HOOK_FAILS:-}" ] || { echo "no luck" >&2; exit 3; }
EOF
chmod +x "$HOOK"

# createContainer runs in the namespaces of the container, with the files of the host;
# startContainer has the files of the container.
cat >"$TEST_DIR/inside" <<-EOF
	#!/bin/bash
	cat >/dev/null
	mkdir -p "$ROOT/made" && mount -t tmpfs hook "$ROOT/made" && hostname >"$ROOT/made/by-hook"
	echo "createContainer \$(readlink /proc/self/ns/uts)" >>$LOG
EOF
chmod +x "$TEST_DIR/inside"
cat >"$ROOT/bin/begin" <<-EOF
	#!/bin/sh
	echo "startContainer \$(grep -c '"status": *"created"') \$(id -u) \$(cat /made/by-hook)" >/made/log
EOF
chmod +x "$ROOT/bin/begin"

# hooks [FAILING] - TOP with a hook of each kind
hooks() {
	local kind list=

	for kind in prestart createRuntime poststart poststop; do
		list+="\"$kind\":[{\"path\":\"$HOOK\",\"args\":[\"hook\",\"$kind\"],\"env\":[\"PATH=$PATH\",\"HOOKED=yes\",\"HOOK_FAILS=${1:-}\"]}],"
	done
	list+="\"createContainer\":[{\"path\":\"$TEST_DIR/inside\"}],"
	list+="\"startContainer\":[{\"path\":\"/bin/begin\"}],"
	TOP="\"hooks\":{${list%,}},"
}

hooks
bundle one sleep 100000
check "a container with hooks is created" create one
check_eq "prestart, createRuntime and createContainer have run" "$(<"$LOG")" \
	"prestart creating pid yes
createRuntime creating pid yes
createContainer $(readlink "/proc/$(record one /pid)/ns/uts")"
check "it starts" oci start one
check_eq "startContainer has run, and sees what createContainer has mounted" \
	"$(oci exec one cat /made/log)" "startContainer 1 0 box"
check_eq "poststart has run" "$(tail -n +4 "$LOG")" "poststart running pid yes"
check "it is deleted" oci delete --force one
check_eq "poststop has run" "$(tail -n +5 "$LOG")" "poststop stopped  yes"

: >"$LOG"
hooks createRuntime
bundle two sleep 100000
check_status "a createRuntime hook that fails refuses the container" 1 create two
check_match "the message has its status and its output" "$(<"$OUT")" \
	"the createRuntime hook $HOOK failed with exit status 3: no luck"
check "nothing is left of it" leaves_nothing two
check_eq "poststop has run" "$(tail -n 1 "$LOG")" "poststop stopped  yes"

hooks poststart
check "a poststart hook that fails does not stop the container" start three sleep 100000
check_eq "it runs" "$(status three)" running
check "delete" oci delete --force three

TOP="\"hooks\":{\"prestart\":[{\"path\":\"/bin/sleep\",\"args\":[\"sleep\",\"100000\"],\"timeout\":1}]},"
bundle four true
check_status "a hook that takes too long is killed" 1 create four
check_match "and the message says so" "$(<"$OUT")" 'the prestart hook /bin/sleep was killed: it took longer'
check "nothing is left of it" leaves_nothing four

ktap_end
