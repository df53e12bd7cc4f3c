/* SPDX-License-Identifier: GPL-2.0 */
/* The rows of "engine ps". */
#ifndef SUPERVISOR_ROWS_H
#define SUPERVISOR_ROWS_H

#include "registry.h"

/**
 * row_json() - make a row from the kernel's record and the supervisor's container
 * Documentation/cli.md has the keys. NULL: out of memory.
 */
struct json_object *row_json(const struct purser_container *record,
			     const struct container *c);

#endif /* SUPERVISOR_ROWS_H */
