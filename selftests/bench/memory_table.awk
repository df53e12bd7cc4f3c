# SPDX-License-Identifier: GPL-2.0
#
# Prints the table for people; see memory.awk.

function kib(bytes) {
	return bytes == "" ? "-" : sprintf("%.0f", bytes / 1024)
}

function us(ns) {
	return ns == "" ? "-" : sprintf("%.0f", ns / 1000)
}

function percent(share) {
	return share == "" ? "-" : sprintf("%.2f %%", 100 * share)
}

function remarks(s, side,   n, text) {
	n = ends[s, side, "early"]
	if (n)
		text = text " early " n
	n = ends[s, side, "full"]
	if (n)
		text = text " full " n
	n = ends[s, side, "survived"]
	if (n)
		text = text " survived " n
	return substr(text, 2)
}

function print_limits(   i, j, s, side, over, late) {
	printf "\n%-14s %-12s %4s  %9s %9s %9s %9s  %9s %9s %9s\n",
		"Limits", "", "", "above the", "limit,", "KiB", "",
		"crossing", "to SIGKILL,", "us"
	printf "%-14s %-12s %4s  %9s %9s %9s %9s  %9s %9s %9s\n",
		"scenario", "side", "n", "median", "p10", "p90", "most",
		"median", "p10", "p90"
	for (i = 1; i <= scenarios[0]; i++)
		for (j = 1; j <= sides[0]; j++) {
			s = scenarios[i]
			side = sides[j]
			over = "over:" s ":" side
			late = "late:" s ":" side
			printf "%-14s %-12s %4d  %9s %9s %9s %9s  %9s %9s %9s  %s\n",
				s, side, n_limits[s, side], kib(median(over)),
				kib(quantile(over, 0.1)), kib(quantile(over, 0.9)),
				kib(largest(over)), us(median(late)),
				us(quantile(late, 0.1)), us(quantile(late, 0.9)),
				remarks(s, side)
		}
	for (side in cannot)
		printf "%-27s       %s\n", side, cannot[side]
	print "early: killed before it took anything; full: killed after it had taken all that"
	print "the benchmark lets it take; survived: not killed."
}

function print_rates(   i, j, p, s, r) {
	printf "\n%-14s %-16s %4s  %9s  %9s %9s %9s\n", "Rates", "", "",
		"per", "share of", "that", "without"
	printf "%-14s %-16s %4s  %9s  %9s %9s %9s\n", "program", "state", "n",
		"second", "median", "p10", "p90"
	for (i = 1; i <= programs[0]; i++)
		for (j = 1; j <= states[0]; j++) {
			p = programs[i]
			s = states[j]
			r = "ratio:" p ":" s
			printf "%-14s %-16s %4d  %9.0f  %9s %9s %9s\n", p, s,
				size("rate:" p ":" s), median("rate:" p ":" s),
				percent(median(r)), percent(quantile(r, 0.1)),
				percent(quantile(r, 0.9))
		}
}

function print_all() {
	print_info()
	print_limits()
	print_rates()
	print_targets()
}
