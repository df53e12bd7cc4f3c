# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "flow" has printed; at the end logs_FORM.awk prints the report.
# The lists of stats.awk have these names:
#
#	rate:SCENARIO:SIDE		MiB per second
#	cpu:SCENARIO:SIDE		CPU time of the readers, seconds per GiB
#	peak:SCENARIO:SIDE		memory of the readers, MiB
#	ratio:SCENARIO:SIDE:OTHER	the rate divided by that of OTHER in the same round
#	lag:N				milliseconds of a quiet line with N loud writers

BEGIN { parts = "rates fairness" }

# Columns: scenario side round bytes ns cpu_ns rss_kib
$1 == "rate" {
	note("scenario", scenarios, $2)
	note("side", sides, $3)
	name = $2 ":" $3
	mib = $5 / 1048576
	rate[$2, $3, $4] = mib / ($6 / 1e9)
	cpu[$2, $3, $4] = ($7 / 1e9) / (mib / 1024)
	peak[$2, $3, $4] = $8 / 1024
	put("rate:" name, rate[$2, $3, $4])
	put("cpu:" name, cpu[$2, $3, $4])
	put("peak:" name, peak[$2, $3, $4])
	if ($4 > rounds)
		rounds = $4
}

# Columns: crowd ns
$1 == "lag" {
	note("crowd", crowds, $2)
	put("lag:" $2, $3 / 1e6)
}

function find_ratios(s, side, other,   r) {
	for (r = 1; r <= rounds; r++)
		if (((s, side, r) in rate) && ((s, other, r) in rate))
			put("ratio:" s ":" side ":" other,
			    rate[s, side, r] / rate[s, other, r])
}

# why_slow() - explain a missed target: a slow side that has used no more CPU time than
# the other has waited for a processor
function why_slow(s, side, other,   r) {
	r = "ratio:" s ":" side ":" other
	return sprintf("p10 to p90 %.2f to %.2f; CPU time for a GiB: %.2f s, %s %.2f s",
		       quantile(r, 0.1), quantile(r, 0.9),
		       median("cpu:" s ":" side), other,
		       median("cpu:" s ":" other))
}

function rate_target(s, side, other, bound) {
	target(s ": " side ", against " other,
	       median("ratio:" s ":" side ":" other), "times as fast", bound, 0,
	       "", why_slow(s, side, other))
}

function lag_target(crowd,   lag, why) {
	lag = "lag:" crowd
	if (size(lag) < 100)
		why = size(lag) " lines, but 100 are needed"
	target("quiet line with " crowd " loud writers: 99 of 100 are in the file after",
	       quantile(lag, 0.99), "ms", 100, 1, why,
	       sprintf("half of them after %.1f ms, the last after %.1f ms; without loud writers 99 of 100 after %.1f ms",
		       median(lag), largest(lag), quantile("lag:0", 0.99)))
}

END {
	for (i = 1; i <= scenarios[0]; i++)
		for (j = 1; j <= sides[0]; j++) {
			find_ratios(scenarios[i], sides[j], "cat")
			find_ratios(scenarios[i], sides[j], "conmon")
		}
	for (i = 1; i <= scenarios[0]; i++) {
		rate_target(scenarios[i], "purser raw", "cat", 0.8)
		rate_target(scenarios[i], "purser cri", "cat", 0.5)
		rate_target(scenarios[i], "purser cri", "conmon", 2)
	}
	for (i = 1; i <= crowds[0]; i++)
		if (crowds[i] > 0)
			lag_target(crowds[i])
	print_all()
}
