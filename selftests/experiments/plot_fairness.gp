# SPDX-License-Identifier: GPL-2.0
# from: fairness
set multiplot layout 1, 2
set xlabel "hogs" offset 0, 0.6
set title "Smallest and largest share, % of a fair one"
set yrange [95:105]
set xrange [-0.5:2.5]
plot labels("fairness", "all", "least") using 0:($7 * $3):xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] rows("fairness", s, "all", "least") \
	using ($0 + offset(s)):($7 * $3):($8 * $3):($9 * $3) \
	with yerrorbars pt 9 lw 2 lc rgb colour(s) title title(s).", smallest", \
	for [s in there] rows("fairness", s, "all", "most") \
	using ($0 + offset(s)):($7 * $3):($8 * $3):($9 * $3) \
	with yerrorbars pt 11 lw 2 lc rgb colour(s) title title(s).", largest"
set title "Times a second that a hog is taken off the CPU"
set yrange [0:*]
plot labels("fairness", "all", "switches") using 0:7:xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] rows("fairness", s, "all", "switches") \
	using ($0 + offset(s)):7 with boxes lc rgb colour(s) title title(s), \
	for [s in there] rows("fairness", s, "all", "switches") \
	using ($0 + offset(s)):7:8:9 with yerrorbars lc rgb "black" ps 0 notitle
unset multiplot
