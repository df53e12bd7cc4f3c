# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see logs.awk.

function times(ratio) {
	return ratio == "" ? "-" : sprintf("%.2f", ratio)
}

function print_rates(   i, j, s, side, name) {
	printf "\n%-20s %-11s %4s  %8s %8s %8s  %8s %8s  %8s %8s\n", "Rates",
		"", "", "MiB/s", "", "", "times", "times", "CPU,",
		"memory,"
	printf "%-20s %-11s %4s  %8s %8s %8s  %8s %8s  %8s %8s\n", "scenario",
		"side", "n", "median", "p10", "p90", "cat", "conmon", "s/GiB",
		"MiB"
	for (i = 1; i <= scenarios[0]; i++)
		for (j = 1; j <= sides[0]; j++) {
			s = scenarios[i]
			side = sides[j]
			name = s ":" side
			printf "%-20s %-11s %4d  %8.0f %8.0f %8.0f  %8s %8s  %8.3f %8.1f\n",
				s, side, size("rate:" name), median("rate:" name),
				quantile("rate:" name, 0.1),
				quantile("rate:" name, 0.9),
				times(median("ratio:" name ":cat")),
				times(median("ratio:" name ":conmon")),
				median("cpu:" name), largest("peak:" name)
		}
	print "times cat, times conmon: medians of the ratios within a round; CPU: of the"
	print "readers; memory: the sum of the readers' peaks."
}

function print_lags(   i, lag) {
	printf "\n%-20s %4s  %8s %8s %8s\n", "Fairness", "", "ms", "", ""
	printf "%-20s %4s  %8s %8s %8s\n", "loud writers", "n", "median", "p99",
		"most"
	for (i = 1; i <= crowds[0]; i++) {
		lag = "lag:" crowds[i]
		printf "%-20s %4d  %8.2f %8.2f %8.2f\n", crowds[i], size(lag),
			median(lag), quantile(lag, 0.99), largest(lag)
	}
	print "The time from just before a quiet line is written until it is seen in its file."
}

function print_all() {
	print_info()
	print_rates()
	print_lags()
	print_targets()
}
