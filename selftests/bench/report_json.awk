# SPDX-License-Identifier: GPL-2.0
#
# Prints the parts of the JSON that all benchmarks have; see report.awk.

function quote(text) {
	gsub(/\\/, "\\\\", text)
	gsub(/"/, "\\\"", text)
	gsub(/[\001-\037]/, " ", text)
	return "\"" text "\""
}

function num(value) {
	return value == "" || value == "-" ? "null" : sprintf("%.17g", value)
}

function print_info(   i, j, n, part, sep) {
	n = split(parts, part, " ")
	printf "  \"info\": {\n"
	for (j = 1; j <= n; j++) {
		printf "    %s: {", quote(part[j])
		sep = ""
		for (i = 1; i <= infos[0]; i++) {
			printf "%s%s: %s", sep, quote(infos[i]),
				quote(info[part[j], infos[i]])
			sep = ", "
		}
		printf "}%s", j < n ? ",\n" : ""
	}
	printf "},\n"
}

function summary(name) {
	return sprintf("{\"n\": %d, \"median\": %s, \"p10\": %s, \"p90\": %s, \"max\": %s}",
		size(name), num(median(name)), num(quantile(name, 0.1)),
		num(quantile(name, 0.9)), num(largest(name)))
}

function print_targets(   i) {
	printf "  \"targets\": ["
	for (i = 1; i <= n_targets; i++)
		printf "%s\n    {\"name\": %s, \"value\": %s, \"unit\": %s, \"%s\": %s, \"ratio\": %s, \"met\": %s, \"reason\": %s}",
			(i > 1 ? "," : ""), quote(target_name[i]),
			num(target_value[i]), quote(target_unit[i]),
			target_most[i] ? "at_most" : "at_least",
			num(target_bound[i]), num(target_ratio[i]),
			target_met[i] ? "true" : "false",
			target_why[i] == "" ? "null" : quote(target_why[i])
	printf "]\n"
}

# print_all - the whole report; print_cells() prints the parts that only this benchmark has
function print_all() {
	printf "{\n"
	print_info()
	print_cells()
	print_targets()
	printf "}\n"
}
