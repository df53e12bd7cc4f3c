# SPDX-License-Identifier: GPL-2.0
#
# Prints all samples and their summaries as JSON; see memory.awk.

function print_limit_samples(s, side,   i, f, sep) {
	printf "     \"samples\": ["
	for (i = 1; i <= n_limits[s, side]; i++) {
		split(limits[s, side, i], f, "\t")
		printf "%s\n      {\"round\": %d, \"end\": %s, \"before\": %s, \"limit\": %s, \"usage\": %s, \"overshoot\": %s, \"crossing_to_kill_ns\": %s}",
			sep, f[4], quote(f[5]), num(f[6]), num(f[7]), num(f[8]),
			num(f[9]), num(f[10])
		sep = ","
	}
	printf "]"
}

function print_limits(   i, j, s, side, sep) {
	printf "  \"limits\": ["
	for (i = 1; i <= scenarios[0]; i++)
		for (j = 1; j <= sides[0]; j++) {
			s = scenarios[i]
			side = sides[j]
			printf "%s\n    {\"scenario\": %s, \"side\": %s,\n", sep,
				quote(s), quote(side)
			printf "     \"overshoot\": %s,\n", summary("over:" s ":" side)
			printf "     \"crossing_to_kill_ns\": %s,\n",
				summary("late:" s ":" side)
			print_limit_samples(s, side)
			printf "}"
			sep = ","
		}
	printf "],\n"
}

function print_rates(   i, j, p, s, r, sep, comma) {
	printf "  \"rates\": ["
	for (i = 1; i <= programs[0]; i++)
		for (j = 1; j <= states[0]; j++) {
			p = programs[i]
			s = states[j]
			printf "%s\n    {\"program\": %s, \"state\": %s,\n", sep,
				quote(p), quote(s)
			printf "     \"per_second\": %s,\n", summary("rate:" p ":" s)
			printf "     \"ratio\": %s,\n", summary("ratio:" p ":" s)
			printf "     \"samples\": ["
			comma = ""
			for (r = 1; r <= rounds; r++)
				if ((p, s, r) in rate) {
					printf "%s%s", comma, num(rate[p, s, r])
					comma = ", "
				}
			printf "]}"
			sep = ","
		}
	printf "],\n"
}

function print_cannot(   side, sep) {
	printf "  \"cannot\": {"
	for (side in cannot) {
		printf "%s%s: %s", sep, quote(side), quote(cannot[side])
		sep = ", "
	}
	printf "},\n"
}

function print_cells() {
	print_limits()
	print_cannot()
	print_rates()
}
