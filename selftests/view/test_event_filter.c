// SPDX-License-Identifier: GPL-2.0
/* Tests the filter of events. */
#include "base/array.h"
#include "base/options.h"
#include "tap.h"
#include "view/event_filter.h"

static const struct option options[] = {
	EVENT_TYPE(OPTION_TO(struct event_filter, types)),
	EVENT_REASON(OPTION_TO(struct event_filter, reasons)),
};

static struct purser_event event(const char *name, enum purser_event_type type,
				 enum purser_reason reason)
{
	struct purser_event e = { .type = type, .container.reason = reason };

	snprintf(e.container.name, sizeof(e.container.name), "%s", name);
	return e;
}

static bool matches(const struct event_filter *f, const char *name,
		    enum purser_event_type type, enum purser_reason reason)
{
	const struct purser_event e = event(name, type, reason);

	return event_filter_matches(f, &e);
}

/* Each name is taken, and the error text of the option has it. */
static void all_names(void)
{
	uint64_t types = 0, reasons = 0;
	int bad = 0;

	for (int t = PURSER_EVENT_REGISTERED; t <= PURSER_EVENT_MAX; t++)
		bad += event_filter_add_types(purser_event_name(t), &types) ||
		       !strstr(options[0].wanted, purser_event_name(t));
	for (int r = PURSER_REASON_NONE; r <= PURSER_REASON_MAX; r++)
		bad += event_filter_add_reasons(purser_reason_name(r),
						&reasons) ||
		       !strstr(options[1].wanted, purser_reason_name(r));
	is_int(bad, 0, "all names of types and reasons are taken");
	is_int(types, (1ull << (PURSER_EVENT_MAX + 1)) - 2,
	       "each type has a bit");
	is_int(reasons, (1ull << (PURSER_REASON_MAX + 1)) - 1,
	       "each reason has a bit");
}

static void refused(void)
{
	static const char *const words[] = { "",	"exit",
					     "exited,", ",exited",
					     "exited ", "unknown",
					     "exitedx", "exited,,killed" };
	struct event_filter f = { 0 };

	for (size_t i = 0; i < ARRAY_SIZE(words); i++) {
		is_int(event_filter_add_types(words[i], &f.types), -EINVAL,
		       "the type \"%s\" is refused", words[i]);
		is_int(event_filter_add_reasons(words[i], &f.reasons), -EINVAL,
		       "the reason \"%s\" is refused", words[i]);
	}
	ok(!f.types && !f.reasons, "a list with a wrong word changes nothing");
	ok(event_filter_add_container("a/b", &f.containers) < 0,
	   "an illegal name is refused");
}

int main(void)
{
	struct event_filter f = { 0 };

	ok(matches(&f, "web", PURSER_EVENT_EXITED, PURSER_REASON_KILLED),
	   "an empty filter lets all events pass");
	ok(matches(&f, "web", 77, 99),
	   "also those of a newer module, with larger numbers");

	is_int(event_filter_add_types("exited,hard_limit", &f.types), 0,
	       "two types are taken");
	is_int(event_filter_add_types("started", &f.types), 0, "and one more");
	ok(matches(&f, "web", PURSER_EVENT_EXITED, PURSER_REASON_NONE) &&
		   matches(&f, "web", PURSER_EVENT_HARD_LIMIT, 0) &&
		   matches(&f, "web", PURSER_EVENT_STARTED, 0),
	   "events of these types pass");
	ok(!matches(&f, "web", PURSER_EVENT_REGISTERED, 0) &&
		   !matches(&f, "web", 77, 0),
	   "others do not");

	is_int(event_filter_add_reasons("killed,oom_killed", &f.reasons), 0,
	       "two reasons are taken");
	ok(matches(&f, "web", PURSER_EVENT_EXITED, PURSER_REASON_OOM_KILLED),
	   "an event of such a type and reason passes");
	ok(!matches(&f, "web", PURSER_EVENT_EXITED, PURSER_REASON_EXITED),
	   "one of another reason does not");

	is_int(event_filter_add_container("web", &f.containers), 0,
	       "a name is taken");
	is_int(event_filter_add_container("db", &f.containers), 0,
	       "and another one");
	ok(matches(&f, "web", PURSER_EVENT_EXITED, PURSER_REASON_KILLED) &&
		   matches(&f, "db", PURSER_EVENT_EXITED, PURSER_REASON_KILLED),
	   "events of both pass");
	ok(!matches(&f, "web2", PURSER_EVENT_EXITED, PURSER_REASON_KILLED),
	   "those of a third one do not");
	event_filter_free(&f);
	all_names();
	refused();
	return tap_end();
}
