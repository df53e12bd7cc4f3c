// SPDX-License-Identifier: GPL-2.0
/* The reader thread; the test is the consumer of its buffer. */
#include "base/clock.h"
#include "log/reader.h"
#include "log_test.h"

#define LOUD 3

/** struct rig - a reader with a small buffer, and its sources */
struct rig {
	struct log_registry registry;
	struct log_buffer *buffer;
	struct log_transfer take;
	struct log_reader reader;
	pthread_t thread;
	struct log_source *sources[LOUD + 1];
};

static void rig_start(struct rig *r)
{
	char *dir = scratch_folder();

	must(!log_registry_init(&r->registry));
	must(!log_buffer_open(&r->buffer, dir, LOG_BUFFER_MIN));
	must(!log_transfer_open(&r->take, r->buffer, dir));
	must(!log_reader_init(&r->reader, &r->registry, &r->take));
	free(dir);
	must(!pthread_create(&r->thread, NULL, log_reader_run, &r->reader));
}

/* Returns the writing end of its standard output. */
static int rig_add(struct rig *r, int key)
{
	struct log_source *s = calloc(1, sizeof(*s));
	int out[2], err[2];

	must(s && !pipe2(out, O_CLOEXEC) && !pipe2(err, O_CLOEXEC));
	r->sources[key] = s;
	s->key = key;
	s->sink = LOG_NO_SINK;
	must(!log_registry_add(&r->registry, s));
	must(!log_reader_attach(&r->reader, s, (int[]){ out[0], err[0] }));
	must(!close(err[1]));
	return out[1];
}

static void rig_go(struct rig *r, int key)
{
	log_registry_watched(&r->registry, r->sources[key]);
}

/* The next record; the registry still counts it as being in the ring. */
static struct log_record rig_see(struct rig *r)
{
	struct log_view v = { .record.key = UINT64_MAX };

	if (log_buffer_peek(r->buffer, &v, 1, LOG_NEVER))
		log_buffer_release(r->buffer, v.end);
	return v.record;
}

/* The next record, which leaves the ring. */
static struct log_record rig_take(struct rig *r)
{
	struct log_record rec = rig_see(r);

	if (rec.key != UINT64_MAX)
		log_registry_left_ring(&r->registry, r->sources[rec.key],
				       rec.length);
	return rec;
}

static void rig_stop(struct rig *r)
{
	log_registry_stop(&r->registry);
	while (rig_take(r).key != UINT64_MAX)
		;
	must(!pthread_join(r->thread, NULL));
	for (int i = 0; i <= LOUD; i++) {
		if (r->sources[i])
			log_registry_writer_done(&r->registry, r->sources[i]);
	}
	log_reader_destroy(&r->reader);
	log_transfer_close(&r->take);
	log_buffer_free(r->buffer);
	log_registry_destroy(&r->registry);
}

/*
 * Each loud source has 64 KiB ready, 192 records in all. Before the record of the quiet
 * source there may be a full buffer of records, each of at least 256 bytes and a header,
 * and one record of each loud source in each of two rounds.
 */
static void test_fairness(void)
{
	static char text[65536];
	struct rig r = { 0 };
	int fd[LOUD + 1], before = 0;
	struct log_record rec;

	memset(text, 'x', sizeof(text));
	rig_start(&r);
	for (int i = 0; i < LOUD; i++) {
		fd[i] = rig_add(&r, i);
		must(write_all(fd[i], text, sizeof(text)));
		rig_go(&r, i);
	}
	fd[LOUD] = rig_add(&r, LOUD);
	write_text(fd[LOUD], "quiet\n");
	rig_go(&r, LOUD);
	for (;;) {
		rec = rig_take(&r);
		if (rec.key == LOUD && rec.length)
			break;
		before += rec.length > 0;
		must(rec.key < LOUD || !rec.length);
	}
	is_int(rec.length, 6, "the record of the quiet source");
	ok(before <= LOG_BUFFER_MIN / 256 - 1 + 2 * LOUD,
	   "comes after few records of loud sources");
	printf("# after %d\n", before);

	rig_stop(&r);
	for (int i = 0; i <= LOUD; i++)
		must(!close(fd[i]));
}

