# SPDX-License-Identifier: GPL-2.0
#
# Prints the figure as a gnuplot script that contains its data; see table.awk.

function figure(list) {
	return size(list) ? median(list) : "nan"
}

function print_data(k,   i, o, c) {
	printf "$%s << END\n", k
	for (i = 1; i <= cells[0]; i++) {
		c = cells[i]
		if (kind[c] != k)
			continue
		printf "%d", count[c]
		for (o = 1; o <= n_operations; o++)
			printf " %s", figure(operations[o] ":" c)
		printf "\n"
	}
	print "END"
}

function plot(k, title,   o, sep) {
	printf "set title \"%s\"\nplot ", title
	for (o = 1; o <= n_operations; o++) {
		if (k == "ended" && operations[o] == "get_pid")
			continue
		printf "%s$%s using 1:%d with linespoints pt 7 ps 0.6 lw 2 title \"%s\"",
			sep, k, o + 1, label[operations[o]]
		sep = ", "
	}
	printf "\n"
}

function print_all() {
	print_data("live")
	print_data("ended")
	print "set terminal svg size 900, 800 noenhanced font \"sans,11\""
	print "set multiplot layout 2, 1"
	print "set logscale xy"
	print "set xlabel \"records in the table\""
	print "set ylabel \"microseconds, median\""
	print "set key outside right"
	print "set grid"
	plot("live", "Records of live containers: the cost of an operation")
	plot("ended", "Records of ended containers: the cost of an operation")
	print "unset multiplot"
}
