#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# The options of "engine run" that set the limits, the name and the environment of a
# container's first process.

. "$(dirname "$0")/engine.sh"

require_module
require_supervisor

# prints NAME TEXT OPTION... -- COMMAND... - check what a container prints
prints() {
	local name=$1 want=$2 out

	shift 2
	out=$(engine run opt "$@" 2>&1 >/dev/null) || true
	check_eq "$name" "$(engine logs opt)$out" "$want"
}

# shellcheck disable=SC2016 # the containers expand them
prints "--hostname sets the hostname and HOSTNAME" $'box.example\nbox.example' \
	--hostname box.example -- sh -c 'hostname; echo $HOSTNAME'
# shellcheck disable=SC2016
prints "without it the id is both" $'opt\nopt' -- sh -c 'hostname; echo $HOSTNAME'
prints "--ulimit sets soft and hard limit" $'100\n200' \
	--ulimit nofile=100:200 -- sh -c 'ulimit -Sn; ulimit -Hn'
prints "--ulimit can raise a limit above the supervisor's" 1048576 \
	--ulimit nofile=1048576 -- sh -c 'ulimit -Hn'
prints "the last --ulimit of a name counts" 0 --ulimit core=5 --ulimit core=0 -- \
	sh -c 'ulimit -c'
prints "--oom-score-adj is the first process's" 500 --oom-score-adj 500 -- \
	cat /proc/self/oom_score_adj
prints "it may be below 0" -900 --oom-score-adj -900 -- cat /proc/self/oom_score_adj
prints "the default is 0" 0 -- cat /proc/self/oom_score_adj
prints "-w is --cwd" /tmp -w /tmp -- pwd
prints "--workdir is --cwd" /tmp --workdir /tmp -- pwd

printf '# comment\n\nA=file\nB=b c\n' >"$TEST_DIR/env"
# shellcheck disable=SC2016
prints "--env-file sets variables, and -e replaces them" $'option\nb c' \
	-e A=option --env-file "$TEST_DIR/env" -- sh -c 'echo "$A"; echo "$B"'

# shellcheck disable=SC2016
A=caller prints "a variable without a value has that of the caller" $'caller\nnone' \
	-e A -e NOT_SET -- sh -c 'echo "$A"; echo "${NOT_SET-none}"'

check "a container with sizes starts" \
	engine start sized --soft 20m -m 0.03125g --memory-max 128m --pids-limit 9 -- \
	sleep 1000
check_eq "the kernel has the limits" \
	"$(value sized /soft_limit /hard_limit /memory_max /pids_max)" \
	"$((20 << 20)) $((32 << 20)) $((128 << 20)) 9"
check "it is stopped" engine stop sized --time 0

ktap_end
