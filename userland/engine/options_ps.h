/* SPDX-License-Identifier: GPL-2.0 */
/* The options of "engine ps". */
#ifndef ENGINE_OPTIONS_PS_H
#define ENGINE_OPTIONS_PS_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/options.h"
#include "base/strings.h"

struct ps_options {
	const char *run_dir;
	bool json;
	bool all; /* the default */
	bool quiet;
	bool no_trunc;
	const char *format;	    /* NULL: a table */
	struct string_list filters; /* "KEY=PATTERN" */
};

extern const struct option ps_options[];
int ps_check(void *options, struct failure *failure);
void ps_release(void *options);

#endif /* ENGINE_OPTIONS_PS_H */
