# SPDX-License-Identifier: GPL-2.0
#
# Prints the summaries as JSON; see table.awk.

function print_summary(name, list, last) {
	printf "     \"%s\": %s%s\n", name, summary(list), last ? "" : ","
}

function print_cells(   i, o, c) {
	printf "  \"tables\": ["
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%s\n    {\"kind\": %s, \"records\": %d,\n", (i > 1 ? "," : ""),
			quote(kind[c]), count[c]
		for (o = 1; o <= n_operations; o++)
			print_summary(operations[o] "_us", operations[o] ":" c)
		print_summary("fill_us", (kind[c] == "ended" ? "life:" : "fill:") c)
		print_summary("empty_us", "empty:" c)
		print_summary("list_ms", "list:" c)
		print_summary("list_mib", "list_memory:" c)
		print_summary("rmmod_ms", "rmmod:" c)
		print_summary("sweep_percent", "sweep:" c)
		print_summary("memory_bytes", "memory:" c, 1)
		printf "    }"
	}
	printf "],\n"
}
