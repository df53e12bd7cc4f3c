# SPDX-License-Identifier: GPL-2.0
# from: nice
set title "Share of the CPU of the first of two hogs, % (median, smallest to largest)"
set yrange [0:105]
$expected << END
0	50
1	75.35
2	90.30
3	98.56
4	50
END
plot labels("nice", "a", "share") using 0:7:xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] rows("nice", s, "a", "share") \
	using ($0 + offset(s)):7 with boxes lc rgb colour(s) title title(s), \
	for [s in there] rows("nice", s, "a", "share") \
	using ($0 + offset(s)):7:8:9 with yerrorbars lc rgb "black" ps 0 notitle, \
	$expected using 1:2 with points pt 2 ps 1.4 lw 2 lc rgb "black" title "by the weights"
