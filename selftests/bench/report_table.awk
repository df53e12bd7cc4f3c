# SPDX-License-Identifier: GPL-2.0
#
# Prints the parts of the table that all benchmarks have; see report.awk.

# An info that is the same for all parts is printed once.
function print_info(   i, j, n, name, label, part, same) {
	n = split(parts, part, " ")
	for (i = 1; i <= infos[0]; i++) {
		name = infos[i]
		same = 1
		for (j = 1; j <= n; j++)
			same = same && ((part[j], name) in info) &&
				info[part[j], name] == info[part[1], name]
		if (same) {
			printf "%-12s  %s\n", name, info[part[1], name]
			continue
		}
		label = name
		for (j = 1; j <= n; j++)
			if ((part[j], name) in info) {
				printf "%-12s  %s (%s)\n", label,
					info[part[j], name], part[j]
				label = ""
			}
	}
}

function print_targets(   i, value) {
	printf "\nTargets\n"
	for (i = 1; i <= n_targets; i++) {
		value = "no figure"
		if (target_value[i] != "")
			value = sprintf("%.4g", target_value[i])
		printf "%-6s %s: %s, %s %s %s", target_met[i] ? "met" : "MISSED",
			target_name[i], value, target_most[i] ? "at most" : "at least",
			target_bound[i], target_unit[i]
		if (target_ratio[i] != "")
			printf " (%.3g of it)", target_ratio[i]
		print target_why[i] == "" ? "" : ": " target_why[i]
	}
}
