# SPDX-License-Identifier: GPL-2.0
# from: cgroup
set title "Two hogs in cgroups: % of the time that the first ran (median, smallest to largest)"
set yrange [0:105]
plot labels("cgroup", "a", "used") using 0:7:xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] rows("cgroup", s, "a", "used") \
	using ($0 + offset(s)):7 with boxes lc rgb colour(s) title title(s), \
	for [s in there] rows("cgroup", s, "a", "used") \
	using ($0 + offset(s)):7:8:9 with yerrorbars lc rgb "black" ps 0 notitle
