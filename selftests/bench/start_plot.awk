# SPDX-License-Identifier: GPL-2.0
#
# Prints the figure as a gnuplot script that contains its data; see start.awk.

function print_data(kind,   i, name) {
	printf "$%s << END\n", kind
	for (i = 1; i <= cells[0]; i++) {
		name = kind ":" cells[i]
		print i, median(name), quantile(name, 0.1), quantile(name, 0.9)
	}
	print "END"
}

function plot(kind, title) {
	print "set title \"" title "\""
	printf "plot $%s using 1:2 with boxes fc rgb \"#44aa99\" notitle, ", kind
	printf "$%s using 1:2:3:4 with yerrorbars pt 0 lc rgb \"#332288\" notitle\n",
		kind
}

function print_all(   i, text) {
	print_data("time")
	print_data("peak")
	print "set terminal svg size 900, 800 noenhanced font \"sans,11\""
	print "set multiplot layout 2, 1"
	for (i = 1; i <= cells[0]; i++)
		text = text (i > 1 ? ", " : "") "\"" scenario[cells[i]] "\\n" \
			side[cells[i]] "\" " i
	print "set xtics (" text ")"
	print "set xrange [0.5:" cells[0] + 0.5 "]"
	print "set yrange [0:]"
	print "set boxwidth 0.6"
	print "set style fill solid"
	print "set grid y"
	plot("time", "Until the process has ended, ms (median, p10 to p90)")
	plot("peak", "Memory of the runtime at its peak, MiB")
	print "unset multiplot"
}
