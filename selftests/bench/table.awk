# SPDX-License-Identifier: GPL-2.0
#
# Reads the samples that "records" has printed; at the end table_FORM.awk prints the
# report. The lists of stats.awk have the name FIGURE:KIND:COUNT, where KIND:COUNT is the
# name of a cell:
#
#	register, get_name, get_id, get_pid, unregister:	microseconds of one request
#	fill, life, empty:	microseconds for one of all COUNT records
#	dump:			microseconds for each record of a dump
#	list:			milliseconds of "purserctl list"
#	list_memory:		its memory at the peak, MiB
#	memory:			the kernel's memory for each record or member, bytes
#	sweep:			percent of a processor's time
#	rmmod:			milliseconds

BEGIN {
	parts = "costs"
	n_operations = split("register get_name get_id get_pid unregister dump",
			     operations, " ")
	label["register"] = "register"
	label["get_name"] = "get by name"
	label["get_id"] = "get by id"
	label["get_pid"] = "get by pid"
	label["unregister"] = "unregister"
	label["dump"] = "dump, a record"
}

function scaled(figure, value, records) {
	if (figure == "dump")
		return value / 1e3 / records
	if (figure == "list" || figure == "rmmod")
		return value / 1e6
	if (figure == "list_memory")
		return value / 1024
	if (figure == "sweep")
		return value * 100
	if (figure == "memory")
		return value
	return value / 1e3
}

# Columns: kind count figure round value
$1 == "table" {
	cell = $2 ":" $3
	note("cell", cells, cell)
	kind[cell] = $2
	count[cell] = $3
	put($4 ":" cell, scaled($4, $6, $3))
	if (!($2 in least) || $3 + 0 < least[$2])
		least[$2] = $3 + 0
	if (!($2 in most) || $3 + 0 > most[$2])
		most[$2] = $3 + 0
}

# growth() - the median cost in a cell, divided by that in the smallest table of its kind
function growth(figure, cell,   first) {
	first = median(figure ":" kind[cell] ":" least[kind[cell]])
	return first ? median(figure ":" cell) / first : ""
}

# Why an operation costs more in a large table
function reason(figure, k,   low, high) {
	low = median(figure ":" k ":" least[k])
	high = median(figure ":" k ":" most[k])
	if (figure == "register" && k == "live")
		return sprintf("a registration looks at each process of the machine, %.0f ns each",
			(high - low) * 1000 / (most[k] - least[k]))
	if (figure ~ /pid|unregister|register/ && k == "live")
		return sprintf("%.1f us and %.1f us; the table of members has 16384 buckets, whatever it holds",
			low, high)
	return sprintf("%.1f us and %.1f us", low, high)
}

function growth_target(figure, k) {
	if (!(k in most) || most[k] == least[k])
		return
	target(label[figure] ", " most[k] " " k " records against " least[k],
	       growth(figure, k ":" most[k]), "times the cost", 1.5, 1, "",
	       reason(figure, k))
}

END {
	for (o = 1; o <= n_operations; o++) {
		growth_target(operations[o], "live")
		if (operations[o] != "get_pid")
			growth_target(operations[o], "ended")
	}
	print_all()
}
