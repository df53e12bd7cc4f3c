# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "scrapes" has printed; at the end scrape_FORM.awk prints the report.
# The lists of stats.awk have these names, with the number of containers behind them:
#
#	time:		milliseconds until the client has the whole answer
#	cpu:		milliseconds of CPU time of the server, that of the kernel for it included
#	kib:		the answer, KiB

BEGIN { parts = "times" }

# Columns: containers round ns cpu_ns bytes
$1 == "scrape" {
	note("cell", cells, $2)
	put("time:" $2, $4 / 1e6)
	put("cpu:" $2, $5 / 1e6)
	put("kib:" $2, $6 / 1024)
}

END { print_all() }
