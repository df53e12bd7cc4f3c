# SPDX-License-Identifier: GPL-2.0
#
# Copies Documentation/scheduling.md. Between each pair of markers
#
#	<!-- table: NAME -->
#	<!-- end of table -->
#
# it puts the table NAME, made from the lines of summary.awk:
#
#	awk -f weights.awk -f tables.awk SUMMARY scheduling.md

BEGIN {
	FS = "\t"
	split("cfs eevdf", schedulers, " ")
}

FILENAME == ARGV[1] {
	n_samples[$1, $2, $3, $4, $5] = $6
	middle[$1, $2, $3, $4, $5] = $7
	low[$1, $2, $3, $4, $5] = $8
	high[$1, $2, $3, $4, $5] = $9
	if (!(($1, $2, $3) in known)) {
		known[$1, $2, $3] = 1
		if (!(($1, $3) in listed))
			configs[$1, ++n_configs[$1]] = $3
		listed[$1, $3] = 1
	}
	next
}

/^<!-- table: .* -->$/ {
	print
	name = $0
	gsub(/^<!-- table: | -->$/, "", name)
	print ""
	table(name)
	print ""
	inside = 1
}

/^<!-- end of table -->$/ { inside = 0 }

!inside { print }

# cell() - "median (smallest to largest)" of a measure, "-" if it was not measured
function cell(e, s, config, container, measure, format,   key) {
	key = e SUBSEP s SUBSEP config SUBSEP container SUBSEP measure
	if (!(key in middle))
		return "-"
	return sprintf(format " (" format " to " format ")", middle[key], low[key],
		       high[key])
}

# both() - the cells of both schedulers
function both(e, config, container, measure, format,   i, text) {
	for (i = 1; i <= 2; i++)
		text = text " | " cell(e, schedulers[i], config, container, measure, format)
	return text
}

function head(text,   n, line) {
	print "| " text " |"
	n = gsub(/\|/, "|", text)
	line = "| ---"
	while (n--)
		line = line " | ---"
	print line " |"
}

function table(name) {
	if (name == "shares")
		table_of_shares()
	else if (name == "completions")
		table_of_completions()
	else if (name == "latency")
		table_of_latency()
	else if (name == "hog")
		table_of_hog()
	else if (name == "affinity")
		table_of_affinity()
	else if (name == "fairness")
		table_of_fairness()
	else if (name == "switches")
		table_of_switches()
	else if (name == "weights")
		table_of_weights()
	else if (name == "ceilings")
		table_of_ceilings()
	else if (name == "rules")
		table_of_rules()
	else if (name == "sides")
		table_of_sides()
	else {
		print "tables.awk: there is no table " name >"/dev/stderr"
		exit 1
	}
}

# share_of() - the share of the first of two weights, in percent
function share_of(a, b) {
	return 100 * a / (a + b)
}

function table_of_shares(   i, c) {
	head("niceness | weights | expected, % | CFS, % | EEVDF, %")
	for (i = 1; i <= n_configs["nice"]; i++) {
		c = configs["nice", i]
		if (c == "alone")
			continue
		weights(c)
		printf "| %s | %d : %d | %.1f%s |\n", c, a_weight, b_weight,
			share_of(a_weight, b_weight),
			both("nice", c, "a", "share", "%.1f")
	}
}

# While both run, a gets its share; b is done when the work of both is done.
function table_of_completions(   i, c) {
	head("niceness | first, expected | CFS | EEVDF | second, expected | CFS | EEVDF")
	for (i = 1; i <= n_configs["nice"]; i++) {
		c = configs["nice", i]
		if (c == "alone" || c ~ /autogroup/ || c == "0:0")
			continue
		weights(c)
		printf "| %s | %.2f%s | 2.00%s |\n", c,
			(a_weight + b_weight) / a_weight,
			both("nice", c, "a", "times", "%.2f"),
			both("nice", c, "b", "times", "%.2f")
	}
}

function table_of_latency(   i, j, c, s, label) {
	head("beside the sleeper | scheduler | median | p90 | p99 | largest | later than 1 ms, %")
	for (i = 1; i <= n_configs["io"]; i++) {
		c = configs["io", i]
		if (c == "hog alone")
			continue
		for (j = 1; j <= 2; j++) {
			s = schedulers[j]
			printf "| %s | %s | %s | %s | %s | %s | %s |\n", c, toupper(s),
				cell("io", s, c, "pulse", "p50", "%.0f"),
				cell("io", s, c, "pulse", "p90", "%.0f"),
				cell("io", s, c, "pulse", "p99", "%.0f"),
				cell("io", s, c, "pulse", "largest", "%.0f"),
				cell("io", s, c, "pulse", "late", "%.1f")
		}
	}
}