/* A source that has used up its share of the buffer is not read; others are. */
static void test_share(void)
{
	const size_t share = LOG_BUFFER_MIN / 4;
	static char text[65536];
	struct log_record rec;
	struct rig r = { 0 };
	size_t loud = 0;
	int fd[2];

	memset(text, 'x', sizeof(text));
	rig_start(&r);
	fd[0] = rig_add(&r, 0);
	fd[1] = rig_add(&r, 1);
	must(write_all(fd[0], text, sizeof(text)));
	rig_go(&r, 0);
	while (loud < share)
		loud += rig_see(&r).length;
	rig_go(&r, 1);
	write_text(fd[1], "quiet\n");
	while ((rec = rig_see(&r)).key != 1 || !rec.length)
		loud += rec.length;
	ok(loud < 2 * share, "a loud source is not read beyond its share");
	log_registry_left_ring(&r.registry, r.sources[0], loud);
	do {
		rec = rig_take(&r);
	} while (rec.key);
	ok(rec.length,
	   "the source is read again when its bytes have left the ring");

	rig_stop(&r);
	must(!close(fd[0]) && !close(fd[1]));
}

/* A paused source is not read, whatever happens to its pipes. */
static void test_pause(void)
{
	struct rig r = { 0 };
	struct log_record rec;
	int fd[2];

	rig_start(&r);
	fd[0] = rig_add(&r, 0);
	fd[1] = rig_add(&r, 1);
	rig_go(&r, 0);
	rig_go(&r, 1);
	/* The ends of both standard errors. */
	must(!rig_take(&r).length && !rig_take(&r).length);

	atomic_store(&r.sources[0]->paused, true);
	write_text(fd[0], "held");
	must(!close(fd[0]));
	for (int i = 0; i < 3; i++) {
		write_text(fd[1], "x");
		rec = rig_take(&r);
		must(rec.key == 1 && rec.length == 1);
	}
	must(!log_registry_finish(&r.registry, 0));
	write_text(fd[1], "xx");
	rec = rig_take(&r);
	ok(rec.key == 1 && rec.length == 2, "a paused source is not read");

	atomic_store(&r.sources[0]->paused, false);
	rig_go(&r, 0);
	rec = rig_take(&r);
	ok(rec.key == 0 && rec.length == 4,
	   "the source is read when the pause is over");
	rec = rig_take(&r);
	ok(rec.key == 0 && rec.flags == LOG_RECORD_END_OF_STREAM,
	   "the end of its stream follows");
	rec = rig_take(&r);
	ok(rec.key == 0 && rec.flags == LOG_RECORD_END_OF_SOURCE,
	   "the end of the source follows, which was asked for during the pause");

	rig_stop(&r);
	must(!close(fd[1]));
}

/* A process outside keeps the pipe full: reading it to the end must still end. */
static void test_bounded_drain(void)
{
	static char text[4096];
	struct rig r = { 0 };
	struct log_record rec;
	size_t filled = 0, taken = 0;
	int fd;

	rig_start(&r);
	fd = rig_add(&r, 0);
	must(!fcntl(fd, F_SETFL, O_NONBLOCK));
	while (write(fd, text, sizeof(text)) > 0)
		filled += sizeof(text);
	must(errno == EAGAIN);
	must(!log_registry_finish(&r.registry, 0));
	do {
		rec = rig_take(&r);
		taken += rec.length;
		while (write(fd, text, sizeof(text)) > 0)
			;
	} while (!(rec.flags & LOG_RECORD_END_OF_STREAM) &&
		 taken < 10 * filled);
	ok(taken == filled,
	   "the end of a source takes what its pipe holds, and not what is written later");
	rig_stop(&r);
	must(!close(fd));
}

/* A record has the time at which it was read. */
static void test_time(void)
{
	struct rig r = { 0 };
	struct log_record rec;
	int64_t before;
	int fd;

	rig_start(&r);
	fd = rig_add(&r, 0);
	rig_go(&r, 0);
	must(!rig_take(&r).length);
	before = clock_ns(CLOCK_REALTIME);
	write_text(fd, "now");
	rec = rig_take(&r);
	ok(rec.time >= before && rec.time <= clock_ns(CLOCK_REALTIME),
	   "a record has the time of its reading");
	rig_stop(&r);
	must(!close(fd));
}

int main(void)
{
	scratch_make();
	signal(SIGPIPE, SIG_IGN);
	plan(10);
	test_fairness();
	test_bounded_drain();
	test_share();
	test_pause();
	test_time();
	return tap_end();
}
