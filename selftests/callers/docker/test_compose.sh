#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
# timeout: 1800
#
# docker-compose with purser-oci, beside crun.

[ "${PURSER_CALLERS:-}" ] || exec "$(dirname "$0")/../enter" "$(realpath "$0")"
. "$(dirname "$0")/../docker/docker.sh"

require_docker --bridge=none --iptables=false --ip-masq=false
command -v docker-compose >/dev/null || ktap_skip_all "build/callers has no docker-compose"

compose() {
	docker-compose --file "$TEST_DIR/$RUNTIME.yml" --project-name "$RUNTIME" \
		--ansi never "$@"
}

# The containers of the project, and the states that docker sees.
states() {
	docker ps --all --filter "label=com.docker.compose.project=$RUNTIME" \
		--format '{{.State}}' | sort | xargs
}

# The id of the container of a service.
id_of() {
	compose ps --quiet "$1"
}

has_states() {
	[ "$(states)" = "$1" ]
}

is_replaced() {	# is_replaced SERVICE PID
	local pid

	pid=$(inspect "$(id_of "$1")" '{{.State.Pid}}')
	[ "$pid" != 0 ] && [ "$pid" != "$2" ]
}

steps() {
	local web pid

	cat >"$TEST_DIR/$RUNTIME.yml" <<-EOF
		version: "2.4"
		services:
		  web:
		    image: bb
		    command: sleep 1000
		    runtime: $RUNTIME
		    network_mode: host
		    restart: always
		    mem_limit: 64m
		  worker:
		    image: bb
		    command: sh -c 'echo worked; exit 3'
		    runtime: $RUNTIME
		    network_mode: none
		    depends_on: [web]
	EOF
	fact "up" "$(compose up --detach >/dev/null 2>&1; echo $?)" 0
	fact "the worker ends" "$(wait_for has_states 'exited running'; states)" 'exited running'
	fact "logs" "$(compose logs --no-log-prefix worker 2>&1 | grep -c worked)" 1
	web=$(id_of web)
	record "the record of the worker has its exit status" "$(id_of worker)" 'exited 3' \
		/reason /exit_code
	record "the record of web says that it runs" "$web" running /state
	fact "exec" "$(outcome compose exec -T web echo inside)" inside
	pid=$(inspect "$web" '{{.State.Pid}}')
	kill -KILL "$pid"
	fact "a stranger kills web: it is started again" \
		"$(wait_for is_replaced web "$pid"; echo $?)" 0
	record "the table has the new one" "$web" running /state
	fact "stop" "$(compose stop --timeout 1 >/dev/null 2>&1; states)" 'exited exited'
	record "the record says that its manager stopped it" "$web" stopped /reason
	fact "down" "$(compose down >/dev/null 2>&1; states)" ''
	fact "nothing is left" "$(find /sys/fs/cgroup -name "*$web*")" ''
}

in_columns steps
ktap_end