function table_of_rules(   i, c) {
	head("EEVDF, beside two hogs | median | p90 | p99 | later than 1 ms, %")
	for (i = 1; i <= n_configs["rules"]; i++) {
		c = configs["rules", i]
		printf "| %s | %s | %s | %s | %s |\n", c,
			cell("rules", "eevdf", c, "pulse", "p50", "%.0f"),
			cell("rules", "eevdf", c, "pulse", "p90", "%.0f"),
			cell("rules", "eevdf", c, "pulse", "p99", "%.0f"),
			cell("rules", "eevdf", c, "pulse", "late", "%.1f")
	}
}

function table_of_hog(   i, c) {
	head("beside the sleeper | hog done, CFS | EEVDF | the sleeper's share, CFS, % | EEVDF, %")
	for (i = 1; i <= n_configs["io"]; i++) {
		c = configs["io", i]
		if (c != "pulse alone")
			printf "| %s%s%s |\n", c, both("io", c, "hog", "times", "%.2f"),
				both("io", c, "pulse", "share", "%.1f")
	}
}

function table_of_affinity(   i, j, c, s) {
	head("pair | scheduler | a ran, % of the time | b ran, % | a waited, % | b waited, % | last done, ms")
	for (i = 1; i <= n_configs["affinity"]; i++) {
		c = configs["affinity", i]
		for (j = 1; j <= 2; j++) {
			s = schedulers[j]
			printf "| %s | %s | %s | %s | %s | %s | %s |\n", c, toupper(s),
				cell("affinity", s, c, "a", "used", "%.0f"),
				cell("affinity", s, c, "b", "used", "%.0f"),
				cell("affinity", s, c, "a", "waited", "%.0f"),
				cell("affinity", s, c, "b", "waited", "%.0f"),
				cell("affinity", s, c, "all", "last", "%.0f")
		}
	}
}

function table_of_fairness(   i, c) {
	head("hogs | fair share, % | smallest, CFS, % | EEVDF, % | largest, CFS, % | EEVDF, % | Jain's index, CFS | EEVDF")
	for (i = 1; i <= n_configs["fairness"]; i++) {
		c = configs["fairness", i]
		printf "| %s | %.1f%s%s%s |\n", c, 100 / c,
			both("fairness", c, "all", "least", "%.2f"),
			both("fairness", c, "all", "most", "%.2f"),
			both("fairness", c, "all", "jain", "%.4f")
	}
}

function table_of_switches(   i, c) {
	head("hogs | taken away a second, all together, CFS | EEVDF | run at a time, ms, CFS | EEVDF")
	for (i = 1; i <= n_configs["fairness"]; i++) {
		c = configs["fairness", i]
		printf "| %s%s%s |\n", c, both("fairness", c, "all", "switches", "%.0f"),
			both("fairness", c, "all", "slice", "%.2f")
	}
}

function table_of_weights(   i, c, part) {
	head("weights of a and b | a's share, expected, % | CFS, % | EEVDF, %")
	for (i = 1; i <= n_configs["cgroup"]; i++) {
		c = configs["cgroup", i]
		if (!sub(/^weight /, "", c))
			continue
		split(c, part, /[: ]/)
		printf "| %s | %.1f%s |\n", c, share_of(part[1], part[2]),
			both("cgroup", "weight " c, "a", "share", "%.1f")
	}
}

function table_of_ceilings(   i, c) {
	head("ceilings of a and b, % | a ran, expected, % of the time | CFS | EEVDF | b ran, CFS | EEVDF")
	for (i = 1; i <= n_configs["cgroup"]; i++) {
		c = configs["cgroup", i]
		if (sub(/^max /, "", c))
			printf "| %s | 25.0%s%s |\n", c,
				both("cgroup", "max " c, "a", "used", "%.1f"),
				both("cgroup", "max " c, "b", "used", "%.1f")
	}
}

# The measures in which both schedulers differ most.
function table_of_sides(   i, c) {
	head("run | of | CFS | EEVDF")
	for (i = 1; i <= n_configs["nice"]; i++) {
		c = configs["nice", i]
		if (c == "alone" || c ~ /autogroup/)
			continue
		printf "| nice %s | share of the first, %%%s |\n", c,
			both("nice", c, "a", "share", "%.1f")
		printf "| | lag of the first, at most, ms%s |\n",
			both("nice", c, "a", "lag", "%.1f")
		printf "| | run at a time by the first, ms%s |\n",
			both("nice", c, "a", "slice", "%.2f")
		printf "| | run at a time by the second, ms%s |\n",
			both("nice", c, "b", "slice", "%.2f")
	}
	printf "| sleeper and two hogs | woken after, median, us%s |\n",
		both("io", "two hogs", "pulse", "p50", "%.0f")
	printf "| | woken after, p90, us%s |\n",
		both("io", "two hogs", "pulse", "p90", "%.0f")
	printf "| | woken after, p99, us%s |\n",
		both("io", "two hogs", "pulse", "p99", "%.0f")
}
