/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a unit of systemd must know of its cgroup. systemd writes the values that it knows
 * whenever it likes, for example after "systemctl daemon-reload". It would put the default
 * in the place of a value that it was not told.
 */
#ifndef CGROUP_UNIT_PROPERTIES_H
#define CGROUP_UNIT_PROPERTIES_H

#include <stddef.h>
#include <stdint.h>

/* Bytes of a bit mask of CPUs or memory nodes: as many as the kernel can have. */
#define UNIT_MASK_BYTES 1024

/* How many properties one file of a cgroup can stand for. */
#define UNIT_PROPERTIES_MAX 2

/** struct unit_property - a property of a unit: a number, or a bit mask */
struct unit_property {
	const char *name;
	uint64_t number;
	uint8_t mask[UNIT_MASK_BYTES];
	size_t mask_len; /* 0: it is a number */
};

/**
 * unit_properties() - the properties for @text in a file of a cgroup
 * Returns how many: 0 if systemd has none for that file, or cannot express the value.
 */
int unit_properties(const char *file, const char *text,
		    struct unit_property properties[UNIT_PROPERTIES_MAX]);

#endif /* CGROUP_UNIT_PROPERTIES_H */
