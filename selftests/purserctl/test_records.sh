#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# list, show, register, unregister, set and info, in text and in JSON.

. "$(dirname "$0")/../lib/kselftest.sh"
. "$(dirname "$0")/lib.sh"

require_module

keys=id,name,pid,pidns,state,reason,exit_code,signal,forced,no_handler
keys=$keys,killer,oom_scope,soft_limit,hard_limit,rss,usage,peak,crossed_by,processes,outside,cpu_time
keys=$keys,registered_at,started_at,exited_at,soft_crossings,soft_held

titles='ID +NAME +PID +STATE +REASON +RSS +USAGE +SOFT +HARD +PROCS +AGE'

has_memory() {
	[ "$(value "$1" /rss)" -gt 0 ]
}

# No container.
check_match "an empty list has the titles" "$(purserctl list)" "^$titles\$"
check_eq "an empty list as JSON" "$(purserctl list --json)" "[]"
check_eq "an empty list of a state as JSON" \
	"$(purserctl list --state exited --json)" "[]"
check_eq "info counts no container" \
	"$(purserctl info --json | "$JSON" /live /ended /members)" "0 0 0"

# register
spawn sleep 1000
web=$PID
web_id=$(purserctl register web "$web" --soft-mib 40 --hard-mib 64)
check_match "register prints the id" "$web_id" '^[1-9][0-9]*$'
spawn sleep 1000
other=$PID
check_eq "register --json prints the record" \
	"$(purserctl register --json -- a-much-longer-name.1 "$other" |
		"$JSON" '?keys' /name /pid /state /soft_limit)" \
	"$keys a-much-longer-name.1 $other running 0"

# show
check_eq "show --json prints these keys and values" \
	"$(value web '?keys' /id /name /pid /state /reason /exit_code /signal \
		/forced /no_handler /killer /oom_scope /soft_limit /hard_limit \
		/processes /exited_at /soft_crossings)" \
	"$keys $web_id web $web running none null null false false null null 41943040 67108864 1 null 0"
check_eq "it prints the pid namespace" "pid:[$(value web /pidns)]" \
	"$(readlink /proc/$$/ns/pid)"
check "the container has memory after a while" wait_for has_memory web
check_eq "show --id finds it" \
	"$(purserctl show --id "$web_id" --json | "$JSON" /name)" web
check_eq "show --pid finds it" \
	"$(purserctl show --json --pid "$other" | "$JSON" /name)" \
	a-much-longer-name.1
text=$(purserctl show web)
check_eq "show has a line for each key" \
	"$(awk '{ printf "%s%s", sep, $1; sep = "," }' <<<"$text")" "$keys"
check_match "show prints the soft limit in bytes and MiB" "$text" \
	$'\nsoft_limit +41943040 \\(40\\.0MiB\\)\n'
check_match "a live container has no exit code" "$text" $'\nexit_code +-\n'
check_match "a live container has no time of exit" "$text" $'\nexited_at +-\n'
check_match "a live container has no killer" "$text" $'\nkiller +-\n'

# list
list=$(purserctl list)
check_eq "list has a line for each container, and titles" "$(wc -l <<<"$list")" 3
check_match "a row has these columns" "$list" \
	$'\n'" *$web_id  web +$web  running +- +[0-9.]+MiB +[0-9.]+MiB +40\\.0MiB +64\\.0MiB +1 +[0-9]+s"
check_match "a row without limits has these columns" "$list" \
	"a-much-longer-name.1 +$other  running +- +[0-9.]+MiB +[0-9.]+MiB +- +- +1 "
check_eq "the columns are aligned" \
	"$(awk '{ print index($0, NR == 1 ? "STATE" : "running") }' \
		<<<"$list" | uniq | wc -l)" 1
check_eq "all lines have the same length" \
	"$(awk '{ print length($0) }' <<<"$list" | uniq | wc -l)" 1
check_eq "list --json is in the order of ids" \
	"$(purserctl list --json | "$JSON" '?length' '/0?keys' /0/name /1/name)" \
	"2 $keys web a-much-longer-name.1"
check_eq "list --json has one record on each line" "$(purserctl list --json | wc -l)" 4

# set
check "set changes one limit" purserctl set web --soft-mib 50
check_eq "it prints nothing" "$OUTPUT" ""
check_eq "the other limit is unchanged" "$(value web /soft_limit /hard_limit)" \
	"52428800 67108864"
check "set changes both limits" purserctl set --hard-mib 2 --id "$web_id" --soft-mib 1
check_eq "both limits have changed" "$(value web /soft_limit /hard_limit)" \
	"1048576 2097152"
check "set raises them again" purserctl set web --soft-mib 10 --hard-mib 20
check "set accepts a hard limit below the soft limit" purserctl set web --hard-mib 5
check_eq "the soft limit has become equal to it" "$(value web /soft_limit /hard_limit)" \
	"5242880 5242880"
