# SPDX-License-Identifier: GPL-2.0
#
# awk -f yaml.awk -f values.awk SPECIFICATION
#
# Prints "NAME VALUE" for each name that has a number, as the uapi header spells it.

function c_name(s) {
	gsub(/-/, "_", s)
	return toupper(s)
}

function print_enum(path,	i, prefix, value) {
	prefix = V[path "/name"] == "event-type" ? "event" : V[path "/name"]
	value = path "/value-start" in V ? V[path "/value-start"] : 0
	for (i = 0; path "/entries/" i "/name" in V; i++)
		print "PURSER_" c_name(prefix "-" V[path "/entries/" i "/name"]),
			value + i
}

END {
	# The schema for new families has no key "version": the default is 1.
	print "PURSER_FAMILY_VERSION", 1
	for (i = 0; (path = "definitions/" i) "/name" in V; i++)
		if (V[path "/type"] == "const")
			print "PURSER_" c_name(V[path "/name"]), V[path "/value"]
		else
			print_enum(path)
	for (i = 0; (path = "attribute-sets/" i) "/name" in V; i++)
		for (j = 0; path "/attributes/" j "/name" in V; j++)
			print c_name(V[path "/name-prefix"] \
				V[path "/attributes/" j "/name"]), j + 1
	for (i = 0; "operations/list/" i "/name" in V; i++)
		print "PURSER_CMD_" c_name(V["operations/list/" i "/name"]), i + 1
}
