# SPDX-License-Identifier: GPL-2.0
#
# Makes measures from the samples; loaded after weights.awk. Prints a line for each
# measure of each run,
#
#	EXPERIMENT SCHEDULER CONFIG REP CONTAINER MEASURE VALUE
#
# with tabs in between. Files are named EXPERIMENT.SCHEDULER.csv.
#
#	share	its % of the CPU time of all containers until the first one was done
#	used	% of the time until then in which it ran
#	waited	% of the time until then in which it could have run, but did not
#	taken, given	how often a second it lost the CPU, and gave the CPU away
#	done	when it was done, in ms
#	times	the same, divided by the time that it takes alone, if that was measured
#	slice	ms that it ran at a time
#	lag	the largest difference, in ms, between its CPU time at a sample and what
#		its weight should have given it
#	jain, least, most	Jain's index of all shares, the smallest and the largest
#		share; CONTAINER is "all" for these and the next two
#	switches	how often a second a container lost the CPU
#	last	when the last container was done, in ms
#	p50, p90, p99, largest	wake-up latency, in us
#	late	% of the wake-ups that were later than 1 ms

BEGIN {
	FS = ","
	OFS = "\t"
}

FNR == 1 {
	finish()
	n = split(FILENAME, path, "/")
	split(path[n], part, ".")
	experiment = part[1]
	latencies = part[2] == "latency"
	scheduler = latencies ? part[3] : part[2]
	split("", alone)
}

/^#/ || $1 == "config" { next }

# A new run begins when the configuration or the repetition changes.
$1 != config || $2 != rep { finish(); config = $1; rep = $2 }

latencies {
	for (i = 0; i < $4; i++)
		woken[++n_woken] = $3
	next
}

$4 == "start" {
	names[++n_names] = $3
	for (i = 6; i <= 10; i++)
		from[$3, i] = $i
	next
}

# Keep the last moment with a sample of every container before the first exit.
$4 == "sample" && !ended {
	for (i = 6; i <= 10; i++)
		next_at[$3, i] = $i - from[$3, i]
	if (++n_seen == n_names) {
		if (experiment == "nice" && n_names == 2)
			note_lag()
		for (i = 1; i <= n_names; i++)
			for (j = 6; j <= 10; j++)
				at[names[i], j] = next_at[names[i], j]
		common = $5
		n_seen = 0
	}
}

$4 == "exit" {
	ended = 1
	done[$3] = $5
}

function note_lag(   a, b, lag) {
	weights(config)
	a = next_at[names[1], 6]
	b = next_at[names[2], 6]
	lag = (a + b) * a_weight / (a_weight + b_weight) - a
	if (lag < 0)
		lag = -lag
	if (lag > largest_lag)
		largest_lag = lag
}

function measure(container, name, value) {
	print experiment, scheduler, config, rep, container, name, value
}

function shares(   i, c, sum, squares, share, least, most, taken, slices) {
	for (i = 1; i <= n_names; i++) {
		sum += at[names[i], 6]
		squares += at[names[i], 6] ^ 2
	}
	for (i = 1; i <= n_names; i++) {
		c = names[i]
		share = 100 * at[c, 6] / sum
		if (i == 1 || share < least)
			least = share
		if (i == 1 || share > most)
			most = share
		taken += at[c, 10]
		slices += at[c, 8]
		measure(c, "share", share)
		measure(c, "used", 100 * at[c, 6] / common)
		measure(c, "waited", 100 * at[c, 7] / common)
		measure(c, "given", 1e6 * at[c, 9] / common)
		measure(c, "taken", 1e6 * at[c, 10] / common)
		# The container may not have run at all until then.
		if (at[c, 8])
			measure(c, "slice", at[c, 6] / at[c, 8] / 1000)
	}
	if (experiment == "nice" && n_names == 2)
		measure("a", "lag", largest_lag / 1000)
	measure("all", "jain", sum ^ 2 / (n_names * squares))
	measure("all", "least", least)
	measure("all", "most", most)
	measure("all", "switches", 1e6 * taken / common)
	measure("all", "slice", sum / slices / 1000)
}

# A configuration whose name ends with "alone" runs before the others of its experiment,
# in which a hog has the same work.
function completions(   i, c, last, key) {
	for (i = 1; i <= n_names; i++) {
		c = names[i]
		if (done[c] > last)
			last = done[c]
		measure(c, "done", done[c] / 1000)
		# Only hog a was run alone; hog b has the same work.
		key = rep SUBSEP (c == "b" ? "a" : c)
		if (config ~ /alone$/)
			alone[key] = done[c]
		if (key in alone)
			measure(c, "times", done[c] / alone[key])
	}
	measure("all", "last", last / 1000)
}

function later_than(us,   i, n) {
	for (i = 1; i <= n_woken; i++)
		n += woken[i] > us
	return n
}

function nearest(q) {
	return woken[int((n_woken - 1) * q) + 1]
}

function finish() {
	if (n_names) {
		if (common)
			shares()
		completions()
	}
	if (n_woken) {
		measure("pulse", "p50", nearest(0.5))
		measure("pulse", "p90", nearest(0.9))
		measure("pulse", "p99", nearest(0.99))
		measure("pulse", "largest", woken[n_woken])
		measure("pulse", "late", 100 * later_than(1000) / n_woken)
	}
	n_names = n_woken = n_seen = common = ended = largest_lag = 0
	split("", at)
	split("", done)
	config = rep = ""
}

END { finish() }
