# SPDX-License-Identifier: GPL-2.0
#
# awk -v KERNEL=FILE -v OUT=PATH -f yaml.awk -f policy.awk SPECIFICATION
#
# Writes the policies of the specification to OUT.spec, and those that policy.c has printed
# to KERNEL to OUT.kernel, in the same form and with names. If the kernel has one policy for
# do and dump of a command, the attributes of both are compared with it.

# Returns the type of an attribute as the module's policy must have it.
function type_of(path,	type, enum, i, min, max) {
	type = V[path "/type"]
	if (type == "string")
		type = "nul-string"
	min = 0
	max = type == "u32" ? "4294967295" : "18446744073709551615"
	if (path "/enum" in V) {
		enum = enums[V[path "/enum"]]
		if (enum "/value-start" in V)
			min = V[enum "/value-start"]
		for (i = 0; enum "/entries/" i "/name" in V; i++)
			max = min + i
	}
	if (path "/checks/min" in V)
		min = V[path "/checks/min"]
	if (path "/checks/max" in V)
		max = V[path "/checks/max"]
	if (type ~ /^u/)
		type = type " " min " " max
	if (path "/checks/max-len" in V)
		type = type " max-len " V[path "/checks/max-len"]
	return type
}

function print_attributes(op, how, use,	list, i, name, path) {
	list = op "/" how "/request/attributes/"
	for (i = 0; list i in V; i++) {
		name = V[list i]
		path = attribute[V[op "/attribute-set"], name]
		if (path == "")
			name = name " is not in the set"
		print "attr", V[op "/name"], use, name, type_of(path) > OUT ".spec"
	}
}

function print_op(op,	flags, i, use) {
	if (!(op "/attribute-set" in V) || has(op "/event"))
		return
	for (i = 0; op "/flags/" i in V; i++)
		flags = flags " " V[op "/flags/" i]
	if (has(op "/do"))
		flags = flags " do"
	if (has(op "/dump"))
		flags = flags " dump"
	print "op", V[op "/name"] flags > OUT ".spec"
	if (shared[V[op "/name"]]) {
		print "policy", V[op "/name"], "do+dump" > OUT ".spec"
		print_attributes(op, "do", "do+dump")
		print_attributes(op, "dump", "do+dump")
		return
	}
	for (use in uses)
		if (has(op "/" use)) {
			print "policy", V[op "/name"], use > OUT ".spec"
			print_attributes(op, use, use)
		}
}

# Whether the path exists. An empty request has no value below it.
function has(path,	p) {
	if (path in P)
		return 1
	for (p in V)
		if (index(p, path "/") == 1)
			return 1
	return 0
}

function name_sets(	i, j, set, path) {
	for (i = 0; "definitions/" i "/name" in V; i++)
		enums[V["definitions/" i "/name"]] = "definitions/" i
	for (i = 0; "attribute-sets/" i "/name" in V; i++) {
		set = V["attribute-sets/" i "/name"]
		for (j = 0; ; j++) {
			path = "attribute-sets/" i "/attributes/" j
			if (!(path "/name" in V))
				break
			attribute[set, V[path "/name"]] = path
			name_of[set, j + 1] = V[path "/name"]
		}
	}
	for (i = 0; "operations/list/" i "/name" in V; i++)
		op_path[i + 1] = "operations/list/" i
}

function named_op(number) {
	return number in op_path ? V[op_path[number] "/name"] : number
}

function named_attribute(op, number,	set) {
	set = V[op_path[op] "/attribute-set"]
	return (set, number) in name_of ? name_of[set, number] : number
}

BEGIN { uses["do"]; uses["dump"] }
END {
	name_sets()
	while ((getline < KERNEL) > 0) {
		number = $2
		if ($1 ~ /^(op|policy|attr)$/)
			$2 = named_op(number)
		if ($1 == "attr")
			$4 = named_attribute(number, $4)
		if ($1 == "policy" && $3 == "do+dump")
			shared[$2] = 1
		print > OUT ".kernel"
	}
	# The schema for new families has no key "version": the default is 1.
	print "version 1" > OUT ".spec"
	for (i = 0; "mcast-groups/list/" i "/name" in V; i++) {
		flags = ""
		for (j = 0; "mcast-groups/list/" i "/flags/" j in V; j++)
			flags = flags " " V["mcast-groups/list/" i "/flags/" j]
		print "group", V["mcast-groups/list/" i "/name"] flags > OUT ".spec"
	}
	for (i = 1; i in op_path; i++)
		print_op(op_path[i])
}
