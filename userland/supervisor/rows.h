/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of "engine ps". */
#ifndef SUPERVISOR_ROWS_H
#define SUPERVISOR_ROWS_H

#include "registry.h"

/**
 * row_json() - the kernel's record, and what the supervisor knows of the container
 * NULL: memory ran out. Keys beyond those of "purserctl list --json": Documentation/cli.md
 */
struct json_object *row_json(const struct purser_container *record,
			     const struct container *c);

#endif /* SUPERVISOR_ROWS_H */
