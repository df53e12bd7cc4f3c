// SPDX-License-Identifier: GPL-2.0
/* Tests the event loop: removing sources during a turn, and changing events. */
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

static void count(struct loop_source *source)
{
	struct thing *t = loop_container(source, struct thing, source);
	eventfd_t value;

	t->calls++;
	eventfd_read(source->fd, &value);
}

/* The first callback frees all sources, including its own. */
static int freed;

static void free_all(struct loop_source *source)
{
	(void)source;
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
	is_int(loop_turn(&loop), 0, "a turn handles many events");
	is_int(freed, 1, "sources that a callback has freed are not called");

	t = new_thing(count);
	is_int(loop_turn(&loop), 0, "a turn handles one event");
	is_int(t->calls, 1, "the callback is called once");
	is_int(loop_modify(&loop, &t->source, 0), 0,
	       "a source can ask for no events");
	eventfd_write(t->source.fd, 1);
	things[0] = new_thing(count);
	loop_turn(&loop);
	is_int(t->calls, 1, "its callback is not called then");
	is_int(things[0]->calls, 1, "the callback of another source is called");
	loop_modify(&loop, &t->source, EPOLLIN);
	loop_turn(&loop);
	is_int(t->calls, 2,
	       "its callback is called after it asks for events again");
	free_thing(&t);
	free_thing(&things[0]);
	loop_close(&loop);
	return tap_end();
}