check "set accepts 0 for no limit" purserctl set --pid "$web" --hard-mib 0 --soft-mib 0
check_eq "the container has no limits" "$(value web /soft_limit /hard_limit)" "0 0"
check_match "show prints that" "$(purserctl show web)" \
	$'\nhard_limit +-\n'

# A container that has ended: selecting by state, and how it ended.
spawn_ready "$ON_SIGNAL" 10 exit 7 || ktap_bail "no process"
check "a third container is registered" purserctl register gone "$PID" --json
kill -USR1 "$PID"
check "it ends" wait_for has gone /state exited
check_eq "its record says how" "$(value gone /reason /exit_code /signal /rss)" \
	"exited 7 null 0"
check_match "so does the list as text" \
	"$(purserctl list)" "gone +$PID  exited +exited\\(7\\) "
check_eq "list --state exited prints only this one" \
	"$(purserctl list --state exited --json | "$JSON" '?length' /0/name)" \
	"1 gone"
check_eq "list --state running prints the others" \
	"$(purserctl list --json --state running | "$JSON" '?length')" 2
check_eq "show --pid does not find an ended container" \
	"$(purserctl show --pid "$PID" 2>&1)" \
	"purserctl: cannot show the container of process $PID: no such container"

# The name is used again. The ended record is found by its id.
old=$(value gone /id)
spawn sleep 1000
check "the name can be used again" purserctl register gone "$PID"
check_eq "the name finds the live container" "$(value gone /state /pid)" "running $PID"
check_eq "the id finds the ended container" \
	"$(purserctl show --id "$old" --json | "$JSON" /state)" exited
kill -SEGV "$PID"
check "a signal ends the container" wait_for has gone /state exited
check_eq "its record has the signal" "$(value gone /reason /exit_code /signal)" \
	"killed null 11"
check_eq "its record has the killer" \
	"$(value gone '/killer?keys' /killer/pid /killer/uid /killer/comm \
		/oom_scope)" "pid,uid,comm $$ 0 ${0##*/} null"
check_match "show prints the killer as text" "$(purserctl show gone)" \
	$'\n'"killer +$$ \\(${0##*/}\\), uid 0"$'\n'"oom_scope +-"$'\n'
check_match "list prints the signal as text" "$(purserctl list --state exited)" \
	"gone +$PID  exited +killed\\(SIGSEGV\\) "
check_match "show prints the signal as text" "$(purserctl show gone)" \
	$'\nsignal +11 \\(SIGSEGV\\)\n'

# The cookie: users without CAP_NET_ADMIN do not see it.
spawn sleep 1000
check "a container with a cookie is registered" "$CLIENT" cookie biscuit "$PID" \
	'{"log":"/x","n":1}'
check_eq "show --json prints the cookie as text" \
	"$(value biscuit /cookie)" '{"log":"/x","n":1}'
check_eq "show prints the cookie" "$(purserctl show biscuit | sed -n 's/^cookie *//p')" \
	'{"log":"/x","n":1}'
check_eq "show --json of another user has no cookie" \
	"$(as_nobody purserctl show biscuit --json | "$JSON" '?keys')" "$keys"
check_eq "list --json of another user has no cookie" \
	"$(as_nobody purserctl list --json --state running |
		"$JSON" '/2?keys' /2/name)" "$keys biscuit"
spawn sleep 1000
check "a container with a binary cookie is registered" \
	"$CLIENT" cookie bytes "$PID" $'\e\xff'
check_eq "show --json prints that cookie in hexadecimal" "$(value bytes /cookie_hex)" 1bff
check_eq "show prints it in hexadecimal" \
	"$(purserctl show bytes | sed -n 's/^cookie_hex *//p')" \
	1bff

# info
check_eq "info --json prints these keys and values" \
	"$(purserctl info --json | "$JSON" '?keys' /live /ended /members \
		/events_dropped /kernel_version)" \
	"live,ended,members,events,events_dropped,ends,kernel_version,module_version,tracepoints 4 2 4 0 $(uname -r)"
check_match "info prints the attached tracepoints" "$(purserctl info)" \
	$'\ntracepoints +sched_process'
check_match "info prints the counters as text" "$(purserctl info)" \
	$'^live +4\nended +2\nmembers +4\nevents +[0-9]+\nevents_dropped +0\nends +exited [0-9]+\n +stopped [0-9]+\n +hard_limit_killed 0\n +killed [0-9]+\n +oom_killed 0\nkernel_version +'"$(uname -r | sed 's/[.+]/\\&/g')"$'\nmodule_version +[0-9.]+\n'

# unregister
check "unregister accepts a live container" purserctl unregister web
check_eq "it prints nothing" "$OUTPUT" ""
check "its process is still alive" kill -0 "$web"
check "unregister --id removes an ended record" purserctl unregister --id "$old"
for name in a-much-longer-name.1 biscuit bytes gone; do
	check "unregister removes $name" purserctl unregister "$name"
done
check_eq "the list is empty again" "$(purserctl list --json)" "[]"

ktap_end
