# SPDX-License-Identifier: GPL-2.0
# from: nice
set multiplot layout 1, 2
set title "Lag of the hog of nice 0 beside one of nice 10, ms"
set xlabel "seconds" offset 0, 0.6
set yrange [*:*]
plot for [s in there] lag(s, "0:10", 1024. / 1134) \
	using 1:2 with points pt (s eq "cfs" ? 6 : 2) ps 0.7 lw 1.5 lc rgb colour(s) title title(s)
set title "How long the hog of nice 0 runs at a time, ms"
unset xlabel
set yrange [0:*]
plot labels("nice", "a", "slice") using 0:7:xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] rows("nice", s, "a", "slice") \
	using ($0 + offset(s)):7 with boxes lc rgb colour(s) title title(s), \
	for [s in there] rows("nice", s, "a", "slice") \
	using ($0 + offset(s)):7:8:9 with yerrorbars lc rgb "black" ps 0 notitle
unset multiplot
