# SPDX-License-Identifier: GPL-2.0
# from: io
set title "Wake-up latency of the sleeper: share of wake-ups that took at most so long"
set xlabel "microseconds" offset 0, 0.5
set xtics font ",9"
set logscale x
set grid x
set key outside below
set yrange [0.8:1.01]
configs = "'pulse alone' 'one hog' 'two hogs'"
plot for [s in there] for [i=1:words(configs)] woken(s, word(configs, i)) \
	using 1:2 smooth cnormal lw 2 dt i lc rgb colour(s) \
	title title(s).", ".word(configs, i)
