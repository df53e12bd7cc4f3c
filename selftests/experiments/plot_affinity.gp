# SPDX-License-Identifier: GPL-2.0
# from: affinity
set title "Two hogs: % of the time while both run that each ran, and could have (grey)"
set yrange [0:105]
set boxwidth 0.18
at(s, c) = (s eq "cfs" ? -0.3 : 0.1) + (c eq "a" ? 0 : 0.2)
# The summary has "waited" in the line after "used": the grey bar is the sum.
waited(s, c) = sprintf("< awk -F'\t' '$1==\"affinity\" && $2==\"%s\" && $4==\"%s\" { if ($5==\"used\") x=$7; if ($5==\"waited\") print x+$7 }' '%s'", s, c, summary)
plot labels("affinity", "a", "used") using 0:7:xtic(3) with points ps 0 lc rgb "white" notitle, \
	for [s in there] for [c in "a b"] waited(s, c) \
	using ($0 + at(s, c)):1 with boxes lc rgb "#bbbbbb" notitle, \
	for [s in there] for [c in "a b"] rows("affinity", s, c, "used") \
	using ($0 + at(s, c)):7 with boxes fs solid 1 lc rgb colour(s) \
	title title(s).", ".c, \
	for [s in there] for [c in "a b"] rows("affinity", s, c, "used") \
	using ($0 + at(s, c)):7:8:9 with yerrorbars lc rgb "black" ps 0 notitle
