# SPDX-License-Identifier: GPL-2.0
#
# Prints the figure as a gnuplot script that contains its data; see memory.awk.

# A logarithmic axis has no zero: it begins at "least".
function at_least(value, least) {
	return value < least ? least : value
}

# print_data() - print a block of data: position, median, p10 and p90 of each thing
function print_data(block, kind, things, unit, least, after,
		    i, name) {
	printf "$%s << END\n", block
	for (i = 1; i <= things[0]; i++) {
		name = kind ":" (after != "" ? things[i] ":" after : things[i])
		if (size(name))
			print i, at_least(median(name) / unit, least),
				at_least(quantile(name, 0.1) / unit, least),
				at_least(quantile(name, 0.9) / unit, least)
	}
	print "END"
}

function tics(things, first,   i, text) {
	for (i = first; i <= things[0]; i++)
		text = text (text == "" ? "" : ", ") "\"" things[i] "\" " i
	return "set xtics (" text ")\nset xrange [" first - 0.5 ":" things[0] + 0.5 "]"
}

# plotted() - a plot of block i of n, shifted so that the points stand side by side
function plotted(block, i, n, title) {
	return sprintf("$%s using ($1 + %.3f):2:3:4 with yerrorbars pt 7 ps 0.6 lw 2 lc rgb \"%s\" title \"%s\"",
		block, (i - (n + 1) / 2) * 0.7 / n, colours[i], title)
}

function print_limits(prefix, kind, unit, least, title,   j, text) {
	for (j = 1; j <= sides[0]; j++)
		print_data(prefix j, kind, scenarios, unit, least, sides[j])
	print "set title \"" title "\""
	print "set logscale y"
	print tics(scenarios, 1)
	for (j = 1; j <= sides[0]; j++)
		if (has_data(kind, sides[j]))
			text = text (text == "" ? "" : ", ") plotted(prefix j, j, sides[0], sides[j])
	if (text != "")
		print "plot " text
}

function has_data(kind, side,   i) {
	for (i = 1; i <= scenarios[0]; i++)
		if (size(kind ":" scenarios[i] ":" side))
			return 1
	return 0
}

function print_rates(   i, j, name, text) {
	for (i = 1; i <= programs[0]; i++) {
		printf "$rates%d << END\n", i
		for (j = 2; j <= states[0]; j++) {
			name = "ratio:" programs[i] ":" states[j]
			print j, 100 * median(name), 100 * quantile(name, 0.1),
				100 * quantile(name, 0.9)
		}
		print "END"
		text = text (i > 1 ? ", " : "") plotted("rates" i, i, programs[0], programs[i])
	}
	print "set title \"Rate, % of that without the module\""
	print "unset logscale y"
	print tics(states, 2)
	if (text != "")
		print "plot " text
}

function print_all() {
	split("#88ccee #44aa99 #117733 #cc3311 #332288", colours, " ")
	print "set terminal svg size 1000, 1300 noenhanced font \"sans,11\""
	print "set multiplot layout 3, 1"
	print "set key below horizontal"
	print "set format y \"%g\""
	print "set grid y"
	print "set bars 0.4"
	print_limits("over", "over", 1024, 1, "Above the hard limit, KiB (median, p10 to p90; 1 and less at the bottom)")
	print_limits("late", "late", 1000, 1, "From the crossing to SIGKILL, microseconds (median, p10 to p90)")
	print_rates()
	print "unset multiplot"
}
