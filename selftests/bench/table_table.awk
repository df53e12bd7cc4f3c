# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see table.awk.

function shown(value, form) {
	return value == "" ? "-" : sprintf(form, value)
}

# rate() - how many a second, of operations that take this many microseconds
function rate(list) {
	return size(list) ? 1e6 / median(list) : ""
}

# print_lines() - a line for each table of records: rates, or how costs have grown
function print_lines(rates,   i, o, c) {
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (kind[c] == "members")
			continue
		printf "%-8s %7d ", kind[c], count[c]
		for (o = 1; o <= n_operations; o++)
			if (rates)
				printf " %15s", shown(rate(operations[o] ":" c), "%.0f")
			else
				printf " %15s", shown(growth(operations[o], c), "%.2f")
		printf "\n"
	}
}

function print_operations(   o) {
	printf "\n%-8s %7s ", "A second", ""
	for (o = 1; o <= n_operations; o++)
		printf " %15s", label[operations[o]]
	printf "\n"
	print_lines(1)
	printf "\n%-8s %7s\n", "Times the cost in the smallest table", ""
	print_lines(0)
}

function print_whole(   i, c) {
	printf "\n%-8s %7s  %9s %9s %9s %9s %9s %9s %9s\n", "Whole", "",
		"fill, us", "empty, us", "list,", "list,", "rmmod,", "sweep,", "memory,"
	printf "%-8s %7s  %9s %9s %9s %9s %9s %9s %9s\n", "table", "",
		"a record", "a record", "ms", "MiB", "ms", "% of CPU", "bytes"
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		printf "%-8s %7d  %9s %9s %9s %9s %9s %9s %9s\n", kind[c], count[c],
			shown(median((kind[c] == "ended" ? "life:" : "fill:") c), "%.1f"),
			kind[c] == "members" ? "-" : shown(median("empty:" c), "%.1f"),
			shown(median("list:" c), "%.1f"),
			shown(median("list_memory:" c), "%.1f"),
			shown(median("rmmod:" c), "%.1f"),
			shown(median("sweep:" c), "%.2f"),
			count[c] < 1000 ? "-" : shown(median("memory:" c), "%.0f")
	}
	print "live: each record has an idle process; ended: each had one, and \"fill\" includes its"
	print "life; members: one container of so many processes. sweep: the processor's time that"
	print "the module takes while nothing happens. memory: the kernel's for a record, that of its"
	print "process as a member included, or for a further member."
}

function print_all() {
	print_info()
	print_operations()
	print_whole()
	print_targets()
}
