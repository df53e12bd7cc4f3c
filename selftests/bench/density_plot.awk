# SPDX-License-Identifier: GPL-2.0
#
# Prints the figure as a gnuplot script that contains its data; see density.awk.

function print_data(s,   i, c) {
	printf "$%s << END\n", s
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (side[c] == s)
			print count[c], pss[c] / 1024, kernel[c] / 1024
	}
	print "END"
}

function plot(column, text,   i) {
	print "set title \"" text "\""
	for (i = 1; i <= sides[0]; i++)
		printf "%s$%s using 1:%d with linespoints pt 7 ps 0.6 lw 2 title \"%s\"",
			(i > 1 ? ", " : "plot "), sides[i], column, title[sides[i]]
	printf "\n"
}

function print_all(   i) {
	for (i = 1; i <= sides[0]; i++)
		print_data(sides[i])
	print "set terminal svg size 900, 800 noenhanced font \"sans,11\""
	print "set multiplot layout 2, 1"
	print "set logscale xy"
	print "set xlabel \"idle containers\""
	print "set ylabel \"MiB\""
	print "set key left top"
	print "set grid"
	plot(2, "PSS of all processes beside those of the containers")
	plot(3, "The kernel's memory for them")
	print "unset multiplot"
}
