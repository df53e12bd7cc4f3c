// SPDX-License-Identifier: GPL-2.0
/* Events that come late, twice, out of order or not at all. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "stream.h"
#include "tap.h"

/* The kernel's log, as it stands when it is asked. */
static uint64_t log_first, log_last;
static int log_error, log_asked;

/* What came out: "3 4 (5-7) 8" where 5 to 7 are lost. */
static char seen[512];
static int event_error;

static void note(const char *fmt, uint64_t a, uint64_t b)
{
	size_t n = strlen(seen);

	snprintf(seen + n, sizeof(seen) - n, fmt, (unsigned long long)a,
		 (unsigned long long)b);
}

static int on_event(const struct purser_event *e, void *arg)
{
	(void)arg;
	note("%llu ", e->seq, 0);
	return event_error;
}

static int on_lost(uint64_t first, uint64_t last, void *arg)
{
	(void)arg;
	note("(%llu-%llu) ", first, last);
	return 0;
}

static int ask_log(struct purser_stream *s)
{
	int err = log_error;

	log_asked++;
	for (uint64_t i = log_first; !err && i && i <= log_last; i++)
		if (i > s->last)
			err = purser_stream_deliver(
				s, &(struct purser_event){ .seq = i });
	return err;
}

/* @last is known, the log holds @from to @to; then @n events are multicast. */
static void run(uint64_t last, uint64_t from, uint64_t to, int n,
		const uint64_t *seqs, const char *want, int asked,
		const char *what)
{
	struct purser_stream s = {
		.last = last,
		.event = on_event,
		.lost = on_lost,
	};

	log_first = from;
	log_last = to;
	log_asked = 0;
	seen[0] = '\0';
	for (int i = 0; i < n; i++)
		purser_stream_accept(
			&s, &(struct purser_event){ .seq = seqs[i] }, ask_log);
	if (!ok(!strcmp(seen, want) && log_asked == asked, "%s", what))
		printf("# got \"%s\" (%d), want \"%s\" (%d)\n", seen, log_asked,
		       want, asked);
}

#define SEQS(...)                                                            \
	sizeof((uint64_t[]){ __VA_ARGS__ }) / sizeof(uint64_t), (uint64_t[]) \
	{                                                                    \
		__VA_ARGS__                                                  \
	}

static void test_errors(void)
{
	struct purser_stream s = {
		.last = 1,
		.event = on_event,
		.lost = on_lost,
	};
	struct purser_event e = { .seq = 5 };

	seen[0] = '\0';
	log_first = 2;
	log_last = 5;
	log_error = -EPERM;
	ok(purser_stream_accept(&s, &e, ask_log) == -EPERM && s.last == 1 &&
		   !*seen,
	   "a log that cannot be read: nothing is skipped");
	log_error = 0;
	event_error = -EPIPE;
	ok(purser_stream_accept(&s, &e, ask_log) == -EPIPE &&
		   !strcmp(seen, "2 "),
	   "a receiver that fails ends the delivery");
	event_error = 0;
	s.lost = NULL;
	seen[0] = '\0';
	e.seq = 9;
	log_first = 9;
	log_last = 9;
	ok(!purser_stream_accept(&s, &e, ask_log) && !strcmp(seen, "9 "),
	   "nobody needs to be told of what is lost");
}

int main(void)
{
	run(0, 1, 3, SEQS(1, 2, 3), "1 2 3 ", 0, "one by one");
	run(7, 1, 10, SEQS(8, 9, 10), "8 9 10 ", 0, "from the middle on");
	run(7, 1, 9, SEQS(5, 6, 7, 8, 8, 9, 9, 7), "8 9 ", 0,
	    "what came before, and twice, is passed over");
	run(2, 1, 6, SEQS(6), "3 4 5 6 ", 1, "a gap is filled from the log");
	run(2, 1, 9, SEQS(6, 7, 8, 9), "3 4 5 6 7 8 9 ", 1,
	    "a log that is further on delivers no event twice");
	run(2, 1, 4, SEQS(6), "3 4 (5-5) 6 ", 1,
	    "what the log does not have is lost");
	run(2, 5, 9, SEQS(9), "(3-4) 5 6 7 8 9 ", 1,
	    "what has left the log is lost, and no more than that");
	run(2, 0, 0, SEQS(9, 10), "(3-8) 9 10 ", 1,
	    "an empty log, and the event itself");
	run(0, 1, 9, SEQS(3, 9), "1 2 3 4 5 6 7 8 9 ", 1,
	    "two gaps, the second filled with the first");
	run(UINT64_MAX, 1, 3, SEQS(1, 2, 3), "", 0,
	    "nothing comes after the greatest number");
	run(UINT64_MAX - 1, 1, 3, SEQS(1, UINT64_MAX), "18446744073709551615 ",
	    0, "but the greatest number itself");
	test_errors();
	return tap_end();
}
