// SPDX-License-Identifier: GPL-2.0
/* An event as a line of text, see event_line.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/clock.h"
#include "base/escape.h"
#include "base/utf8.h"
#include "display.h"
#include "event_line.h"

/* Characters of a container's name in a short line. */
#define NAME_WIDTH 16

void event_style_choose(struct event_style *style, enum event_time time,
			bool no_trunc)
{
	style->terminal = isatty(STDOUT_FILENO);
	style->wall = time == EVENT_TIME_AUTO ? style->terminal :
						time == EVENT_TIME_WALL;
	style->no_trunc = no_trunc;
}

void event_header_print(void)
{
	printf("%6s %12s %-14s %-*s %s\n", "SEQ", "TIME", "EVENT", NAME_WIDTH,
	       "CONTAINER", "DETAILS");
}

/* @then: CLOCK_BOOTTIME in ns; @format: of strftime(), up to the seconds */
static void wall_time(uint64_t then, const char *format, int digits,
		      char buf[DISPLAY_LEN])
{
	const uint64_t wall = clock_ns(CLOCK_REALTIME) -
			      clock_ns(CLOCK_BOOTTIME) + then;
	const time_t seconds = wall / NSEC_PER_SEC;
	char micro[8];
	struct tm tm;
	size_t n;

	localtime_r(&seconds, &tm);
	n = strftime(buf, DISPLAY_LEN - sizeof(micro), format, &tm);
	snprintf(micro, sizeof(micro), "%06u",
		 (unsigned int)(wall % NSEC_PER_SEC / 1000));
	snprintf(buf + n, DISPLAY_LEN - n, ".%.*s", digits, micro);
}

static void short_time(const struct event_style *style, uint64_t then,
		       char buf[DISPLAY_LEN])
{
	if (style->wall)
		wall_time(then, "%H:%M:%S", 3, buf);
	else
		display_seconds(then, buf);
}

const char *event_details(const struct purser_event *e,
			  char buf[EVENT_DETAILS_LEN])
{
	const struct purser_container *c = &e->container;
	char a[DISPLAY_LEN], b[DISPLAY_LEN];
	const size_t size = EVENT_DETAILS_LEN;

	buf[0] = '\0';
	switch (e->type) {
	case PURSER_EVENT_REGISTERED:
		snprintf(buf, size, "pid %d, %s/%s", c->pid,
			 display_limit(c->soft_limit, a),
			 display_limit(c->hard_limit, b));
		break;
	case PURSER_EVENT_LIMITS_CHANGED:
		snprintf(buf, size, "soft %s, hard %s",
			 display_limit(c->soft_limit, a),
			 display_limit(c->hard_limit, b));
		break;
	case PURSER_EVENT_STARTED:
		snprintf(buf, size, "pid %d", c->pid);
		break;
	case PURSER_EVENT_SOFT_LIMIT:
	case PURSER_EVENT_SOFT_CLEAR:
		snprintf(buf, size, "%s of %s", display_mib(c->usage, a),
			 display_limit(c->soft_limit, b));
		break;
	case PURSER_EVENT_HARD_LIMIT:
		snprintf(buf, size, "%s of %s", display_mib(c->usage, a),
			 display_limit(c->hard_limit, b));
		break;
	case PURSER_EVENT_EXITED:
		snprintf(buf, size, "%s, peak %s", display_reason(c, a),
			 display_mib(c->peak, b));
		break;
	default:
		break;
	}
	return buf;
}

static int print_short(const struct event_style *style,
		       const struct purser_event *e)
{
	__cleanup_free char *name = escape_text(e->container.name);
	char time[DISPLAY_LEN], text[EVENT_DETAILS_LEN];
	const char *more = "";
	int bytes, pad;

	if (!name)
		return -ENOMEM;
	bytes = strlen(name);
	pad = NAME_WIDTH - (int)utf8_length(name);
	if (pad < 0 && !style->no_trunc) {
		bytes = utf8_offset(name, NAME_WIDTH - 1);
		more = "\u2026";
	}
	short_time(style, e->time, time);
	event_details(e, text);
	printf("%6" PRIu64 " %12s %-14s %.*s%s%*s %s\n", e->seq, time,
	       purser_event_name(e->type), bytes, name, more, pad > 0 ? pad : 0,
	       "", text);
	return 0;
}

static int print_long(const struct event_style *style,
		      const struct purser_event *e)
{
	const struct purser_container *c = &e->container;
	char time[DISPLAY_LEN], reason[DISPLAY_LEN], usage[DISPLAY_LEN];
	char soft[DISPLAY_LEN], hard[DISPLAY_LEN];
	__cleanup_free char *name = escape_text(c->name);

	if (!name)
		return -ENOMEM;
	if (style->wall)
		wall_time(e->time, "%Y-%m-%dT%H:%M:%S", 6, time);
	else
		display_seconds(e->time, time);
	printf("%6" PRIu64 " %14s %-14s %-16s %7d %-8s %-18s %10s %10s %10s\n",
	       e->seq, time, purser_event_name(e->type), name, c->pid,
	       purser_state_name(c->state), display_reason(c, reason),
	       display_mib(c->usage, usage), display_limit(c->soft_limit, soft),
	       display_limit(c->hard_limit, hard));
	return 0;
}

int event_line_print(const struct event_style *style,
		     const struct purser_event *e)
{
	return style->terminal ? print_short(style, e) : print_long(style, e);
}
