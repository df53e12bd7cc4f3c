# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=bash
#
# Prints which machine a benchmark runs on; to be sourced.

cpu() {
	sed -n 's/^model name[[:space:]]*: //p' /proc/cpuinfo | head -n 1
}

accel() {
	if [ "${PURSER_ACCEL:-}" ]; then
		echo "$PURSER_ACCEL"
	elif [ "${PURSER_VM:-}" ]; then
		echo "a virtual machine"
	else
		echo native
	fi
}

# machine_info PART [NAME VALUE]... - print lines for report.awk
machine_info() {
	local part=$1

	shift
	printf "info\t$part\t%s\t%s\n" \
		kernel "$(uname -rv)" \
		cpu "$(cpu)" \
		cpus "$(nproc)" \
		accelerator "$(accel)" \
		"memory, KiB" "$(awk '/^MemTotal:/ { print $2 }' /proc/meminfo)" \
		"$@"
}
