#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# "engine exec": a command in a running container has what the container has, counts as a
# process of it, and ends with it. It works without a supervisor.
#
# shellcheck disable=SC2016 # the containers expand these words

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

forever='echo up; while :; do sleep 1000; done'
start() {
	engine start "$@" >/dev/null && wait_for log_has "$1" up
}

start web --env COLOR=blue --cwd /tmp -- sh -c "$forever"

# --- Output, input, exit code ---

check_status "exec exits with the code of the command" 7 \
	engine exec web sh -c 'echo out; echo err >&2; exit 7'
check_eq "its output and errors come" "$(sort <<<"$OUTPUT")" $'err\nout'
check_status "a signal gives 128 + N" 143 engine exec web sh -c 'kill -TERM $$'
check_eq "-i passes the input on" "$(echo text | engine exec -i web cat)" text
check_eq "without -i the input stays the caller's" \
	"$(printf 'one\ntwo\n' | { engine exec web cat; cat; })" $'one\ntwo'
check_status "a command that is missing" 127 engine exec web nosuch
check_eq "has its error" "$OUTPUT" \
	"engine: cannot run \"nosuch\": executable file not found in the container's root"
check_status "a command that cannot be executed" 126 engine exec web /tmp
check_status "more options behind the command are its own" 0 engine exec web echo -i -t
check_eq "they come to it" "$OUTPUT" "-i -t"

# --- What the command has ---

