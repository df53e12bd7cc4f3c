# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "starts" has printed; at the end start_FORM.awk prints the
# report. The lists of stats.awk have these names, with the name of a cell behind them,
# which is SCENARIO:SIDE:
#
#	time:		milliseconds until the process in the container has ended
#	create:		milliseconds of the command create
#	delete:		milliseconds of the command delete
#	peak:		memory of the runtime at its peak, MiB
#	crun:, floor:	the time divided by that of this side in the same round

BEGIN { parts = "times" }

# Columns: scenario side round ns kib create_ns delete_ns
$1 == "start" {
	cell = $2 ":" $3
	note("cell", cells, cell)
	scenario[cell] = $2
	side[cell] = $3
	put("time:" cell, $5 / 1e6)
	time[cell, $4] = $5 / 1e6
	put("peak:" cell, $6 / 1024)
	peak[cell, $4] = $6 / 1024
	if ($7 != "-")
		put("create:" cell, $7 / 1e6)
	if ($8 != "-")
		put("delete:" cell, $8 / 1e6)
	if ($4 > rounds)
		rounds = $4
}

function find_ratios(cell, other, of,   r) {
	for (r = 1; r <= rounds; r++)
		if (((cell, r) in time) && ((of, r) in time))
			put(other ":" cell, time[cell, r] / time[of, r])
}

function ratio_target(name, cell, of, bound,   r) {
	for (r = 1; r <= rounds; r++)
		if (((cell, r) in time) && ((of, r) in time))
			put("target:" name, time[cell, r] / time[of, r])
	target(name, median("target:" name), "times its time", bound, 1, "",
	       sprintf("%.2f ms and %.2f ms, p10 to p90 of the ratio %.2f to %.2f",
		       median("time:" cell), median("time:" of),
		       quantile("target:" name, 0.1), quantile("target:" name, 0.9)))
}

function peak_target(kind) {
	target(kind ": memory of purser-oci, against crun",
	       median("peak:" kind ":purser-oci") / median("peak:" kind ":crun"),
	       "times its memory", 1, 1, "",
	       sprintf("%.1f MiB and %.1f MiB", median("peak:" kind ":purser-oci"),
		       median("peak:" kind ":crun")))
}

END {
	for (i = 1; i <= cells[0]; i++) {
		find_ratios(cells[i], "crun", scenario[cells[i]] ":crun")
		find_ratios(cells[i], "floor", (scenario[cells[i]] ~ / live$/ ? \
			scenario[cells[i]] : "run") ":floor")
	}
	ratio_target("run: purser-oci, against crun", "run:purser-oci",
		     "run:crun", 0.6)
	ratio_target("exec: purser-oci, against crun", "exec:purser-oci",
		     "exec:crun", 0.7)
	peak_target("run")
	peak_target("exec")
	ratio_target("run: engine run, against bwrap", "run:engine run",
		     "run:bwrap", 1)
	ratio_target("start: engine start, against the floor", "start:engine start",
		     "run:floor", 4)
	for (i = 1; i <= cells[0]; i++)
		if (cells[i] ~ / live:engine run$/)
			ratio_target(scenario[cells[i]] ": engine run, against none live",
				     cells[i], "run:engine run", 1.1)
	print_all()
}
