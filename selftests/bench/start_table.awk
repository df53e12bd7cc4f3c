# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see start.awk.

function shown(value, form) {
	return value == "" ? "-" : sprintf(form, value)
}

function print_cells(   i, c) {
	printf "\n%-9s %-12s %4s  %8s %8s %8s  %8s %8s  %8s %8s  %8s\n",
		"Starts", "", "", "ms", "", "", "times", "times", "create,",
		"delete,", "memory,"
	printf "%-9s %-12s %4s  %8s %8s %8s  %8s %8s  %8s %8s  %8s\n",
		"scenario", "side", "n", "median", "p10", "p90", "crun",
		"floor", "ms", "ms", "MiB"
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%-9s %-12s %4d  %8.2f %8.2f %8.2f  %8s %8s  %8s %8s  %8.1f\n",
			scenario[c], side[c], size("time:" c), median("time:" c),
			quantile("time:" c, 0.1), quantile("time:" c, 0.9),
			shown(median("crun:" c), "%.2f"),
			shown(median("floor:" c), "%.1f"),
			shown(median("create:" c), "%.2f"),
			shown(median("delete:" c), "%.2f"), median("peak:" c)
	}
	print "times crun, times floor: medians of the ratios within a round; memory: the peak"
	print "of a command, without the supervisor of engine."
}

function print_all() {
	print_info()
	print_cells()
	print_targets()
}
