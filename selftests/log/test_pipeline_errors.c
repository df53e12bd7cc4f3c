// SPDX-License-Identifier: GPL-2.0
/* Log files that cannot be written, for a time or for ever. */
#include "log_errors.h"
#include "log_test.h"

#define KIB 1024

#define GOOD_LINES 10000

static char *good_path(int i)
{
	char name[16];

	snprintf(name, sizeof(name), "g%d.log", i);
	return scratch_path(name);
}

/* Add source @i + 1, whose file can be written, with a feeder for each stream. */
static void start_good(struct log_pipeline *p, int i, struct feeder f[2])
{
	char *path = good_path(i);
	struct ends e = add_source(p, i + 1, path);

	feeder_start(&f[0], e.fd[0], 2 * i, GOOD_LINES);
	feeder_start(&f[1], e.fd[1], 2 * i + 1, GOOD_LINES);
	free(path);
}

static bool good_is_complete(int i)
{
	char *path = good_path(i);
	struct log_content c = log_load(path);
	bool complete = is_fed(&c, 0, 2 * i, GOOD_LINES) &&
			is_fed(&c, 1, 2 * i + 1, GOOD_LINES);

	log_content_free(&c);
	must(!unlink(path));
	free(path);
	return complete;
}

/* A device that is always full, and files that can be written. */
static void test_full_device(size_t bytes)
{
	char *messages = scratch_path("messages"), *text;
	struct feeder bad[2], good[3][2];
	struct log_pipeline *p;
	bool all = true;
	struct ends e;
	uint64_t key, lost;
	int error;

	capture_start(messages);
	p = make_pipeline(bytes);
	e = add_source(p, 0, "/dev/full");
	feeder_start(&bad[0], e.fd[0], 0, 200000);
	feeder_start(&bad[1], e.fd[1], 0, 200000);
	for (int i = 0; i < 3; i++)
		start_good(p, i, good[i]);
	for (int i = 0; i < 6; i++)
		must(!pthread_join(good[i / 2][i % 2].thread, NULL));
	for (int i = 0; i < 4; i++)
		must(!log_pipeline_finish(p, i));
	for (int i = 0; i < 3; i++)
		all = !wait_finished(p, &key) && key && all;
	ok(all,
	   "buffer of %zu bytes: sources finish although another writes to a full device",
	   bytes);
	ok(!log_pipeline_finished(p, &key, &error, &lost) &&
		   !atomic_load(&bad[0].done) && !atomic_load(&bad[1].done),
	   "the container on the full device waits, and is not finished");
	log_pipeline_destroy(p);
	text = capture_end(messages);

	for (int i = 0; i < 3; i++)
		all = good_is_complete(i) && all;
	ok(all, "all lines of the other sources are in their files");
	must(!pthread_join(bad[0].thread, NULL));
	must(!pthread_join(bad[1].thread, NULL));
	ok(bad[0].broken && bad[1].broken,
	   "the pipeline ends although a device is full");
	ok(strstr(text, "/dev/full: its container waits") &&
		   strstr(text, "No space left on device"),
	   "it is reported that the container waits");
	ok(strstr(text, "/dev/full: output that could not be written is kept"),
	   "it is reported at the end that its output is kept");
	free(text);
	free(messages);
}

static void note_key(uint64_t key, const char *path, void *arg)
{
	uint64_t *keys = arg;

	(void)path;
	*keys += key;
}

/* The next pipeline writes the output that one could not write. */
static void test_kept(void)
{
	char *path = scratch_path("kept.log"), *dir = scratch_folder();
	struct log_pipeline *p;
	struct log_content c;
	uint64_t keys = 0, key;
	struct ends e;

	make_long_file(path);
	limit_files(LONG_FILE);
	must(!log_pipeline_create(&p, dir, 64 * KIB));
	e = add_source(p, 5, path);
	write_text(e.fd[LOG_STDOUT], "one\ntwo\nthree\nfour");
	write_text(e.fd[LOG_STDERR], "five");
	close_ends(&e);
	must(!log_pipeline_finish(p, 5));
	log_pipeline_destroy(p);
	limit_files(RLIM_INFINITY);

	must(!log_pipeline_create(&p, dir, 64 * KIB));
	log_pipeline_recovered(p, note_key, &keys);
	is_int(keys, 5, "the next pipeline has the source");
	must(!log_pipeline_finish(p, 5));
	is_int(wait_finished(p, &key), 0, "the source finishes");
	log_pipeline_destroy(p);
	c = log_load_from(path, LONG_FILE);
	ok(text_is(&c, 0, "one\ntwo\nthree\nfour", 18) &&
		   text_is(&c, 1, "five", 4),
	   "all its output is in the file, once");
	ok(!rmdir(dir), "no file is left in the folder");
	log_content_free(&c);
	must(!unlink(path));
	free(path);
	free(dir);
}

