# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see density.awk.

function print_cells(   i, c) {
	printf "\n%-16s %10s %9s  %10s %12s  %12s %12s\n", "Idle containers", "",
		"", "PSS,", "PSS, KiB", "kernel, KiB", "all, KiB"
	printf "%-16s %10s %9s  %10s %12s  %12s %12s\n", "side", "containers",
		"processes", "KiB", "a container", "a container", "a container"
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%-16s %10d %9d  %10d %12.1f  %12.1f %12.1f\n", title[side[c]],
			count[c], processes[c], pss[c], pss[c] / count[c],
			kernel[c] / count[c], all[c] / count[c]
	}
	print "PSS: of all processes that are there beside those of the containers. kernel: slabs,"
	print "stacks, page tables and memory for each CPU, after its caches were dropped. all: the"
	print "difference of MemAvailable, with the process in the container and what it has mapped."
}

function print_all() {
	print_info()
	print_cells()
	print_targets()
}
