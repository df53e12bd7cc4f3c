# SPDX-License-Identifier: GPL-2.0
#
# usage: awk -f plot.awk SAMPLES
#
# Prints the figure of a soak as a gnuplot script that contains its data: each row of panels
# shows columns of one kind over the number of containers.

BEGIN { FS = "," }

NR == 1 {
	for (i = 1; i <= NF; i++)
		at[$i] = i
	next
}

{
	rows[++n] = $0
	gsub(",", " ", rows[n])
}

function panel(title, names,   i, k, name, text) {
	print "set title \"" title "\""
	k = split(names, name, " ")
	for (i = 1; i <= k; i++)
		text = text (i > 1 ? ", " : "") "$samples using " at["containers"] ":" \
			at[name[i]] " with lines lw 2 title \"" name[i] "\""
	print "plot " text
}

END {
	print "$samples << END"
	for (i = 1; i <= n; i++)
		print rows[i]
	print "END"
	print "set terminal svg size 1100, 1200 noenhanced font \"sans,11\""
	print "set multiplot layout 4, 2"
	print "set key bottom right"
	print "set grid y"
	print "set yrange [0:*]"
	print "set xlabel \"containers\""
	panel("Slab, KiB", "SUnreclaim SReclaimable")
	panel("Other kernel memory, KiB", "VmallocUsed Percpu PageTables KernelStack")
	panel("RSS of the supervisors, KiB", "steady_rss next_rss")
	panel("Descriptors of the supervisors", "steady_fds next_fds")
	panel("Files of the supervisors", "run_files state_files log_files")
	panel("Inodes and dentries", "inodes dentries")
	panel("cgroups and mounts", "cgroups dying mounts")
	panel("The module", "module_refs live ended members")
	print "unset multiplot"
}