static void test_recovery(void)
{
	const size_t limit = LONG_FILE + 256 * KIB + 11;
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *big = scratch_path("big.log"), *small = scratch_path("small.log");
	char *messages = scratch_path("messages");
	bool small_is_done, big_waits;
	struct log_content c;
	struct feeder f[2];
	struct ends e;
	uint64_t key;

	make_long_file(big);
	limit_files(limit);
	capture_start(messages);
	e = add_source(p, 1, big);
	feeder_start(&f[0], e.fd[0], 0, 50000);
	feeder_start(&f[1], e.fd[1], 1, 50000);
	wait_for_text(messages, "big.log: its container waits");
	is_int(log_pipeline_waits(p, 1), -EFBIG,
	       "log_pipeline_waits() says why it waits");
	e = add_source(p, 2, small);
	write_text(e.fd[LOG_STDOUT], "small\n");
	close_ends(&e);
	must(!log_pipeline_finish(p, 2));
	small_is_done = !wait_finished(p, &key) && key == 2;
	big_waits = !atomic_load(&f[0].done) && !atomic_load(&f[1].done);
	limit_files(RLIM_INFINITY);
	ok(small_is_done, "a source finishes whose file is below the limit");
	ok(big_waits, "the container whose file is above it waits");

	must(!pthread_join(f[0].thread, NULL));
	must(!pthread_join(f[1].thread, NULL));
	must(!log_pipeline_finish(p, 1));
	is_int(wait_finished(p, &key), 0,
	       "when it is finished, the error has passed");
	free(capture_end(messages));
	free(messages);
	c = log_load_from(big, LONG_FILE);
	ok(is_fed(&c, 0, 0, 50000) && is_fed(&c, 1, 1, 50000),
	   "no line is lost or written twice");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(big) && !unlink(small));
	free(big);
	free(small);
}

/* The container ends while its file cannot be written. */
static void test_finish_while_blocked(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("blocked.log");
	char *messages = scratch_path("messages");
	static char text[70 * KIB];
	struct log_content c;
	bool finished;
	struct ends e;
	uint64_t key, lost;
	int error;

	fill_lines(text, sizeof(text));
	make_long_file(path);
	limit_files(LONG_FILE + 1000);
	capture_start(messages);
	e = add_source(p, 1, path);
	must(fcntl(e.fd[0], F_SETPIPE_SZ, 128 * KIB) >= 0);
	must(write_all(e.fd[0], text, 2000));
	wait_for_text(messages, "blocked.log: its container waits");
	must(write_all(e.fd[0], text + 2000, sizeof(text) - 2000));
	write_text(e.fd[1], "last words");
	must(!log_pipeline_finish(p, 1));
	close_ends(&e);
	finished = log_pipeline_finished(p, &key, &error, &lost);
	limit_files(RLIM_INFINITY);
	ok(!finished, "a source whose file cannot be written does not finish");
	is_int(wait_finished(p, &key), 0,
	       "the source finishes when the file can be written");
	free(capture_end(messages));
	free(messages);
	c = log_load_from(path, LONG_FILE);
	ok(c.in_time && text_is(&c, 0, text, sizeof(text)) &&
		   text_is(&c, 1, "last words", 10),
	   "all bytes that its container had written are in the file");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(path));
	free(path);
}

/* Many files that cannot be written. */
static void test_many_full(void)
{
	enum {
		MANY = 16
	};
	char *messages = scratch_path("messages"), *path = scratch_path("good");
	struct log_pipeline *p;
	struct log_content c;
	struct feeder bad[MANY], good;
	struct ends e[MANY], last;
	bool waits = true;
	uint64_t key;

	capture_start(messages);
	p = make_pipeline(64 * KIB);
	for (int i = 0; i < MANY; i++) {
		e[i] = add_source(p, i + 1, "/dev/full");
		feeder_start(&bad[i], e[i].fd[0], i, 200000);
	}
	last = add_source(p, MANY + 1, path);
	feeder_start(&good, last.fd[0], 99, 10000);
	must(!pthread_join(good.thread, NULL));
	must(!log_pipeline_finish(p, MANY + 1));
	ok(!wait_finished(p, &key) && key == MANY + 1,
	   "a source finishes although %d others write to full devices", MANY);
	for (int i = 0; i < MANY; i++)
		waits = waits && !atomic_load(&bad[i].done);
	ok(waits, "the others wait: nothing is dropped while they live");
	log_pipeline_destroy(p);
	for (int i = 0; i < MANY; i++)
		must(!pthread_join(bad[i].thread, NULL));
	free(capture_end(messages));
	c = log_load(path);
	ok(is_fed(&c, 0, 99, 10000), "all its lines are in its file");
	log_content_free(&c);
	must(!unlink(path));
	free(path);
	free(messages);
}

