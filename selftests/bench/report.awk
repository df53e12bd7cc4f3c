# SPDX-License-Identifier: GPL-2.0
#
# What the reports of all benchmarks have in common. "parts" are the names of the
# parts that a benchmark's samples are taken in, between spaces.

BEGIN { FS = "\t" }

function note(list, names, name) {
	if (!((list, name) in known)) {
		known[list, name] = 1
		names[++names[0]] = name
	}
}

$1 == "info" {
	for (i = 3; i < NF; i += 2) {
		note("info", infos, $i)
		info[$2, $i] = $(i + 1)
		value_of[$i] = $(i + 1)
	}
}

# A figure that proves nothing comes with the reason; one that misses the target is
# explained.
function target(name, value, unit, bound, at_most, why, explained) {
	n_targets++
	target_name[n_targets] = name
	target_value[n_targets] = value
	target_unit[n_targets] = unit
	target_bound[n_targets] = bound
	target_most[n_targets] = at_most
	target_ratio[n_targets] = value == "" ? "" : value / bound
	target_met[n_targets] = value != "" && why == "" &&
		(at_most ? value <= bound : value >= bound)
	if (!target_met[n_targets])
		target_why[n_targets] = why != "" ? why : explained
}
