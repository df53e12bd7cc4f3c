#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# Apache serves requests with 150 processes, its default maximum, under the default
# limits of a container.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

script='set -e
mkdir -p /run/apache2 /tmp/www
head -c 20000 /dev/zero | tr "\0" x >/tmp/www/index.html
cat >/tmp/apache.conf <<END
ServerRoot /usr/lib/apache2
ServerName localhost
PidFile /run/apache2/pid
Mutex file:/run/apache2 default
Listen 127.0.0.1:8080
User www-data
Group www-data
ErrorLog /dev/stderr
LoadModule mpm_prefork_module modules/mod_mpm_prefork.so
LoadModule authz_core_module modules/mod_authz_core.so
LoadModule dir_module modules/mod_dir.so
LoadModule mime_module modules/mod_mime.so
LoadModule ssl_module modules/mod_ssl.so
LoadModule socache_shmcb_module modules/mod_socache_shmcb.so
LoadModule rewrite_module modules/mod_rewrite.so
LoadModule proxy_module modules/mod_proxy.so
LoadModule deflate_module modules/mod_deflate.so
LoadModule filter_module modules/mod_filter.so
TypesConfig /etc/mime.types
DocumentRoot /tmp/www
StartServers 150
MinSpareServers 150
MaxSpareServers 150
MaxRequestWorkers 150
END
exec /usr/sbin/apache2 -DFOREGROUND -f /tmp/apache.conf'

# answers - the server answers a request
answers() {
	engine run client --net host -- ab -q -n 1 http://127.0.0.1:8080/
}

processes_are() {	# processes_are N
	[ "$(field apache /processes)" -eq "$1" ]
}

ip link set lo up
check "the container of apache starts" engine start apache --net host -- \
	sh -c "$script"
check "apache starts 150 processes" wait_for processes_are 151
check "apache answers a request" wait_for answers
check "ab sends 3000 requests, 150 at a time" \
	engine run client --net host --log-driver raw -- \
	ab -q -n 3000 -c 150 http://127.0.0.1:8080/
check_match "no request failed" "$(engine logs client)" \
	'Complete requests: +3000'$'\n''Failed requests: +0'
check "apache still has its 151 processes" processes_are 151
check_lives apache
check "rss, which counts a shared page once for each process, was above the limit" \
	test "$RSS" -gt $((64 * MIB))

ktap_end
