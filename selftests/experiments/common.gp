# SPDX-License-Identifier: GPL-2.0
#
# Functions and settings for all plots. "report" sets the terminal, "summary" (the path
# of summary.tsv) and "dir" (the folder of the samples).

set datafile separator "\t"
set grid y
set key below horizontal
set bars 0.5
set pointintervalbox 0
set boxwidth 0.25
set style fill solid 0.6 border -1
set yrange [0:*]

colour(s) = s eq "cfs" ? "#117733" : "#cc3311"
offset(s) = s eq "cfs" ? -0.15 : 0.15
title(s) = s eq "cfs" ? "CFS" : "EEVDF"

# Lines of the summary. Its columns: 3 is the configuration, 7 the median, 8 the
# smallest and 9 the largest sample.
rows(e, s, c, m) = sprintf("< awk -F'\t' '$1==\"%s\" && $2==\"%s\" && $4==\"%s\" && $5==\"%s\" && $3!=\"alone\"' '%s'", e, s, c, m, summary)
# One label for both schedulers' bars.
set xtics nomirror font ",9"
labels(e, c, m) = rows(e, word(there, 1), c, m)
# Lines of the samples of two hogs: seconds, and the lag of the first hog in ms, which
# should get "share" of the time of both.
lag(s, config, share) = sprintf("< awk -F, -v OFS='\t' '$1==\"%s\" { key=$2 $3; if ($4==\"start\") { from[key]=$6; split(\"\", done) } else if ($4==\"exit\") done[$2]=1; else if ($3==\"a\") a=$6-from[key]; else if (!($2 in done)) print $5/1e6, ((a+$6-from[key])*%.6f-a)/1000 }' '%s/nice.%s.csv'", config, share, dir, s)
# Lines of latencies: microseconds, number of wake-ups.
woken(s, config) = sprintf("< awk -F, -v OFS='\t' '$1==\"%s\" { print $3, $4 }' '%s/io.latency.%s.csv'", config, dir, s)
# The schedulers that have samples.
there = system("cd '".dir."' && for s in cfs eevdf; do ls *.$s.csv >/dev/null 2>&1 && echo $s; done | tr '\n' ' '")
