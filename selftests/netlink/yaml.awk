# SPDX-License-Identifier: GPL-2.0
#
# Reads the YAML of a netlink specification. V has the value of each scalar by its path,
# such as "operations/list/0/name"; P has the paths of lists and mappings. The END of
# another script, given by a second -f, uses them. The script knows block mappings and
# lists, lists in brackets, folded text (">-"), comment lines, anchors and aliases.

function yaml_set(path, value,	n, i, items, name, from, p, copy) {
	if (value ~ /^&/) {
		name = value
		sub(/^&/, "", name)
		anchor[name] = path
		yaml_push(path)
	} else if (value ~ /^\*/) {
		from = anchor[substr(value, 2)]
		for (p in V)
			if (index(p, from "/") == 1)
				copy[path substr(p, length(from) + 1)] = V[p]
		for (p in copy)
			V[p] = copy[p]
		yaml_copy_paths(from, path)
	} else if (value ~ /^\[.*\]$/) {
		P[path]
		n = split(substr(value, 2, length(value) - 2), items, /,/)
		for (i = 1; i <= n; i++) {
			gsub(/^ +| +$/, "", items[i])
			if (items[i] != "")
				V[path "/" i - 1] = items[i]
		}
	} else {
		gsub(/^"|"$/, "", value)
		V[path] = value
	}
}

function yaml_copy_paths(from, to,	p, copy) {
	for (p in P)
		if (p == from || index(p, from "/") == 1)
			copy[to substr(p, length(from) + 1)]
	for (p in copy)
		P[p]
}

# Begins a node whose children are on the next lines, with the indentation of the first.
function yaml_push(path) {
	P[path]
	depth++
	node[depth] = path
	column[depth] = -1
	items_of[depth] = 0
	is_list[depth] = 0
}

function yaml_line(at, text,	key, value, path) {
	if (column[depth] < 0) {
		if (at > column[depth - 1] ||
		    (text ~ /^-/ && at == column[depth - 1]))
			column[depth] = at
		else
			depth--
	}
	while (depth > 0 && column[depth] > at)
		depth--
	# A list may have the same indentation as its key.
	if (text !~ /^-/ && depth > 0 && is_list[depth] && column[depth] == at)
		depth--
	path = node[depth] == "" ? "" : node[depth] "/"
	is_list[depth] = text ~ /^-/
	if (text ~ /^-( |$)/) {
		path = path items_of[depth]++
		sub(/^-/, "", text)
		sub(/^ +/, "", text)
		if (text == "")
			yaml_push(path)
		else
			yaml_set(path, text)
		return
	}
	if (!match(text, /^[a-z0-9-]+:/)) {
		print FILENAME ":" FNR ": cannot parse: " text
		exit 2
	}
	key = substr(text, 1, RLENGTH - 1)
	value = substr(text, RLENGTH + 1)
	sub(/^ +/, "", value)
	path = path key
	if (value == ">-") {
		folded = path
		folded_at = at
	} else if (value == "") {
		yaml_push(path)
	} else {
		yaml_set(path, value)
	}
}

BEGIN { depth = 0; column[0] = 0; node[0] = "" }
/^(---|#.*|[ \t]*)$/ { next }
{
	match($0, /^ */)
	at = RLENGTH
	text = substr($0, at + 1)
	if (folded != "") {
		if (at > folded_at) {
			V[folded] = V[folded] (folded in V && V[folded] != "" ? " " : "") text
			next
		}
		folded = ""
	}
	if (text !~ /^#/)
		yaml_line(at, text)
}
