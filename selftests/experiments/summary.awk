# SPDX-License-Identifier: GPL-2.0
#
# Summarises the lines of measures.awk; loaded after ../bench/stats.awk. Prints for each
# measure of each container
#
#	EXPERIMENT SCHEDULER CONFIG CONTAINER MEASURE N MEDIAN SMALLEST LARGEST

BEGIN { FS = OFS = "\t" }

{
	name = $1 OFS $2 OFS $3 OFS $5 OFS $6
	if (!size(name))
		order[++n] = name
	put(name, $7)
}

END {
	for (i = 1; i <= n; i++)
		print order[i], size(order[i]), sprintf("%.4f", median(order[i])),
			sprintf("%.4f", quantile(order[i], 0)),
			sprintf("%.4f", largest(order[i]))
}
