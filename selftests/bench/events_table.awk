# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see events.awk.

function shown(value, form) {
	return value == "" ? "-" : sprintf(form, value)
}

function print_cells(p,   i, c) {
	printf "\n%-10s %-8s %6s  %9s  %9s %9s %9s\n", p, "", "", "events",
		"us", "", ""
	printf "%-10s %-8s %6s  %9s  %9s %9s %9s\n", "scenario", "side", "n",
		"a second", "p50", "p99", "max"
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (part[c] == p)
			printf "%-10s %-8s %6d  %9s  %9.0f %9.0f %9.0f\n", scenario[c],
				side[c], size("delay:" c), shown(made[c], "%.0f"),
				median("delay:" c), quantile("delay:" c, 0.99),
				largest("delay:" c)
	}
}

function print_all(   k) {
	print_info()
	for (k = 1; k <= n_parts; k++)
		print_cells(part_list[k])
	print "From the event's time, from the touch of the page, or from before _exit(), until"
	print "the listener's line can be read. No event was lost, repeated or out of order."
	print_targets()
}
