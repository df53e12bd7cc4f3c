// SPDX-License-Identifier: GPL-2.0
/* An option as the help and error lines have it, see options.h. */
#include <ctype.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "options.h"

const char *option_word(const struct option *option)
{
	const char *bar = option->value ? strchr(option->value, '|') : NULL;

	return bar && option->kind != OPTION_CHOICE ? bar + 1 : NULL;
}

const char *option_dashes(const struct option *option)
{
	return isupper((unsigned char)option->name[0]) ? "" : "--";
}

const char *option_title(const struct option *option, char buf[OPTION_TEXT_LEN])
{
	snprintf(buf, OPTION_TEXT_LEN, "%s%s%s%s", option_dashes(option),
		 option->name, option->value ? " " : "",
		 option->value ? option->value : "");
	return buf;
}

const char *option_range(const struct option *option,
			 char buf[OPTION_RANGE_LEN])
{
	int unit = option->kind == OPTION_SECONDS ? 1000 : 1;
	int64_t min = option->min / unit;

	buf[0] = '\0';
	if (option->kind == OPTION_CHOICE)
		return buf;
	if (option->max)
		snprintf(buf, OPTION_RANGE_LEN, "from %" PRId64 " to %" PRIu64,
			 min, option->max / unit);
	else if (min)
		snprintf(buf, OPTION_RANGE_LEN, "at least %" PRId64, min);
	return buf;
}

static const char *kind_wanted(const struct option *option)
{
	switch (option->kind) {
	case OPTION_NUMBER:
		return "a number";
	case OPTION_MIB:
		return "a whole number of MiB";
	case OPTION_SIZE:
		return "a size such as 4096, 64k, 64m or 1.5g";
	case OPTION_SECONDS:
		return "a number of seconds";
	case OPTION_SIGNAL:
		return "a signal's name or number, such as TERM, 15 or RTMIN+1";
	case OPTION_FD:
		return "the number of an open file descriptor";
	case OPTION_TIME:
		return "a time from 1970 to 2261 (2026-01-31T12:00:00Z), a date, seconds since 1970, or how long ago (1h30m)";
	default:
		return option->wanted;
	}
}

const char *option_wanted(const struct option *option,
			  char buf[OPTION_TEXT_LEN])
{
	char range[OPTION_RANGE_LEN];
	const char *word = option_word(option);
	const char *before = "", *after = "";

	if (option->kind == OPTION_CHOICE) {
		snprintf(buf, OPTION_TEXT_LEN, "one of %s", option->value);
		return buf;
	}
	if (*option_range(option, range))
		before = option->max ? " " : ", ";
	if (option->kind == OPTION_SECONDS)
		after = ", with up to three decimals";
	snprintf(buf, OPTION_TEXT_LEN,
		 word ? "%s%s%s%s, or \"%s\"" : "%s%s%s%s", kind_wanted(option),
		 before, range, after, word);
	return buf;
}

const char *option_default(const struct option *option,
			   char buf[OPTION_TEXT_LEN])
{
	const char *text = option->initial_text ? option->initial_text :
						  option->initial;

	snprintf(buf, OPTION_TEXT_LEN, "%s%s%s%s", option->env ? "$" : "",
		 option->env ? option->env : "", option->env ? " or " : "",
		 text ? text : "");
	return buf;
}
