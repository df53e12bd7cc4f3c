# SPDX-License-Identifier: GPL-2.0
#
# The kernel's weight of each niceness in the experiments, see sched_prio_to_weight[].

BEGIN {
	weight_of[0] = 1024
	weight_of[5] = 335
	weight_of[10] = 110
	weight_of[19] = 15
}

# weights() - set a_weight and b_weight for a pair of nicenesses, "A:B ..."
function weights(pair,   part) {
	split(pair, part, /[: ]/)
	a_weight = weight_of[part[1]]
	b_weight = weight_of[part[2]]
	if (pair ~ /autogroup/)
		a_weight = b_weight = 1024
}
