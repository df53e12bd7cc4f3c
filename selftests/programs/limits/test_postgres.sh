#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# PostgreSQL runs with Debian's settings (128 MiB of shared buffers) under pgbench with 20
# clients, then 90. "usage" counts the page cache of its 140 MiB of tables up to the sum
# of the file pages that its processes map. The limit leaves room for that.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

cat >"$TEST_DIR/disk/script" <<'END' || ktap_bail "cannot write the script"
set -e
mkdir -p /run/postgresql
chown postgres /run/postgresql
as() {
	setpriv --reuid postgres --regid postgres --init-groups "$@"
}
cd /tmp
bin=/usr/lib/postgresql/15/bin
as $bin/pg_ctl -D /var/lib/postgresql/15/main -w -t 600 -l /tmp/postgres.log \
	-o '-c config_file=/etc/postgresql/15/main/postgresql.conf' start
as $bin/createdb bench
as $bin/pgbench -q -i -s 8 bench
as $bin/psql -q -c 'create extension pg_prewarm' bench
as $bin/psql -q -t -c "select pg_prewarm('pgbench_accounts')" bench
echo "pgbench begins"
as $bin/pgbench -c 20 -j 2 -t 100 bench
as $bin/pgbench -S -c 90 -j 2 -t 20 bench
echo "pgbench is done"
exec sleep 100000
END

start() {
	engine start postgres --soft-mib 512 --hard-mib 640 -- \
		sh -c "$(<"$TEST_DIR/disk/script")"
}

check "the container of postgres starts" start
check "both runs of pgbench complete" watch_for postgres "pgbench is done"
check_match "postgres processed all transactions of 20 clients" "$(engine logs postgres)" \
	'transactions actually processed: 2000/2000'
check_match "postgres processed all transactions of 90 clients" "$(engine logs postgres)" \
	'transactions actually processed: 1800/1800'
check_lives postgres
check "rss, which counts the buffers once for each process, was above the limit" \
	test "$RSS" -gt $((640 * MIB))

ktap_end
