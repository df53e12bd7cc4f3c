# SPDX-License-Identifier: GPL-2.0
#
# Prints the summaries as JSON; see scrape.awk.

function print_cells(   i, c) {
	printf "  \"scrapes\": ["
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%s\n    {\"containers\": %d, \"ms\": %s, \"cpu_ms\": %s, \"kib\": %s}",
			(i > 1 ? "," : ""), c, summary("time:" c), summary("cpu:" c),
			summary("kib:" c)
	}
	printf "],\n"
}
