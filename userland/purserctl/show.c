// SPDX-License-Identifier: GPL-2.0
/* "purserctl show": all of one record. */
#include <errno.h>
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "commands.h"
#include "base/escape.h"
#include "view/display.h"
#include "view/json.h"
#include "table.h"
#include "base/parse.h"

/* Print a line: the key as in JSON, then the value. */
static void line(const char *key, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));

static void line(const char *key, const char *fmt, ...)
{
	va_list ap;

	printf("%-16s", key);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	putchar('\n');
}

static void line_bytes(const char *key, uint64_t bytes)
{
	char buf[DISPLAY_LEN];

	line(key, "%" PRIu64 " (%s)", bytes, display_mib(bytes, buf));
}

static void line_limit(const char *key, uint64_t bytes)
{
	if (bytes)
		line_bytes(key, bytes);
	else
		line(key, "-");
}

static void line_time(const char *key, uint64_t ns)
{
	char buf[DISPLAY_LEN], age[DISPLAY_LEN];

	if (ns)
		line(key, "%s (%s ago)", display_seconds(ns, buf),
		     display_age(ns, age));
	else
		line(key, "-");
}

static void line_status(const struct purser_container *c)
{
	char buf[DISPLAY_LEN], killer[DISPLAY_KILLER_LEN];

	line("reason", "%s", c->reason ? purser_reason_name(c->reason) : "-");
	if (c->exit_code >= 0)
		line("exit_code", "%d", c->exit_code);
	else
		line("exit_code", "-");
	if (c->signal)
		line("signal", "%d (%s)", c->signal,
		     signal_name(c->signal, buf, sizeof(buf)));
	else
		line("signal", "-");
	line("forced", "%s", c->forced ? "yes" : "no");
	line("no_handler", "%s", c->no_handler ? "yes" : "no");
	line("killer", "%s",
	     c->has_killer ? display_killer(&c->killer, killer) : "-");
	line("oom_scope", "%s",
	     c->oom_scope ? purser_oom_scope_name(c->oom_scope) : "-");
}

static int line_cookie(const struct purser_container *c)
{
	__cleanup_free char *text = NULL, *safe = NULL;

	if (!c->cookie_len)
		return 0;
	if (!text_is_printable(c->cookie, c->cookie_len)) {
		printf("%-16s", "cookie_hex");
		for (size_t i = 0; i < c->cookie_len; i++)
			printf("%02x", c->cookie[i]);
		putchar('\n');
		return 0;
	}
	if (asprintf(&text, "%.*s", (int)c->cookie_len,
		     (const char *)c->cookie) < 0) {
		text = NULL;
		return -ENOMEM;
	}
	safe = escape_text(text);
	if (!safe)
		return -ENOMEM;
	line("cookie", "%s", safe);
	return 0;
}

static int show_text(const struct purser_container *c)
{
	__cleanup_free char *name = escape_text(c->name);
	char buf[DISPLAY_LEN], task[DISPLAY_KILLER_LEN];

	if (!name)
		return -ENOMEM;
	line("id", "%" PRIu64, c->id);
	line("name", "%s", name);
	line("pid", "%d", c->pid);
	line("pidns", "%" PRIu32, c->pidns);
	line("state", "%s", purser_state_name(c->state));
	line_status(c);
	line_limit("soft_limit", c->soft_limit);
	line_limit("hard_limit", c->hard_limit);
	line_bytes("rss", c->rss);
	line_bytes("usage", c->usage);
	line_bytes("peak", c->peak);
	line("crossed_by", "%s",
	     c->has_crossed_by ? display_killer(&c->crossed_by, task) : "-");
	line("processes", "%" PRIu32, c->processes);
	line("outside", "%" PRIu32, c->outside);
	line("cpu_time", "%s", display_seconds(c->cpu_time, buf));
	line_time("registered_at", c->registered_at);
	line_time("started_at", c->started_at);
	line_time("exited_at", c->exited_at);
	line("soft_crossings", "%" PRIu64, c->soft_crossings);
	line("soft_held", "%" PRIu64, c->soft_held);
	return line_cookie(c);
}

int cmd_show(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	__cleanup_table struct purser *p = NULL;
	struct purser_container c;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = purser_get(p, &o->ref, &c);
	if (err)
		return table_failed_on(failure, err, purser_last_error(p),
				       "show", &o->ref);
	err = o->json ? json_print(purser_container_json(&c)) : show_text(&c);
	return err ? print_failed(failure) : EXIT_OK;
}
