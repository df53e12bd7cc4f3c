// SPDX-License-Identifier: GPL-2.0
/* Log files that cannot be written, for a time or to the end. */
#include "log_errors.h"
#include "log_test.h"

#define KIB 1024

static struct log_pipeline *new_pipeline(size_t bytes)
{
	struct log_pipeline *p;

	p = make_pipeline(bytes);
	return p;
}

/* A device that is always full, beside files that are not. */
static void test_full_device(size_t bytes)
{
	char *messages = scratch_path("messages"), *text;
	struct log_pipeline *p;
	struct feeder bad[2], good[6];
	bool all = true;
	struct ends e;
	uint64_t key;
	int error;

	capture_start(messages);
	p = new_pipeline(bytes);
	e = add_source(p, 0, "/dev/full");
	feeder_start(&bad[0], e.fd[0], 0, 200000);
	feeder_start(&bad[1], e.fd[1], 0, 200000);
	for (int i = 0; i < 3; i++) {
		char name[16], *path;

		snprintf(name, sizeof(name), "g%d.log", i);
		path = scratch_path(name);
		e = add_source(p, i + 1, path);
		feeder_start(&good[2 * i], e.fd[0], 2 * i, 10000);
		feeder_start(&good[2 * i + 1], e.fd[1], 2 * i + 1, 10000);
		free(path);
	}
	for (int i = 0; i < 6; i++)
		must(!pthread_join(good[i].thread, NULL));
	must(!log_pipeline_finish(p, 0));
	for (int i = 0; i < 3; i++)
		must(!log_pipeline_finish(p, i + 1));
	for (int i = 0; i < 3; i++)
		all = !wait_finished(p, &key) && key && all;
	ok(all, "buffer of %zu: others finish beside a full device", bytes);
	ok(!log_pipeline_finished(p, &key, &error) &&
		   !atomic_load(&bad[0].done) && !atomic_load(&bad[1].done),
	   "its container waits, and is not finished");
	log_pipeline_destroy(p);
	text = capture_end(messages);

	for (int i = 0; i < 3; i++) {
		char name[16], *path;
		struct log_content c;

		snprintf(name, sizeof(name), "g%d.log", i);
		path = scratch_path(name);
		c = log_load(path);
		all = all && is_fed(&c, 0, 2 * i, 10000) &&
		      is_fed(&c, 1, 2 * i + 1, 10000);
		log_content_free(&c);
		must(!unlink(path));
		free(path);
	}
	ok(all, "the others' lines are all there");
	must(!pthread_join(bad[0].thread, NULL));
	must(!pthread_join(bad[1].thread, NULL));
	ok(bad[0].broken && bad[1].broken, "all ends in spite of it");
	ok(strstr(text, "/dev/full: its container waits") &&
		   strstr(text, "No space left on device"),
	   "that it waits was reported");
	ok(strstr(text, "/dev/full: what could not be written is kept"),
	   "so was in the end that it is kept");
	free(text);
	free(messages);
}

static void note_key(uint64_t key, const char *path, void *arg)
{
	uint64_t *keys = arg;

	(void)path;
	*keys += key;
}

/* What a pipeline could not write its successor writes. */
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
	is_int(keys, 5, "the source is there again");
	must(!log_pipeline_finish(p, 5));
	is_int(wait_finished(p, &key), 0, "and finishes");
	log_pipeline_destroy(p);
	c = log_load_from(path, LONG_FILE);
	ok(text_is(&c, 0, "one\ntwo\nthree\nfour\n", 19) &&
		   text_is(&c, 1, "five\n", 5),
	   "with all that was kept, once");
	ok(!rmdir(dir), "nothing is left in the folder");
	log_content_free(&c);
	must(!unlink(path));
	free(path);
	free(dir);
}

static void test_recovery(void)
{
	const size_t limit = LONG_FILE + 256 * KIB + 11;
	struct log_pipeline *p = new_pipeline(64 * KIB);
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
	is_int(log_pipeline_waits(p, 1), -EFBIG, "why it waits can be asked");
	e = add_source(p, 2, small);
	write_text(e.fd[LOG_STDOUT], "small\n");
	close_ends(&e);
	must(!log_pipeline_finish(p, 2));
	small_is_done = !wait_finished(p, &key) && key == 2;
	big_waits = !atomic_load(&f[0].done) && !atomic_load(&f[1].done);
	limit_files(RLIM_INFINITY);
	ok(small_is_done, "a file below the limit is not affected");
	ok(big_waits, "the container above it waits");

	must(!pthread_join(f[0].thread, NULL));
	must(!pthread_join(f[1].thread, NULL));
	must(!log_pipeline_finish(p, 1));
	is_int(wait_finished(p, &key), -EFBIG,
	       "the error is told when it ends");
	free(capture_end(messages));
	free(messages);
	c = log_load_from(big, LONG_FILE);
	ok(is_fed(&c, 0, 0, 50000) && is_fed(&c, 1, 1, 50000),
	   "nothing is lost, nothing comes twice");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(big) && !unlink(small));
	free(big);
	free(small);
}

/* The container ends while its file cannot be written. */
static void test_finish_while_blocked(void)
{
	struct log_pipeline *p = new_pipeline(64 * KIB);
	char *path = scratch_path("blocked.log");
	char *messages = scratch_path("messages");
	static char text[70 * KIB];
	struct log_content c;
	bool finished;
	struct ends e;
	uint64_t key;
	int error;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 50 == 49 ? '\n' : 'a' + i % 26;
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
	finished = log_pipeline_finished(p, &key, &error);
	limit_files(RLIM_INFINITY);
	ok(!finished, "a source that cannot be written does not finish");
	is_int(wait_finished(p, &key), -EFBIG, "it does when it can be");
	free(capture_end(messages));
	free(messages);
	c = log_load_from(path, LONG_FILE);
	ok(c.in_time && c.len[0] == sizeof(text) + 1 &&
		   !memcmp(c.text[0], text, sizeof(text)) &&
		   text_is(&c, 1, "last words\n", 11),
	   "with all that its container had written");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(path));
	free(path);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	scratch_make();
	plan(24);
	test_full_device(64 * KIB);
	test_full_device(LOG_PIPELINE_MIN);
	test_kept();
	test_recovery();
	test_finish_while_blocked();
	return tap_end();
}
