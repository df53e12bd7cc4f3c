// SPDX-License-Identifier: GPL-2.0
/* Tests the stream of events: they may come late, twice, out of order or be lost. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "libpurser/stream.h"
#include "tap.h"

/* What the kernel's event log holds, and how often it was asked. */
static uint64_t log_first, log_last;
static int log_error, log_asked;

/* What the callbacks got: "3 4 (5-7) 8" if the events 5 to 7 are lost. */
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

/*
 * A point: the stream knows the events up to @last, the log holds @from to @to, and @n
 * events arrive by multicast. The callbacks must get @want, and the log must be asked
 * @asked times.
 */
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

/*
 * A socket with room for one event that behaves as the kernel's: it drops an event that
 * does not fit, and the next read returns ENOBUFS. It then drops all events without a
 * further error until it has been emptied.
 */
static struct {
	uint64_t waits; /* the event in the socket; 0: none */
	bool congested;
	bool overrun; /* the next read returns ENOBUFS */
	uint64_t made;
	int bursts[4]; /* how many events come before each step of the reader */
	size_t step;
} sock;

static void multicast(void)
{
	log_last = ++sock.made;
	if (!sock.waits && !sock.congested) {
		sock.waits = sock.made;
	} else if (!sock.congested) {
		sock.congested = true;
		sock.overrun = true;
	}
}

static void step(void)
{
	int n = sock.step < 4 ? sock.bursts[sock.step++] : 0;

	while (n--)
		multicast();
}

static int ask_log_slowly(struct purser_stream *s)
{
	int err = ask_log(s);

	step();
	return err;
}

static int read_socket(struct purser_stream *s)
{
	uint64_t seq;
	int err = 0;

	for (;;) {
		step();
		if (sock.overrun) {
			sock.overrun = false;
			return -ENOBUFS;
		}
		seq = sock.waits;
		if (!seq)
			return err;
		sock.waits = 0;
		sock.congested = false;
		err = purser_stream_accept(s,
					   &(struct purser_event){ .seq = seq },
					   ask_log_slowly);
		if (err)
			return err;
	}
}

static void drain(int a, int b, int c, int d, const char *want,
		  const char *what)
{
	struct purser_stream s = { .event = on_event, .lost = on_lost };

	memset(&sock, 0, sizeof(sock));
	sock.bursts[0] = a;
	sock.bursts[1] = b;
	sock.bursts[2] = c;
	sock.bursts[3] = d;
	log_first = 1;
	log_last = 0;
	seen[0] = '\0';
	if (!ok(!purser_stream_drain(&s, read_socket, ask_log_slowly) &&
			!strcmp(seen, want),
		"%s", what))
		printf("# got \"%s\", want \"%s\"\n", seen, want);
}

static int read_error(struct purser_stream *s)
{
	(void)s;
	return log_asked ? -ENODEV : -ENOBUFS;
}

static int read_nothing(struct purser_stream *s)
{
	(void)s;
	return 0;
}

static int read_overrun(struct purser_stream *s)
{
	static int n;

	(void)s;
	return n++ ? 0 : -ENOBUFS;
}

static void test_drain(void)
{
	struct purser_stream s = { .event = on_event, .lost = on_lost };

	drain(0, 0, 0, 0, "", "drain: an empty socket gives no event");
	drain(1, 0, 0, 0, "1 ", "drain: one event");
	drain(1, 1, 1, 1, "1 2 3 4 ", "drain: events one after the other");
	drain(5, 0, 0, 0, "1 2 3 4 5 ",
	      "drain: more events than the socket holds");
	drain(3, 3, 0, 0, "1 2 3 4 5 6 ",
	      "drain: more events before the socket is emptied");
	drain(3, 3, 3, 3, "1 2 3 4 5 6 7 8 9 10 11 12 ",
	      "drain: more events while the log is read");
	drain(2, 0, 0, 9, "1 2 3 4 5 6 7 8 9 10 11 ",
	      "drain: more events after the log was read");

	log_asked = 0;
	ok(!purser_stream_drain(&s, read_nothing, ask_log) && !log_asked,
	   "drain: the log is not asked without an overrun");
	log_error = -EPERM;
	is_int(purser_stream_drain(&s, read_overrun, ask_log), -EPERM,
	       "drain: returns the error of the log");
	log_error = 0;
	log_asked = 1;
	is_int(purser_stream_drain(&s, read_error, ask_log), -ENODEV,
	       "drain: returns the error of the socket");
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
	   "if the log cannot be read, no event is skipped");
	log_error = 0;
	event_error = -EPIPE;
	ok(purser_stream_accept(&s, &e, ask_log) == -EPIPE &&
		   !strcmp(seen, "2 "),
	   "the delivery ends if the callback fails");
	event_error = 0;
	s.lost = NULL;
	seen[0] = '\0';
	e.seq = 9;
	log_first = 9;
	log_last = 9;
	ok(!purser_stream_accept(&s, &e, ask_log) && !strcmp(seen, "9 "),
	   "the callback for lost events may be NULL");
}

int main(void)
{
	run(0, 1, 3, SEQS(1, 2, 3), "1 2 3 ", 0, "events arrive one by one");
	run(7, 1, 10, SEQS(8, 9, 10), "8 9 10 ", 0,
	    "a stream begins after event 7");
	run(7, 1, 9, SEQS(5, 6, 7, 8, 8, 9, 9, 7), "8 9 ", 0,
	    "events that came before are ignored");
	run(2, 1, 6, SEQS(6), "3 4 5 6 ", 1, "the log fills a gap");
	run(2, 1, 9, SEQS(6, 7, 8, 9), "3 4 5 6 7 8 9 ", 1,
	    "events that the log has delivered are not delivered again");
	run(2, 1, 4, SEQS(6), "3 4 (5-5) 6 ", 1,
	    "an event that the log does not have is lost");
	run(2, 5, 9, SEQS(9), "(3-4) 5 6 7 8 9 ", 1,
	    "events that have left the log are lost, the others are not");
	run(2, 0, 0, SEQS(9, 10), "(3-8) 9 10 ", 1,
	    "with an empty log the event itself is delivered");
	run(0, 1, 9, SEQS(3, 9), "1 2 3 4 5 6 7 8 9 ", 1,
	    "the log fills a second gap together with the first");
	run(UINT64_MAX, 1, 3, SEQS(1, 2, 3), "", 0,
	    "no event comes after the greatest number");
	run(UINT64_MAX - 1, 1, 3, SEQS(1, UINT64_MAX), "18446744073709551615 ",
	    0, "an event with the greatest number is delivered");
	test_errors();
	test_drain();
	return tap_end();
}
