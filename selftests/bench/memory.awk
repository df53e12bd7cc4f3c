# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "measure" has printed; at the end memory_FORM.awk prints the
# report. The lists of stats.awk have these names:
#
#	over:SCENARIO:SIDE	bytes above the limit
#	late:SCENARIO:SIDE	nanoseconds from the crossing to SIGKILL
#	gain:SCENARIO		how many times as fast "fault" was as "poll 10 ms"
#	rate:PROGRAM:STATE	page faults or forks per second
#	ratio:PROGRAM:STATE	the rate divided by that without the module

BEGIN { parts = "limits rates" }

# Columns: scenario side round end before limit usage over late
$1 == "limit" {
	note("scenario", scenarios, $2)
	note("side", sides, $3)
	n = ++n_limits[$2, $3]
	limits[$2, $3, n] = $0
	ends[$2, $3, $5]++
	if ($9 != "-")
		put("over:" $2 ":" $3, $9)
	if ($10 != "-") {
		put("late:" $2 ":" $3, $10)
		late[$2, $3, $4] = $10
	}
}

$1 == "cannot" { cannot[$2] = $3 }

# Columns: program state round rate
$1 == "rate" {
	note("program", programs, $2)
	note("state", states, $3)
	put("rate:" $2 ":" $3, $5)
	rate[$2, $3, $4] = $5
	if ($4 > rounds)
		rounds = $4
}

# The tracer has microseconds: count shorter times as one microsecond.
function find_gains(   i, s, r, fault) {
	for (i = 1; i <= scenarios[0]; i++) {
		s = scenarios[i]
		for (r = 1; ((s, "poll 10 ms") in n_limits) &&
		     r <= n_limits[s, "poll 10 ms"]; r++) {
			if (!((s, "fault", r) in late) ||
			    !((s, "poll 10 ms", r) in late))
				continue
			fault = late[s, "fault", r]
			if (fault < 1000)
				fault = 1000
			put("gain:" s, late[s, "poll 10 ms", r] / fault)
		}
	}
}

# The rate without the module is the mean of those before and after it in the round.
function find_ratios(   i, j, r, p, s, none) {
	for (i = 1; i <= programs[0]; i++)
		for (j = 1; j <= states[0]; j++)
			for (r = 1; r < rounds; r++) {
				p = programs[i]
				s = states[j]
				none = rate[p, "no module", r] / 2
				none += rate[p, "no module", r + 1] / 2
				if (s != "no module")
					put("ratio:" p ":" s, rate[p, s, r] / none)
			}
}

# --- Targets ---

# In KiB: 512 for one worker, 256 for each further worker, and one huge page.
function bound_of(s) {
	if (s == "8 threads")
		return 512 + 7 * 256
	if (s == "16 processes" || s == "copy on write")
		return 512 + 15 * 256
	return s == "huge pages" ? 512 + 2048 : 512
}

function why_not(s,   n) {
	if ("fault" in cannot)
		return cannot["fault"]
	n = ends[s, "fault", "early"] + 0
	if (n)
		return "killed before it was above the limit: " n " of " n_limits[s, "fault"]
	n = ends[s, "fault", "survived"] + 0
	if (n)
		return "not killed at all: " n " of " n_limits[s, "fault"]
	n = n_limits[s, "fault"] - size("late:" s ":fault")
	if (n)
		return "killed below the limit: " n " of " n_limits[s, "fault"]
	return ""
}

# how_late() - explain a missed target: what happened between the crossing and SIGKILL
function how_late(s,   us, pages) {
	us = median("late:" s ":fault") / 1000
	pages = median("over:" s ":fault") / 4096
	return sprintf("%.0f us, in which %.0f pages were taken; the poll takes %.0f us",
		       us, pages, median("late:" s ":poll 10 ms") / 1000)
}

function set_targets(   i, s, over) {
	for (i = 1; i <= scenarios[0]; i++) {
		s = scenarios[i]
		over = largest("over:" s ":fault")
		target(s ": largest overshoot", over == "" ? "" : over / 1024,
		       "KiB", bound_of(s), 1, why_not(s),
		       sprintf("in half of the samples it is at most %.0f KiB",
			       median("over:" s ":fault") / 1024))
	}
	for (i = 1; i <= scenarios[0]; i++) {
		s = scenarios[i]
		target(s ": crossing to SIGKILL, against the poll of 10 ms",
		       median("gain:" s), "times as fast", 50, 0, why_not(s),
		       how_late(s))
	}
	rate_target("outside, " value_of["containers"] " containers", "N containers", 1)
	rate_target("inside, limits far away", "inside", 5)
	rate_target("inside, near the limit", "near the limit", 5)
}

function rate_target(name, state, bound,   r) {
	if (!programs[0])
		return
	r = median("ratio:faults:" state)
	target("page faults " name, r == "" ? "" : 100 * (1 - r), "% slower",
	       bound, 1, "", sprintf("p10 to p90 %.2f to %.2f %%",
				     100 * (1 - quantile("ratio:faults:" state, 0.9)),
				     100 * (1 - quantile("ratio:faults:" state, 0.1))))
}

END {
	find_gains()
	find_ratios()
	set_targets()
	print_all()
}
