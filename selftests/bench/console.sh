# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Keeps the kernel's messages off the console while a benchmark runs; to be sourced. A
# serial console is slow: each message would be part of the time that is measured.

printk=/proc/sys/kernel/printk
ignore=/sys/module/printk/parameters/ignore_loglevel

# be_quiet - let only fatal messages through to the console, until be_loud
be_quiet() {
	was_printk=$(<"$printk")
	was_ignore=$(<"$ignore")
	echo N >"$ignore"
	echo 3 >"$printk"
}

be_loud() {
	[ "${was_printk:-}" ] || return 0
	echo "$was_printk" >"$printk"
	echo "$was_ignore" >"$ignore"
}
