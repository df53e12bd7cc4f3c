// SPDX-License-Identifier: LGPL-2.1
/* Print the live containers, then each end with its reason, until the module is unloaded. */
#include <inttypes.h>
#include <poll.h>
#include <stdio.h>

#include <purser.h>

static int print_live(const struct purser_container *c, void *arg)
{
	(void)arg;
	if (c->state != PURSER_STATE_EXITED)
		printf("%s: %" PRIu64 " bytes of %" PRIu64 "\n", c->name,
		       c->usage, c->hard_limit);
	return 0;
}

static int print_end(const struct purser_event *e, void *arg)
{
	(void)arg;
	if (e->type == PURSER_EVENT_EXITED)
		printf("%s ended: %s\n", e->container.name,
		       purser_reason_name(e->container.reason));
	return 0;
}

int main(void)
{
	struct pollfd events = { .events = POLLIN };
	struct purser *table = NULL, *listener = NULL;
	int err = purser_open(&table);

	if (!err)
		err = purser_open(&listener);
	if (err) {
		fprintf(stderr, "ends: %s\n", purser_last_error(NULL));
		return 1;
	}
	/* First, so that no end is missed. */
	events.fd = purser_events_join(listener, 0);
	if (events.fd < 0) {
		fprintf(stderr, "ends: %s\n", purser_last_error(listener));
		return 1;
	}
	if (purser_list(table, 0, print_live, NULL))
		fprintf(stderr, "ends: %s\n", purser_last_error(table));
	while (poll(&events, 1, -1) > 0 &&
	       !purser_events_read(listener, print_end, NULL))
		fflush(stdout);
	fprintf(stderr, "ends: %s\n", purser_last_error(listener));
	return 1;
}