namespaces='for n in pid mnt uts ipc cgroup net user; do readlink /proc/PID/ns/$n; done'
check_eq "the command is in all namespaces of the container" \
	"$(engine exec web sh -c "${namespaces//PID/self}")" \
	"$(engine exec web sh -c "${namespaces//PID/1}")"
status='grep -E "^(Cap|NoNewPrivs|Seccomp:)" /proc/PID/status'
check_eq "it has capabilities, no_new_privs and a filter as the container" \
	"$(engine exec web sh -c "${status//PID/self}")" \
	"$(engine exec web sh -c "${status//PID/1}")"
check_match "the filter is in force" "$(engine exec web unshare -n true 2>&1)" \
	'not permitted|not found'
check_eq "it has the limits of the container" \
	"$(engine exec web cat /proc/self/limits)" "$(engine exec web cat /proc/1/limits)"
check_eq "it has the limits of the container, not those of the caller" \
	"$(ulimit -n 100; engine exec web sh -c 'ulimit -n')" \
	"$(engine exec web awk '/open files/ { print $4 }' /proc/1/limits)"
check_eq "it has the scheduling and the OOM score of the container" \
	"$(nice -n 7 engine exec web sh -c 'cat /proc/self/oom_score_adj; cut -d " " -f 19 /proc/self/stat')" \
	"$(engine exec web sh -c 'cat /proc/1/oom_score_adj; cut -d " " -f 19 /proc/1/stat')"
check_eq "it has the environment and the working directory of the start" \
	"$(engine exec web sh -c 'echo $COLOR $HOSTNAME $HOME; pwd')" $'blue web /root\n/tmp'
check_eq "-e and -w change them" \
	"$(engine exec -e COLOR=red -e A=b -w / web sh -c 'echo $COLOR $A; pwd')" $'red b\n/'
check_eq "-u changes the user" "$(engine exec -u 12:34 web sh -c 'id -u; id -g')" $'12\n34'
check_eq "another user has no capability" \
	"$(engine exec -u 12 web grep CapEff /proc/self/status)" $'CapEff:\t0000000000000000'
check_eq "it is in the cgroup of the container" "$(engine exec web cat /proc/self/cgroup)" "0::/"
check_eq "the command has no file of the caller" \
	"$(exec 5<"$0"; engine exec web sh -c 'for f in /proc/$$/fd/*; do readlink $f; done' |
		sed 's/:\[.*//' | sort -u)" $'/dev/null\npipe'

# --- Counted, bounded, ending with the container ---

before=$(value web /processes)
engine exec web sleep 1000 &
EXEC=$!
check "the kernel counts the command" wait_for value_is web /processes $((before + 1))
check_eq "it is in the container's cgroup" \
	"$(for p in $(</sys/fs/cgroup/purser/web/cgroup.procs); do cat "/proc/$p/comm"; done |
		grep -c sleep)" 2
kill -TERM $EXEC
wait $EXEC
check_eq "a signal to exec comes to the command" $? 143
check "the kernel does not count it any more" wait_for value_is web /processes "$before"

start small --soft-mib 8 --hard-mib 16 -- sh -c "$forever"
check_status "the memory of the command counts" 137 engine exec small memory_hog 4 10
check "it was the hard limit" wait_for value_is small /reason hard_limit_killed

engine exec web sh -c 'sleep 1000 & sleep 1000 & sleep 1000' &
EXEC=$!
wait_for value_is web /processes $((before + 4))
kill -STOP $EXEC
check "a container ends while the caller of exec is stopped" \
	engine stop web --time 0
kill -CONT $EXEC
wait $EXEC
check_eq "the command ends with it" $? 137

# --- Refusals ---

refused "a container that has ended" 125 \
	'container "web" has ended already: stopped, forced, no handler, signal SIGKILL' \
	engine exec web true
refused "an unknown container" 125 'no container "nosuch"' engine exec nosuch true
refused "an id that cannot be one" 125 'no container "../x"' engine exec ../x true
refused "no command" 125 'exec: no COMMAND given' engine exec web
refused "-d with -t" 125 \
	'exec: --detach cannot be combined with --interactive and --tty: nobody would hold the other side' \
	engine exec -dt web true
refused "a working directory that is relative" 125 \
	'exec: --workdir: "tmp" is not an absolute path' engine exec -w tmp web true
sleep 1000 &
OTHER=$!
purserctl register other $OTHER >/dev/null
refused "a container of another program" 125 \
	'container "other" was started by another program, which engine does not know' \
	engine exec other true
kill $OTHER

# --- Its environment ---

printf 'A=file\nB=b\nC\n' >"$TEST_DIR/env"
start env -- sh -c "$forever"
# shellcheck disable=SC2016 # the container expands it
check_eq "--env-file, --env, and the caller's values" \
	"$(C=caller D=own engine exec --env-file "$TEST_DIR/env" -e A=option -e D -e NOT_SET \
		env sh -c 'echo $A $B $C $D ${NOT_SET-none}')" "option b caller own none"
engine stop env --time 0 >/dev/null

# --- A terminal ---

start tty -- sh -c "$forever"
mkfifo "$TEST_DIR/in" && exec {INPUT}<>"$TEST_DIR/in"
text=$(script -qec "stty rows 25 cols 77; engine exec -it tty sh -c 'stty size; tty; exit 4'" \
	/dev/null <&"$INPUT")
check_eq "-it gives a terminal with the size of ours" \
	"$? $(tr -d '\r' <<<"$text")" $'4 25 77\n/dev/pts/0'
text=$(script -qec "stty -a >$TEST_DIR/1; engine exec -it tty true; stty -a >$TEST_DIR/2" \
	/dev/null <&"$INPUT")
check_eq "the mode of our terminal is restored" "$(<"$TEST_DIR/2")" "$(<"$TEST_DIR/1")"
cat >"$TEST_DIR/job" <<END
set -m
engine exec -it tty sleep 1000 &
sleep 2
stty -a >$TEST_DIR/2
jobs >$TEST_DIR/jobs
kill %1
wait
END
script -qec "bash $TEST_DIR/job" /dev/null <&"$INPUT" >/dev/null
check_match "a job in the background is stopped" "$(<"$TEST_DIR/jobs")" 'Stopped'
check_match "a job in the background does not make it raw" "$(<"$TEST_DIR/2")" ' icanon'
check_eq "-t without a terminal of ours works, too" \
	"$(engine exec -t tty tty </dev/null | tr -d '\r')" "/dev/pts/0"
lines=0
while read -r _; do
	lines=$((lines + 1))
done < <(engine exec -t tty seq 1 20000 </dev/null)
check_eq "a slow reader gets all output" "$lines" 20000

# --- What a container may try ---

check "a container replaces its shell and its users" \
	engine exec tty sh -c 'rm /bin/env; printf "#!/bin/sh\necho false\n" >/bin/env
		chmod +x /bin/env; mkfifo /etc/passwd 2>/dev/null || { rm /etc/passwd; mkfifo /etc/passwd; }'
check_eq "exec runs what is there, in the container" "$(engine exec tty env)" false
check_status "a FIFO in place of its users does not block exec" 125 \
	engine exec -u 5 tty true
check_eq "it says why" "$OUTPUT" \
	"engine: cannot run as user \"5\": cannot read the container's /etc/passwd: Invalid argument"
check "stdout that is closed is no error" eval 'engine exec tty echo text >&-'
check_status "a reader that goes away ends the command by SIGPIPE" 141 eval \
	'engine exec tty sh -c "while echo x; do :; done" | head -n 1 >/dev/null'

start spy -- sh -c 'echo up; while :; do
	for p in /proc/[0-9]*; do readlink $p/exe $p/cwd $p/root $p/fd/* $p/ns/mnt; tr "\0" "\n" <$p/environ; done
done >/seen 2>/dev/null'
for _ in 1 2 3 4 5 6 7 8; do
	engine exec -e SEEN=yes spy true
done
check_match "a container can look at its processes" "$(engine exec spy cat /seen)" HOSTNAME=spy
check_no_match "but it sees no file of engine while a command starts" \
	"$(engine exec spy cat /seen)" 'bin/engine|PURSER'
check "stop" engine stop spy --time 0

start full --pids-max 3 -- sh -c 'sleep 1000 & sleep 1000 & echo up; wait'
check_status "a container without room for a process" 125 engine exec full true
check_match "says so" "$OUTPUT" 'cannot make a process .*Resource temporarily unavailable'
check "stop" engine stop full --time 0

# --- Containers with privileges of their own ---

echo '{"defaultAction":"SCMP_ACT_ALLOW","syscalls":[{"names":["mkdir","mkdirat"],"action":"SCMP_ACT_ERRNO"}]}' \
	>"$TEST_DIR/profile.json"
start odd --user 7:8 --cap-add NET_RAW --cap-drop CHOWN --hostname strange \
	--security-opt "seccomp=$TEST_DIR/profile.json" -- sh -c "$forever"
check_eq "the command has the user and the hostname of the start" \
	"$(engine exec odd sh -c 'id -u; id -g; echo $HOSTNAME')" $'7\n8\nstrange'
check_eq "it has the capabilities of the start" \
	"$(engine exec odd sh -c "${status//PID/self}")" \
	"$(engine exec odd sh -c "${status//PID/1}")"
check_match "it has the profile of the start" \
	"$(engine exec -u 0 odd mkdir /tmp/x 2>&1)" 'not permitted'
start free --privileged -- sh -c "$forever"
check_status "a command cannot make a device" 1 engine exec tty mknod /tmp/null c 1 3
check "a command in a privileged container is privileged" \
	engine exec free mknod /tmp/null c 1 3
check "stop both" engine stop odd free --time 0

# --- Detached ---

check "-d returns when the command runs" engine exec -d tty sh -c 'sleep 1; echo x >/tmp/done; sleep 1000'
check "the command goes on" wait_for engine exec tty test -e /tmp/done
check_status "-d has the errors of the start" 127 engine exec -d tty nosuch

# --- Without a supervisor ---

start alone --env COLOR=green -- sh -c "$forever"
die
check_eq "exec needs no supervisor" "$(engine exec alone sh -c 'echo $COLOR')" green
rm -r "$STATE_DIR"/.requests
check_eq "without the request it has the usual environment" \
	"$(engine exec alone sh -c 'echo "<$COLOR>" $HOME')" "<> /root"
next
check "the next supervisor stops the container" engine stop alone --time 0
check "and the other" engine stop tty --time 0

ktap_end
