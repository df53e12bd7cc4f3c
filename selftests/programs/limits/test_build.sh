#!/bin/bash
# SPDX-License-Identifier: GPL-2.0
#
# A build reads and writes more data than memory.max allows. The kernel reclaims its page
# cache, so the build does not die.
#
# timeout: 1800

. "$(dirname "$0")/../programs.sh"

require_programs

# shellcheck disable=SC2016
script='set -e
mkdir /tmp/src && cd /tmp/src
i=0
while [ $i -lt 40 ]; do
	{
		echo "#include <stdio.h>"
		echo "int f$i(int n) { printf(\"%d\", n); return n * $i; }"
		echo "static const char text_$i[] __attribute__((used)) = {"
		echo "#include \"large.inc\""
		echo "};"
	} >file$i.c
	i=$((i + 1))
done
head -c 20000 /dev/urandom | od -An -v -td1 | sed "s/\([0-9]\) /\1,/g; s/\$/,/" >large.inc
printf "%s\n" "all: \$(patsubst %.c,%.o,\$(wildcard *.c))" "%.o: %.c" \
	"	gcc -O1 -g -c -o \$@ \$<" >Makefile
make -j4 all
cat *.o *.c large.inc >/tmp/all.tar
for i in 1 2 3 4 5; do
	dd if=/dev/zero of=/tmp/big.$i bs=1M count=64 2>/dev/null
done
for i in 1 2 3 4 5; do
	cat /tmp/big.$i >/dev/null
done
ls *.o | wc -l
echo "the build is done"
exec sleep 100000'

check "the container of the build starts" \
	engine start build --soft-mib 120 --hard-mib 128 -- sh -c "$script"
check "the build completes" watch_for build "the build is done"
check "the build made 40 objects" has_said build 40
cgroup=/sys/fs/cgroup/purser/build
check_lives build
check "the build reached memory.max, and the kernel reclaimed page cache" test \
	"$(sed -n 's/^max //p' "$cgroup/memory.events")" -gt 0

ktap_end
