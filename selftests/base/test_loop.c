// SPDX-License-Identifier: GPL-2.0
/* The event loop: what is removed is not called any more. */
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/loop.h"
#include "tap.h"

#define N 8

struct thing {
	struct loop_source source;
	int calls;
};

static struct loop loop;
static struct thing *things[N];

static struct thing *new_thing(loop_fn fn)
{
	struct thing *t = calloc(1, sizeof(*t));
	int fd = eventfd(1, EFD_NONBLOCK);

	if (!t || fd < 0 || loop_add(&loop, &t->source, fd, EPOLLIN, fn))
		bail("no source");
	return t;
}

static void free_thing(struct thing **t)
{
	int fd = (*t)->source.fd;

	loop_remove(&loop, &(*t)->source);
	if (fd >= 0)
		close(fd);
	free(*t);
	*t = NULL;
}

static void count(struct loop_source *source, uint32_t events)
{
	struct thing *t = loop_container(source, struct thing, source);
	eventfd_t value;

	(void)events;
	t->calls++;
	eventfd_read(source->fd, &value);
}

/* The first one called frees all, itself among them. */
static int freed;

static void free_all(struct loop_source *source, uint32_t events)
{
	(void)source;
	(void)events;
	for (int i = 0; i < N; i++)
		free_thing(&things[i]);
	freed++;
}

int main(void)
{
	struct thing *t;

	if (loop_open(&loop))
		bail("no loop");
	for (int i = 0; i < N; i++)
		things[i] = new_thing(free_all);
	is_int(loop_turn(&loop), 0, "a turn with many events");
	is_int(freed, 1, "sources that another one's callback freed");

	t = new_thing(count);
	is_int(loop_turn(&loop), 0, "a turn with one");
	is_int(t->calls, 1, "is handed out once");
	is_int(loop_modify(&loop, &t->source, 0), 0, "ask for nothing");
	eventfd_write(t->source.fd, 1);
	things[0] = new_thing(count);
	loop_turn(&loop);
	is_int(t->calls, 1, "nothing is told");
	is_int(things[0]->calls, 1, "but to others");
	loop_modify(&loop, &t->source, EPOLLIN);
	loop_turn(&loop);
	is_int(t->calls, 2, "asked for again, it is told");
	free_thing(&t);
	free_thing(&things[0]);
	loop_close(&loop);
	return tap_end();
}
