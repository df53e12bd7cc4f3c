// SPDX-License-Identifier: GPL-2.0
/* The reader thread, with a consumer that does what the test wants. */
#include "log/reader.h"
#include "log_test.h"

#define LOUD 3

/* A reader over a small buffer, and nobody who empties it. */
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

/* The next record, which counts as its source's still. */
static struct log_record rig_see(struct rig *r)
{
	struct log_view v = { .record.key = UINT64_MAX };

	if (log_buffer_peek(r->buffer, &v, 1, LOG_NEVER))
		log_buffer_release(r->buffer, v.end);
	return v.record;
}

/* The next record; its payload is thrown away. */
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
 * Loud sources have 64 KiB ready each, 192 records in all. When the quiet one
 * has something to say there may be a buffer full of records before it, of 256
 * bytes and a header at least, and one record of each loud one in each of two
 * rounds.
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
	is_int(rec.length, 6, "what a quiet source says");
	ok(before <= LOG_BUFFER_MIN / 256 - 1 + 2 * LOUD,
	   "comes after few records of loud ones");
	printf("# after %d\n", before);

	log_registry_stop(&r.registry);
	while (rig_take(&r).key != UINT64_MAX)
		;
	rig_stop(&r);
	for (int i = 0; i <= LOUD; i++)
		must(!close(fd[i]));
}

/* One whose share of the buffer is used up is not read, and others are. */
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
	ok(loud < 2 * share, "a loud source stops at its share");
	log_registry_left_ring(&r.registry, r.sources[0], loud);
	do {
		rec = rig_take(&r);
	} while (rec.key);
	ok(rec.length, "and goes on when some of it is taken");

	log_registry_stop(&r.registry);
	while (rig_take(&r).key != UINT64_MAX)
		;
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
	/* The standard errors end. */
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
	ok(rec.key == 0 && rec.length == 4, "it is when that is over");
	rec = rig_take(&r);
	ok(rec.key == 0 && rec.flags == LOG_RECORD_END_OF_STREAM,
	   "then comes the end of its stream");
	rec = rig_take(&r);
	ok(rec.key == 0 && rec.flags == LOG_RECORD_END_OF_SOURCE,
	   "and its own, which was asked for meanwhile");

	log_registry_stop(&r.registry);
	while (rig_take(&r).key != UINT64_MAX)
		;
	rig_stop(&r);
	must(!close(fd[1]));
}

/* Somebody outside keeps the pipe full: that must not go on for ever. */
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
	ok(taken == filled, "what is in a pipe is taken, not all that follows");
	log_registry_stop(&r.registry);
	while (rig_take(&r).key != UINT64_MAX)
		;
	rig_stop(&r);
	must(!close(fd));
}

/* Time is taken when output is read. */
static void test_time(void)
{
	struct timespec before, after;
	struct rig r = { 0 };
	struct log_record rec;
	int fd;

	rig_start(&r);
	fd = rig_add(&r, 0);
	rig_go(&r, 0);
	must(!rig_take(&r).length);
	must(!clock_gettime(CLOCK_REALTIME, &before));
	write_text(fd, "now");
	rec = rig_take(&r);
	must(!clock_gettime(CLOCK_REALTIME, &after));
	ok(rec.time >= before.tv_sec * 1000000000L + before.tv_nsec &&
		   rec.time <= after.tv_sec * 1000000000L + after.tv_nsec,
	   "a record has the time of its reading");
	log_registry_stop(&r.registry);
	while (rig_take(&r).key != UINT64_MAX)
		;
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
