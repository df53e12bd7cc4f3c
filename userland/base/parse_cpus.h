/* SPDX-License-Identifier: LGPL-2.1 */
/* The part of parse_cpu_list() that does not look at the machine. */
#ifndef BASE_PARSE_CPUS_H
#define BASE_PARSE_CPUS_H

#include "parse.h"

/** parse_cpu_list_of() - parse_cpu_list() where the last CPU is number @last */
int parse_cpu_list_of(const char *s, unsigned int last, cpu_set_t **set,
		      size_t *size);

#endif /* BASE_PARSE_CPUS_H */
