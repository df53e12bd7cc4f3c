# SPDX-License-Identifier: GPL-2.0
#
# Prints all samples and their summaries as JSON; see start.awk.

function print_samples(c,   r, sep) {
	printf "     \"samples\": ["
	for (r = 1; r <= rounds; r++) {
		if (!((c, r) in time))
			continue
		printf "%s\n      {\"round\": %d, \"ms\": %s, \"peak_mib\": %s}",
			sep, r, num(time[c, r]), num(peak[c, r])
		sep = ","
	}
	printf "]"
}

function print_cells(   i, c) {
	printf "  \"starts\": ["
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%s\n    {\"scenario\": %s, \"side\": %s,\n",
			(i > 1 ? "," : ""), quote(scenario[c]), quote(side[c])
		printf "     \"ms\": %s,\n", summary("time:" c)
		printf "     \"create_ms\": %s,\n", summary("create:" c)
		printf "     \"delete_ms\": %s,\n", summary("delete:" c)
		printf "     \"times_crun\": %s,\n", summary("crun:" c)
		printf "     \"times_floor\": %s,\n", summary("floor:" c)
		printf "     \"peak_mib\": %s,\n", summary("peak:" c)
		print_samples(c)
		printf "}"
	}
	printf "],\n"
}
