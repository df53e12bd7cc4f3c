# SPDX-License-Identifier: GPL-2.0
#
# Prints the samples as JSON; see density.awk.

function print_cells(   i, c) {
	printf "  \"containers\": ["
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%s\n    {\"side\": %s, \"containers\": %d, \"processes\": %d, \"pss_kib\": %d, \"kernel_kib\": %d, \"all_kib\": %d}",
			(i > 1 ? "," : ""), quote(title[side[c]]), count[c],
			processes[c], pss[c], kernel[c], all[c]
	}
	printf "],\n"
}
