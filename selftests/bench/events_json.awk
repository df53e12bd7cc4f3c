# SPDX-License-Identifier: GPL-2.0
#
# Prints the summaries as JSON; see events.awk.

function print_cells(   i, c) {
	printf "  \"delays\": ["
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%s\n    {\"part\": %s, \"scenario\": %s, \"side\": %s, \"events_per_second\": %s,\n",
			(i > 1 ? "," : ""), quote(part[c]), quote(scenario[c]),
			quote(side[c]), num(made[c])
		printf "     \"us\": %s, \"p99_us\": %s}", summary("delay:" c),
			num(quantile("delay:" c, 0.99))
	}
	printf "],\n"
}
