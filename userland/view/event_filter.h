/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Which events a listener wants: those of some containers, of some types, and those whose
 * record has some reasons. The options for it are in each program's table.
 */
#ifndef VIEW_EVENT_FILTER_H
#define VIEW_EVENT_FILTER_H

#include <stdbool.h>
#include <stdint.h>

#include "base/strings.h"
#include "libpurser/purser.h"

/** struct event_filter - zeroed: all events; for event_filter_free() */
struct event_filter {
	struct string_list containers; /* empty: all */
	uint64_t types;	  /* a bit for each enum purser_event_type; 0: all */
	uint64_t reasons; /* a bit for each enum purser_reason; 0: all */
};

/* Of OPTION_OWN, see struct option. Each use of an option adds to the member at @to. */
int event_filter_add_container(const char *text, void *to);
int event_filter_add_types(const char *text, void *to);
int event_filter_add_reasons(const char *text, void *to);

/** event_filter_matches() - tell whether @e is one of the events that are wanted */
bool event_filter_matches(const struct event_filter *filter,
			  const struct purser_event *e);

void event_filter_free(struct event_filter *filter);

/* clang-format off */
/*
 * The options for it; @to: OPTION_TO() of the member of a struct event_filter.
 */
#define EVENT_CONTAINER(to) { .name = "container", .kind = OPTION_OWN, to,		\
	.value = "NAME", .initial_text = "all", .parse = event_filter_add_container,	\
	.wanted = "the name of a container",						\
	.about = "print only events of this container; may be given many times" }
#define EVENT_TYPE(to) { .name = "type", .kind = OPTION_OWN, to,			\
	.value = "TYPE[,TYPE...]", .initial_text = "all", .parse = event_filter_add_types, \
	.wanted = "one or more of registered, started, soft_limit, soft_clear, hard_limit, "	\
	"limits_changed, stop_requested, stop_forced, exited, unregistered, record_dropped, " \
	"with commas between", .about = "print only events of these types" }
#define EVENT_REASON(to) { .name = "reason", .kind = OPTION_OWN, to,			\
	.value = "REASON[,REASON...]", .initial_text = "all",				\
	.parse = event_filter_add_reasons,						\
	.wanted = "one or more of none, exited, stopped, hard_limit_killed, killed, oom_killed, "	\
	"with commas between",								\
	.about = "print only events whose record has one of these reasons" }
/* clang-format on */

#endif /* VIEW_EVENT_FILTER_H */
