# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# What the tests in this folder share. Comes after kselftest.sh.
# shellcheck disable=SC2034 # what is not used here is used by them

JSON=$PURSER_BUILD/tests/bin/purserctl/json
OCI_ROOT=$TEST_DIR/oci

# oci ARGUMENT... - purser-oci with state folders of the test's own
oci() {
	purser-oci --root "$OCI_ROOT" "$@"
}

# remove_containers - remove all that the test has left
remove_containers() {
	local dir

	for dir in "$OCI_ROOT"/*/; do
		[ -d "$dir" ] || continue
		oci delete --force "$(basename "$dir")" || return
	done
}

# require_oci - load the module, make a root, or skip
require_oci() {
	require_machine
	require_engine
	grep -qw memory /sys/fs/cgroup/cgroup.controllers 2>/dev/null ||
		ktap_skip_all "cgroup v2 has no memory controller here"
	require_module "$@"
	ROOT=$TEST_DIR/root
	make_busybox_root "$ROOT" || ktap_bail "cannot make a root"
	at_exit remove_containers
}

# quoted WORD... - the words as the items of a JSON array; they hold no control characters
quoted() {
	local word list=

	for word; do
		word=${word//\\/\\\\}
		list+="\"${word//\"/\\\"}\","
	done
	printf '%s' "${list%,}"
}

# The parts of a bundle that a test may change before it calls bundle. Each is a part of
# the JSON text and ends in a comma, or is empty.
PROCESS=	# more fields of "process"
LINUX=		# more fields of "linux"
RESOURCES=	# fields of "linux.resources", without a comma at the end
NAMESPACES='{"type":"pid"},{"type":"ipc"},{"type":"uts"},{"type":"mount"},{"type":"cgroup"},{"type":"network"}'
TOP=		# more fields of the configuration
MOUNTS=		# more mounts
CAPS='"CAP_CHOWN","CAP_KILL","CAP_SETUID","CAP_SETGID","CAP_SYS_CHROOT"'

# bundle NAME COMMAND... - make the bundle BUNDLE, for a process that runs the command
bundle() {
	BUNDLE=$TEST_DIR/bundle-$1
	shift
	mkdir -p "$BUNDLE" || return
	cat >"$BUNDLE/config.json" <<-EOF
		{"ociVersion":"1.0.2","hostname":"box",$TOP
		"root":{"path":"$ROOT"},
		"process":{"args":[$(quoted "$@")],"cwd":"/",$PROCESS
			"env":["PATH=/bin:/usr/bin","HOME=/root"],
			"user":{"uid":0,"gid":0},"noNewPrivileges":true,
			"capabilities":{"bounding":[$CAPS],"effective":[$CAPS],"permitted":[$CAPS]}},
		"mounts":[
			{"destination":"/proc","type":"proc","source":"proc"},
			{"destination":"/dev","type":"tmpfs","source":"tmpfs","options":["nosuid","strictatime","mode=755","size=65536k"]},
			{"destination":"/dev/pts","type":"devpts","source":"devpts","options":["nosuid","noexec","newinstance","ptmxmode=0666","mode=0620","gid=5"]},
			$MOUNTS
			{"destination":"/sys","type":"sysfs","source":"sysfs","options":["nosuid","noexec","nodev","ro"]}],
		"linux":{$LINUX
			"resources":{$RESOURCES},
			"namespaces":[$NAMESPACES],
			"maskedPaths":["/proc/kcore","/proc/timer_list","/sys/firmware"],
			"readonlyPaths":["/proc/sys","/proc/sysrq-trigger"]}}
	EOF
}

# status ID - its status, as "state" prints it
status() {
	oci state "$1" | "$JSON" /status
}

# is STATUS ID - for wait_for
is() {
	[ "$(status "$2")" = "$1" ]
}

# record ID POINTER... - of the kernel's record
record() {
	local id=$1

	shift
	purserctl show "$id" --json | "$JSON" "$@"
}

# create ID [OPTION...] - the container of BUNDLE; its output goes to OUT
create() {
	local id=$1

	shift
	OUT=$TEST_DIR/out-$id
	oci create --bundle "$BUNDLE" "$@" "$id" </dev/null >"$OUT" 2>&1
}

# start ID COMMAND... - make and start a container
start() {
	local id=$1

	shift
	bundle "$id" "$@" && create "$id" && oci start "$id"
}

# leaves_nothing ID - neither state folder nor cgroup nor live record
leaves_nothing() {
	[ ! -e "$OCI_ROOT/$1" ] &&
		! find /sys/fs/cgroup -name "$1" | grep -q . &&
		! purserctl list --json | grep -q "\"name\":\"$1\",.*\"state\":\"running\""
}
