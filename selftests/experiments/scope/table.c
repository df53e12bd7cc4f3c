// SPDX-License-Identifier: GPL-2.0
/* Reads the kernel's table of containers through libpurser. */
#include "scope.h"

static void __attribute__((noreturn))
refused(const struct purser *p, const char *what)
{
	fprintf(stderr, "scope: %s: %s\n", what, purser_last_error(p));
	exit(1);
}

int table_open(struct scope *s)
{
	int fd;

	if (purser_open(&s->table) || purser_open(&s->events))
		refused(NULL, "cannot open the table");
	fd = purser_events_join(s->events, 0);
	if (fd < 0)
		refused(s->events, "cannot monitor the events");
	return fd;
}

void table_find(struct scope *s)
{
	for (size_t i = 0; i < s->n; i++) {
		struct purser_ref ref = { .name = s->subjects[i].name };
		struct purser_container c;

		if (purser_get(s->table, &ref, &c))
			refused(s->table, s->subjects[i].name);
		if (c.state == PURSER_STATE_EXITED) {
			fprintf(stderr, "scope: %s has ended\n",
				s->subjects[i].name);
			exit(1);
		}
		s->subjects[i].id = c.id;
		s->subjects[i].pid = c.pid;
	}
	s->left = s->n;
}

static void take(struct scope *s, struct subject *subject,
		 const struct purser_container *c)
{
	if (subject->ended)
		return;
	subject->now.cpu = c->cpu_time;
	if (c->state != PURSER_STATE_EXITED)
		return;
	if (c->reason != PURSER_REASON_EXITED || c->exit_code) {
		fprintf(stderr,
			"scope: %s did not exit with status 0: %s, exit code %d\n",
			c->name, purser_reason_name(c->reason), c->exit_code);
		exit(1);
	}
	subject->ended = true;
	subject->ended_at = c->exited_at;
	s->left--;
}

static int take_row(const struct purser_container *c, void *arg)
{
	struct scope *s = arg;

	for (size_t i = 0; i < s->n; i++)
		if (s->subjects[i].id == c->id)
			take(s, &s->subjects[i], c);
	return 0;
}

void table_read(struct scope *s)
{
	if (purser_list(s->table, 0, take_row, s))
		refused(s->table, "cannot read the table");
}

static int ignore(const struct purser_event *e, void *arg)
{
	(void)e;
	(void)arg;
	return 0;
}

/* Lost events (ENOBUFS) do no harm: the table has the same news. */
void table_drain(struct scope *s)
{
	int err;

	do
		err = purser_events_read(s->events, ignore, NULL);
	while (err == -ENOBUFS);
	if (err)
		refused(s->events, "cannot read the events");
}
