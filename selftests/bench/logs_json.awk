# SPDX-License-Identifier: GPL-2.0
#
# Prints all samples and their summaries as JSON; see logs.awk.

function print_samples(s, side,   r, sep) {
	printf "     \"samples\": ["
	for (r = 1; r <= rounds; r++) {
		if (!((s, side, r) in rate))
			continue
		printf "%s\n      {\"round\": %d, \"mib_per_second\": %s, \"cpu_seconds_per_gib\": %s, \"peak_mib\": %s}",
			sep, r, num(rate[s, side, r]), num(cpu[s, side, r]),
			num(peak[s, side, r])
		sep = ","
	}
	printf "]"
}

function print_rates(   i, j, name, sep) {
	printf "  \"rates\": ["
	for (i = 1; i <= scenarios[0]; i++)
		for (j = 1; j <= sides[0]; j++) {
			name = scenarios[i] ":" sides[j]
			printf "%s\n    {\"scenario\": %s, \"side\": %s,\n", sep,
				quote(scenarios[i]), quote(sides[j])
			printf "     \"mib_per_second\": %s,\n",
				summary("rate:" name)
			printf "     \"times_cat\": %s,\n",
				summary("ratio:" name ":cat")
			printf "     \"times_conmon\": %s,\n",
				summary("ratio:" name ":conmon")
			printf "     \"cpu_seconds_per_gib\": %s,\n",
				summary("cpu:" name)
			printf "     \"peak_mib\": %s,\n", summary("peak:" name)
			print_samples(scenarios[i], sides[j])
			printf "}"
			sep = ","
		}
	printf "],\n"
}

# The samples are sorted, since their order does not matter.
function print_lags(   i, k, lag) {
	printf "  \"fairness\": ["
	for (i = 1; i <= crowds[0]; i++) {
		lag = "lag:" crowds[i]
		printf "%s\n    {\"loud_writers\": %d, \"ms\": %s, \"p99_ms\": %s,\n",
			(i > 1 ? "," : ""), crowds[i], summary(lag),
			num(quantile(lag, 0.99))
		printf "     \"samples\": ["
		for (k = 1; k <= size(lag); k++)
			printf "%s%s", (k > 1 ? ", " : ""), num(nth(lag, k))
		printf "]}"
	}
	printf "],\n"
}

function print_cells() {
	print_rates()
	print_lags()
}
