#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Registration by the name of a program and by a cgroup, the warning about a worker, and
# waiting for execve().

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

# A server whose worker runs the same program under the same name.
cp "$(command -v bash)" "$TEST_DIR/purser-serv"
mkfifo "$TEST_DIR/server" "$TEST_DIR/never"
cat >"$TEST_DIR/serve" <<'END'
(exec 9>&-; read -r _ <>"$1/never") &
echo "$! $$" >"$1/server"
wait
END

# server - start it; set SERVER and WORKER
server() {
	"$TEST_DIR/purser-serv" "$TEST_DIR/serve" "$TEST_DIR" &
	at_exit end_process $!
	read -r -t "$WAIT_CAP" WORKER SERVER <"$TEST_DIR/server"
	at_exit kill_worker "$WORKER"
}

kill_worker() { kill -KILL "$1" 2>/dev/null || true; }

server || ktap_bail "no server"

# --- --comm ---

check_match "--comm registers a process" "$(purserctl register web --comm purser-serv --soft-mib 500)" \
	'^[0-9]+$'
check_eq "it is the one that the worker descends from" \
	"$(value web /pid /processes /soft_limit)" "$SERVER 2 524288000"
purserctl unregister web
first=$SERVER first_worker=$WORKER
server || ktap_bail "no second server"
pids=$(printf '%s\n' "$first" "$SERVER" | sort -n | paste -sd ' ')
refused "two that do not descend from each other are refused" 1 \
	"cannot register \"web\": 2 processes are called \"purser-serv\" and do not descend from each other (${pids/ /, }): give one PID" \
	purserctl register web --comm purser-serv
refused "a name that no process has is refused" 1 \
	'cannot register "web": no processes are called "purser-none"' \
	purserctl register web --comm purser-none

# --- A worker by its PID ---

purserctl register worker "$first_worker" >"$TEST_DIR/out" 2>"$TEST_DIR/err"
check_match "a worker is registered" "$(<"$TEST_DIR/out")" '^[0-9]+$'
check_eq "with a warning about its parent" "$(<"$TEST_DIR/err")" \
	"purserctl: process $first_worker is a child of process $first, which runs the same program (purser-serv): that one and its other children are not in the container"
purserctl unregister worker
check_eq "there is no warning about the server" \
	"$(purserctl register server "$first" 2>&1 >/dev/null)" ""
purserctl unregister server

# --- --cgroup ---

for top in /sys/fs/cgroup /sys/fs/cgroup/unified; do
	[ ! -w "$top/cgroup.procs" ] || break
done
remove_cgroup() {
	local pid

	while read -r pid; do
		echo "$pid" >"$top/cgroup.procs"
	done < <(cat "$1/cgroup.procs" "$1/below/cgroup.procs")
	rmdir "$1/below" "$1"
}
folder=$top/purser-test-register
if [ -w "$top/cgroup.procs" ] && mkdir -p "$folder/below"; then
	at_exit remove_cgroup "$folder"
	refused "an empty cgroup is refused" 1 \
		"cannot register \"web\": no processes are in the cgroup \"$folder\"" \
		purserctl register web --cgroup "$folder"
	echo "$first_worker" >"$folder/cgroup.procs"
	echo "$first" >"$folder/below/cgroup.procs"
	check "--cgroup registers a process" purserctl register web --cgroup "$folder"
	check_eq "it is the one that others descend from, though it is in a cgroup below" \
		"$(value web /pid /processes)" "$first 2"
	purserctl unregister web
	check "a path as in /proc/PID/cgroup is taken" \
		purserctl register web --cgroup "$(sed -n 's/^0:://p' "/proc/$first_worker/cgroup")"
	check_eq "it is the same process" "$(value web /pid)" "$first"
	purserctl unregister web
	echo "$SERVER" >"$folder/cgroup.procs"
	check_status "two processes that do not descend from each other are refused" 1 \
		purserctl register web --cgroup "$folder"
	check_match "the message names both" "$OUTPUT" "2 processes are in the cgroup .* \\(${pids/ /, }\\)"
else
	ktap_skip "--cgroup registers a process" "cgroup v2 is not mounted"
fi
refused "a cgroup that is not there is refused" 1 \
	'cannot register "web": cgroup "/no/such": No such file or directory' \
	purserctl register web --cgroup /no/such

# --- --wait-exec ---

SPAWN=$PURSER_BUILD/tests/bin/kmod/spawn

# held COMMAND... - a process in a namespace of its own, which calls execve() when it gets
# SIGUSR1; set PID
held() {
	rm -f "$TEST_DIR/held"
	mkfifo "$TEST_DIR/held"
	"$SPAWN" --pidns --hold "$@" >"$TEST_DIR/held" 2>&1 &
	at_exit end_process $!
	exec 5<"$TEST_DIR/held"
	read -r -t "$WAIT_CAP" -u 5 PID
}

is_listening() { [ "$(find "/proc/$1/fd" -lname 'socket:*' | wc -l)" -ge 2 ]; }

# register_held NAME - register it with --wait-exec in the background
register_held() {
	purserctl register "$1" "$PID" --wait-exec >"$TEST_DIR/$1" 2>&1 &
	REGISTERING=$!
	at_exit end_process "$REGISTERING"
	wait_for is_listening "$REGISTERING"
}

registered() {	# registered NAME - set REPLY to "STATUS OUTPUT" of register_held
	local status=0

	wait "$REGISTERING" || status=$?
	REPLY="$status $(<"$TEST_DIR/$1")"
}

held sleep 1000 || ktap_bail "no process"
check "--wait-exec waits" register_held late
check_eq "the container is starting meanwhile" "$(value late /state)" starting
kill -USR1 "$PID"
registered late
check_match "after execve() the id is printed" "$REPLY" '^0 [0-9]+$'
check_eq "the container runs" "$(value late /state)" running
kill -KILL "$PID"

held sleep 1000 || ktap_bail "no process"
check "a second one waits" register_held dead
kill -KILL "$PID"
registered dead
check_eq "the end of the process ends it" "$REPLY" \
	'1 purserctl: "dead" ended before it called execve(): killed(SIGKILL)'

held sleep 1000 || ktap_bail "no process"
check "a third one waits" register_held taken
purserctl unregister taken
registered taken
check_eq "so does unregistering it" "$REPLY" \
	'1 purserctl: "taken" was unregistered before it called execve()'
kill -KILL "$PID"

check_match "for a running program, it does not wait" \
	"$(purserctl register now "$SERVER" --wait-exec)" '^[0-9]+$'
purserctl unregister now
for name in late dead; do
	wait_for has "$name" /state exited
	purserctl unregister "$name"
done

ktap_end
