// SPDX-License-Identifier: GPL-2.0
/* The options of "engine ps", see options_ps.h. */
#include <string.h>

#include "options.h"
#include "options_ps.h"

/* clang-format off */
#define PS(member) OPTION_TO(struct ps_options, member)
const struct option ps_options[] = {
	{ .name = "all", .letter = 'a', .kind = OPTION_FLAG, PS(all),
	  .about = "print ended containers too, which is the default" },
	{ .name = "quiet", .letter = 'q', .kind = OPTION_FLAG, PS(quiet),
	  .about = "print only the IDs" },
	{ .name = "filter", .letter = 'f', .kind = OPTION_LIST, PS(filters),
	  .value = "KEY=PATTERN",
	  .about = "print only containers whose value of a key of the JSON matches the shell pattern" },
	{ .name = "format", .kind = OPTION_STRING, PS(format), .value = "TEXT",
	  .about = "print this text for each container, with {{.KEY}} for a value, or \"json\"" },
	{ .name = "no-trunc", .kind = OPTION_FLAG, PS(no_trunc),
	  .about = "do not shorten texts to fit the terminal" },
	{ .name = "json", .kind = OPTION_FLAG, PS(json),
	  .about = "print a JSON array, one container on each line" },
	RUN_DIR(struct ps_options),
	{ 0 },
};
/* clang-format on */

int ps_check(void *options, struct failure *failure)
{
	struct ps_options *ps = options;

	if (ps->format && !strcmp(ps->format, "json")) {
		ps->format = NULL;
		ps->json = true;
	}
	if (ps->json + ps->quiet + !!ps->format > 1)
		return failed(
			failure, EXIT_USAGE,
			"only one of --json, --quiet and --format can be given");
	for (size_t i = 0; i < ps->filters.n; i++) {
		const char *filter = ps->filters.strings[i];

		if (*filter == '=' || !strchr(filter, '='))
			return failed(
				failure, EXIT_USAGE,
				"--filter %s: must be KEY=PATTERN, such as state=running",
				filter);
	}
	return 0;
}

void ps_release(void *options)
{
	struct ps_options *ps = options;

	string_list_free(&ps->filters);
}
