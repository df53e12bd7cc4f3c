/* SPDX-License-Identifier: GPL-2.0 */
/* An event as a line of text. */
#ifndef VIEW_EVENT_LINE_H
#define VIEW_EVENT_LINE_H

#include <stdbool.h>

#include "libpurser/purser.h"

/** enum event_time - which clock the printed time is of; in JSON it is always of the boot */
enum event_time {
	EVENT_TIME_AUTO, /* on a terminal wall, else boot */
	EVENT_TIME_BOOT, /* seconds since the boot (CLOCK_BOOTTIME) */
	EVENT_TIME_WALL, /* local time; if it was set meanwhile, as it is set now */
};

/* clang-format off */
/* The option for it; @to: OPTION_TO() of the member */
#define EVENT_TIME(to) { .name = "time", .kind = OPTION_CHOICE, to,		\
	.min = EVENT_TIME_BOOT, .value = "boot|wall",				\
	.initial_text = "wall on a terminal, else boot",			\
	.about = "print seconds since the boot, or local time" }
/* clang-format on */

/** struct event_style - how the lines look */
struct event_style {
	bool terminal; /* short lines with the most important of each event */
	bool wall;     /* local time */
	bool no_trunc;
};

/** event_style_choose() - also from what stdout is */
void event_style_choose(struct event_style *style, enum event_time time,
			bool no_trunc);

/** event_header_print() - print the header of the short lines */
void event_header_print(void);

/* Enough for event_details(). */
#define EVENT_DETAILS_LEN 192
/** event_details() - write what matters of the record in an event of that type, or "" */
const char *event_details(const struct purser_event *e,
			  char buf[EVENT_DETAILS_LEN]);

/** event_line_print() - print a line; 0 or -ENOMEM */
int event_line_print(const struct event_style *style,
		     const struct purser_event *e);

#endif /* VIEW_EVENT_LINE_H */
