# SPDX-License-Identifier: GPL-2.0
#
# Reads what all benchmarks have in common: info lines and targets. "parts" lists the
# names of the benchmark's parts, between spaces.

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

# target() - add a target. "why" is the reason if the figure proves nothing;
# "explained" explains a figure that misses the target. "at_most": the bound is a maximum.
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
