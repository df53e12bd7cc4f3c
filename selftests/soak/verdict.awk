# SPDX-License-Identifier: GPL-2.0
#
# usage: awk -f verdict.awk SAMPLES SLABS
#
# Compares the first third of a soak's samples with the last third, by their medians. Prints
# "good POINT" or "bad POINT" for each column that must not grow. It may differ by its
# tolerance: an absolute one, and a part of the first value.

function tolerate(column, absolute, percent) {
	order[++columns] = column
	absolute_of[column] = absolute
	percent_of[column] = percent
}

BEGIN {
	FS = ","
	# What the kernel holds, in KiB. Its caches keep some free objects for each processor.
	tolerate("SUnreclaim", 1024, 3)
	tolerate("SReclaimable", 1024, 3)
	tolerate("VmallocUsed", 256, 2)
	tolerate("Percpu", 256, 5)
	tolerate("PageTables", 256, 10)
	tolerate("KernelStack", 256, 10)
	tolerate("Shmem", 512, 2)
	# The supervisors, in KiB and in numbers. The heap of the one that serves all the
	# time has seen all sizes after the first rounds.
	tolerate("steady_rss", 256, 3)
	tolerate("steady_fds", 0, 0)
	tolerate("steady_threads", 0, 0)
	tolerate("next_rss", 256, 5)
	tolerate("next_fds", 0, 0)
	# Files and numbers of objects. The guest's own programs have some inodes.
	tolerate("run_files", 0, 0)
	tolerate("state_files", 0, 0)
	tolerate("log_files", 0, 0)
	tolerate("inodes", 64, 3)
	tolerate("dentries", 128, 5)
	tolerate("files", 32, 5)
	tolerate("mounts", 0, 0)
	tolerate("cgroups", 0, 0)
	tolerate("dying", 8, 0)
	tolerate("processes", 8, 0)
	# The module's books.
	tolerate("module_refs", 0, 0)
	tolerate("live", 0, 0)
	tolerate("ended", 0, 0)
	tolerate("members", 0, 0)
	slab_absolute = 128
	slab_percent = 10
	# A piece of the vmalloc space that is freed keeps its object until all such pieces
	# together have 32 MiB for each doubling of the processors (lazy_max_pages() in
	# mm/vmalloc.c). A container frees about three, of some pages each.
	slab_absolute_of["vmap_area"] = 1024
}

FNR == 1 {
	file++
	for (i = 1; i <= NF; i++)
		if (file == 1)
			column[$i] = i
	next
}

file == 1 {
	n++
	row_of[$column["round"]] = n
	for (name in column) {
		value[name, n] = $column[name]
		if ($column[name] !~ /^[0-9]+$/)
			missing[name]++
	}
}

file == 2 {
	if (!($2 in caches))
		caches[$2] = 1
	value["slab " $2, row_of[$1]] = $3
}

# median of the samples FROM to TO of a column
function median(name, from, to,   i, j, k, swap, sorted) {
	k = 0
	for (i = from; i <= to; i++) {
		sorted[++k] = value[name, i] + 0
		for (j = k; j > 1 && sorted[j - 1] > sorted[j]; j--) {
			swap = sorted[j]
			sorted[j] = sorted[j - 1]
			sorted[j - 1] = swap
		}
	}
	return k % 2 ? sorted[(k + 1) / 2] : (sorted[k / 2] + sorted[k / 2 + 1]) / 2
}

# compare - set first, last and allowed for a column; return whether it has not grown
function compare(name, absolute, percent,   third) {
	third = int(n / 3)
	first = median(name, 1, third)
	last = median(name, n - third + 1, n)
	allowed = absolute + first * percent / 100
	return last - first <= allowed
}

END {
	if (n < 6) {
		print "bad there are enough samples to compare: " n + 0
		exit
	}
	for (i = 1; i <= columns; i++) {
		name = order[i]
		if (!(name in column) || name in missing) {
			print "bad each sample has a number for " name
			continue
		}
		word = compare(name, absolute_of[name], percent_of[name]) ? "good" : "bad"
		printf "%s %s does not grow: from %d to %d, at most %d more\n",
			word, name, first, last, allowed
	}
	grown = ""
	for (name in caches) {
		absolute = (name in slab_absolute_of) ? slab_absolute_of[name] : slab_absolute
		if (!compare("slab " name, absolute, slab_percent))
			grown = grown sprintf(" %s from %d to %d KiB,", name, first, last)
	}
	sub(/,$/, "", grown)
	if (grown == "")
		printf "good no slab cache grows by more than %d KiB and %d %%\n",
			slab_absolute, slab_percent
	else
		print "bad no slab cache grows:" grown
}
