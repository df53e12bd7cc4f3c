# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see scrape.awk.

function print_all(   i, c) {
	print_info()
	printf "\nScrapes\n%10s %5s  %9s %9s %9s  %9s  %9s\n", "containers", "n",
		"ms median", "p10", "p90", "CPU, ms", "KiB"
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%10d %5d  %9.2f %9.2f %9.2f  %9.2f  %9.1f\n", c,
			size("time:" c), median("time:" c), quantile("time:" c, 0.1),
			quantile("time:" c, 0.9), median("cpu:" c), median("kib:" c)
	}
}
