# SPDX-License-Identifier: GPL-2.0
#
# awk -v PAGE=FILE -f yaml.awk -f reference.awk SPECIFICATION
#
# Prints PAGE and replaces the text between each ".. begin WHAT" and ".. end" by text made
# from the specification. WHAT is "constants", "enum NAME", "attributes SET", "commands" or
# "groups".

# Prints a cell of a table, and escapes characters with a meaning in reStructuredText.
function cell(first, text) {
	gsub(/[*`|_]/, "\\\\&", text)
	print (first ? "   * - " : "     - ") (text == "" ? "\\" : text)
}

function literal(first, text) {
	print (first ? "   * - " : "     - ") (text == "" ? "\\" : "``" text "``")
}

function table(heads,	n, i, names) {
	print ".. list-table::"
	print "   :header-rows: 1"
	print ""
	n = split(heads, names, /, /)
	for (i = 1; i <= n; i++)
		cell(i == 1, names[i])
}

function constants(	i, path) {
	table("constant, value, meaning")
	for (i = 0; (path = "definitions/" i) "/name" in V; i++) {
		if (V[path "/type"] != "const")
			continue
		literal(1, V[path "/name"])
		cell(0, V[path "/value"])
		cell(0, V[path "/doc"])
	}
}

function enum(name,	i, path, value, entry) {
	for (i = 0; (path = "definitions/" i) "/name" in V; i++)
		if (V[path "/name"] == name)
			break
	print V[path "/doc"]
	print ""
	table("name, number, meaning")
	value = path "/value-start" in V ? V[path "/value-start"] : 0
	for (i = 0; (entry = path "/entries/" i) "/name" in V; i++) {
		literal(1, V[entry "/name"])
		cell(0, value + i)
		cell(0, V[entry "/doc"])
	}
}

# Returns a text such as "u32, 1 to 64" or "string, at most 127 bytes".
function type_of(path,	text, checks) {
	text = V[path "/type"]
	checks = path "/checks/"
	if (path "/nested-attributes" in V)
		text = text " of " V[path "/nested-attributes"]
	if (path "/enum" in V)
		text = text ", " V[path "/enum"]
	if (checks "min" in V && checks "max" in V)
		text = text ", " V[checks "min"] " to " V[checks "max"]
	else if (checks "max" in V)
		text = text ", at most " V[checks "max"]
	else if (checks "min" in V)
		text = text ", at least " V[checks "min"]
	if (checks "max-len" in V)
		text = text ", at most " V[checks "max-len"] " bytes"
	if (path "/multi-attr" in V)
		text = text ", more than one"
	return text
}

function attributes(set,	i, path, a) {
	for (i = 0; (path = "attribute-sets/" i) "/name" in V; i++)
		if (V[path "/name"] == set)
			break
	print V[path "/doc"]
	print ""
	table("attribute, number, type, meaning")
	for (i = 0; (a = path "/attributes/" i) "/name" in V; i++) {
		literal(1, V[a "/name"])
		cell(0, i + 1)
		cell(0, type_of(a))
		cell(0, V[a "/type"] == "pad" ? "Aligns what follows it." : \
			V[a "/doc"])
	}
}

function list(path,	i, text) {
	for (i = 0; path "/" i in V; i++)
		text = text (i ? ", " : "") "``" V[path "/" i] "``"
	return text == "" ? "none" : text
}

function exists(path) {
	return path in P
}

function one_way(op, how) {
	if (!exists(op "/" how))
		return
	print "Request (" how "):"
	print "    " list(op "/" how "/request/attributes")
	print ""
	print "Reply (" how "):"
	print "    " (exists(op "/" how "/reply") ? \
		list(op "/" how "/reply/attributes") : "an acknowledgement")
	print ""
}

function commands(	i, op, title) {
	for (i = 0; (op = "operations/list/" i) "/name" in V; i++) {
		title = V[op "/name"] " (" i + 1 ")"
		print title
		gsub(/./, "-", title)
		print title
		print ""
		print V[op "/doc"]
		print ""
		print "Attributes:"
		print "    set ``" V[op "/attribute-set"] "``"
		print ""
		if (exists(op "/event")) {
			print "Sent to:"
			print "    group ``" V[op "/mcgrp"] "``"
			print ""
			print "Content:"
			print "    " list(op "/event/attributes")
			print ""
			continue
		}
		print "Permission:"
		print "    " (op "/flags/0" in V ? "``CAP_NET_ADMIN``" : "every user of the host")
		print ""
		one_way(op, "do")
		one_way(op, "dump")
	}
}

function groups(	i, path) {
	table("group, permission")
	for (i = 0; (path = "mcast-groups/list/" i) "/name" in V; i++) {
		literal(1, V[path "/name"])
		if (path "/flags/0" in V)
			literal(0, "CAP_NET_ADMIN")
		else
			cell(0, "every user of the host")
	}
}

END {
	while ((getline text < PAGE) > 0) {
		if (text ~ /^\.\. end$/)
			skip = 0
		if (!skip)
			print text
		if (text !~ /^\.\. begin /)
			continue
		skip = 1
		n = split(text, words, / /)
		print ""
		if (words[3] == "constants")
			constants()
		else if (words[3] == "enum")
			enum(words[4])
		else if (words[3] == "attributes")
			attributes(words[4])
		else if (words[3] == "commands")
			commands()
		else if (words[3] == "groups")
			groups()
		print ""
	}
}
