# SPDX-License-Identifier: GPL-2.0
#
# Prints the figure as a gnuplot script that contains its data; see events.awk.

function print_data(p,   i, c, n) {
	printf "$%s << END\n", p
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (part[c] == p)
			print ++n, median("delay:" c), quantile("delay:" c, 0.99)
	}
	print "END"
}

function plot(p, title,   i, n, c, text) {
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (part[c] == p)
			text = text (n++ ? ", " : "") "\"" scenario[c] "\\n" side[c] "\" " n
	}
	print "set xtics (" text ")"
	print "set xrange [0.5:" n + 0.5 "]"
	print "set title \"" title "\""
	printf "plot $%s using 1:2 with points pt 7 lc rgb \"#44aa99\" title \"p50\", ", p
	printf "$%s using 1:3 with points pt 9 lc rgb \"#332288\" title \"p99\"\n", p
}

function print_all() {
	print_data("counted")
	print_data("clocked")
	print "set terminal svg size 900, 800 noenhanced font \"sans,11\""
	print "set multiplot layout 2, 1"
	print "set logscale y"
	print "set ylabel \"microseconds until the line can be read\""
	print "set grid y"
	plot("counted", "One processor, time counted in instructions")
	plot("clocked", "Two processors, real time")
	print "unset multiplot"
}
