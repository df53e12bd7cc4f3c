# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples of density; at the end density_FORM.awk prints the report. The name of
# a cell is SIDE:COUNT. All arrays have KiB.

BEGIN {
	parts = "memory"
	title["engine"] = "engine"
	title["conmon"] = "conmon + crun"
}

# Columns: side count processes pss kernel all
$1 == "density" {
	cell = $2 ":" $3
	note("cell", cells, cell)
	note("side", sides, $2)
	side[cell] = $2
	count[cell] = $3
	processes[cell] = $4
	pss[cell] = $5
	kernel[cell] = $6
	all[cell] = $7
}

# The largest number of containers that both sides have had
function common(a, b,   i, n) {
	for (i = 1; i <= cells[0]; i++)
		if (side[cells[i]] == a && ((b ":" count[cells[i]]) in pss) &&
		    count[cells[i]] > n)
			n = count[cells[i]]
	return n
}

function density_target(of,   n, a, b) {
	n = common("engine", of)
	if (!n)
		return
	a = "engine:" n
	b = of ":" n
	target(n " containers: PSS beside the workload, against " title[of],
	       pss[a] / pss[b], "times its memory", 1, 1, "",
	       sprintf("%d KiB and %d KiB", pss[a], pss[b]))
	target(n " containers: the kernel's memory, against " title[of],
	       kernel[b] > 0 ? kernel[a] / kernel[b] : "", "times its memory", 1, 1,
	       kernel[b] > 0 ? "" : "the other side's memory could not be told from other changes",
	       sprintf("%d KiB and %d KiB", kernel[a], kernel[b]))
}

END {
	density_target("conmon")
	print_all()
}
