# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "delays" has printed; at the end events_FORM.awk prints the report.
# The name of a cell is PART:SCENARIO:SIDE. The lists of stats.awk have these names, with
# the name of a cell behind them:
#
#	delay:		microseconds from the moment until the line can be read
#	inotify:	the delay divided by that of the inotify watcher in the same round

BEGIN { parts = "counted clocked" }

# The samples of a part follow its information.
$1 == "info" { part_now = $2 }

# Columns: side scenario round ns
$1 == "delay" {
	cell = part_now ":" $3 ":" $2
	note("cell", cells, cell)
	part[cell] = part_now
	scenario[cell] = $3
	side[cell] = $2
	put("delay:" cell, $5 / 1e3)
	delay[cell, $4] = $5 / 1e3
	if ($3 == "memory" && $4 > rounds)
		rounds = $4
}

# Columns: side scenario count rate
$1 == "rate" {
	cell = part_now ":" $3 ":" $2
	made[cell] = $5
}

function rate_target(p,   c) {
	c = p ":10000/s:purser"
	if (!(c in made))
		return
	target(p ": events a second without a pause", made[c], "a second", 10000, 0, "",
	       "the machine makes no more: one program asks for them, one at a time")
}

function memory_target(p,   c, of, r) {
	c = p ":memory:purser"
	of = p ":memory:inotify"
	for (r = 1; r <= rounds; r++)
		if (((c, r) in delay) && ((of, r) in delay))
			put("inotify:" c, delay[c, r] / delay[of, r])
	target(p ": from a page above a limit to the line, against inotify",
	       median("inotify:" c), "times its time", 1, 1, "",
	       sprintf("%.0f us and %.0f us, p10 to p90 of the ratio %.2f to %.2f",
		       median("delay:" c), median("delay:" of),
		       quantile("inotify:" c, 0.1), quantile("inotify:" c, 0.9)))
}

END {
	n_parts = split(parts, part_list, " ")
	for (k = 1; k <= n_parts; k++)
		rate_target(part_list[k])
	for (k = 1; k <= n_parts; k++)
		memory_target(part_list[k])
	print_all()
}