/* A container writes @len bytes; the device is full and takes none. */
static void lose(struct log_pipeline *p, const char *path, const char *text,
		 size_t len, const char *name)
{
	struct ends e = add_source(p, 1, path);
	uint64_t key, lost;

	must(fcntl(e.fd[0], F_SETPIPE_SZ, 256 * KIB) >= 0);
	must(write_all(e.fd[0], text, len));
	write_text(e.fd[1], "no end of a line");
	must(!log_pipeline_finish(p, 1));
	close_ends(&e);
	is_int(wait_lost(p, &key, &lost), -ENOSPC, "%s: its log is given up",
	       name);
	is_int(lost, len + 16, "all lost bytes are counted");
}

static void test_give_up(void)
{
	static char text[200 * KIB];
	char *messages = scratch_path("messages"), *dir = scratch_folder();
	char *path = scratch_path("later.log"), *said;
	struct log_pipeline *p;
	struct log_content c;
	struct ends e;
	uint64_t key;

	fill_lines(text, sizeof(text));
	capture_start(messages);
	must(!log_pipeline_create(&p, dir, 64 * KIB));
	log_pipeline_set_give_up(p, 0);
	lose(p, "/dev/full", text, 10, "part of a line");
	lose(p, "/dev/full", text, sizeof(text),
	     "more than its share of the buffer");
	log_pipeline_set_give_up(p, 300);
	lose(p, "/dev/full", text, 5000, "after 300 ms");
	said = capture_end(messages);
	ok(strstr(said,
		  "/dev/full: given up, 26 bytes of its container's output are lost: No space"),
	   "the number of lost bytes is reported");
	free(said);
	e = add_source(p, 1, path);
	write_text(e.fd[0], "later\n");
	close_ends(&e);
	must(!log_pipeline_finish(p, 1));
	is_int(wait_finished(p, &key), 0,
	       "a log that can be written is not given up");
	c = log_load(path);
	ok(text_is(&c, 0, "later\n", 6), "its line is in the file");
	log_content_free(&c);
	log_pipeline_destroy(p);
	ok(!rmdir(dir), "no file is left in the folder");
	must(!unlink(path));
	free(path);
	free(dir);
	free(messages);
}

/* A log is given up in the middle of a record: the file is cut to whole records. */
static void test_give_up_torn(void)
{
	char *messages = scratch_path("messages");
	char *path = scratch_path("torn.log");
	static char text[40 * KIB];
	struct log_pipeline *p;
	struct log_content c;
	struct ends e;
	uint64_t key, lost;
	int error;

	fill_lines(text, sizeof(text));
	make_long_file(path);
	limit_files(LONG_FILE + 1000);
	capture_start(messages);
	p = make_pipeline(64 * KIB);
	e = add_source(p, 1, path);
	must(write_all(e.fd[0], text, 100));
	wait_for_size(path, LONG_FILE + 100 + 2 * 40);
	must(write_all(e.fd[0], text, sizeof(text)));
	wait_for_text(messages, "torn.log: its container waits");
	log_pipeline_set_give_up(p, 0);
	must(!log_pipeline_finish(p, 1));
	close_ends(&e);
	error = wait_lost(p, &key, &lost);
	limit_files(RLIM_INFINITY);
	is_int(error, -EFBIG, "a file that became too long is given up");
	free(capture_end(messages));
	c = log_load_from(path, LONG_FILE);
	ok(c.well_formed && c.len[0] + lost == 100 + sizeof(text),
	   "each byte is either in the file or counted as lost");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(path));
	free(path);
	free(messages);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	scratch_make();
	plan(24 + 3 + 10 + 2);
	test_full_device(64 * KIB);
	test_full_device(LOG_BUFFER_MIN);
	test_kept();
	test_recovery();
	test_finish_while_blocked();
	test_many_full();
	test_give_up();
	test_give_up_torn();
	return tap_end();
}
