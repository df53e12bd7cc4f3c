// SPDX-License-Identifier: GPL-2.0
/* How sources and the pipeline end while containers write all the time. */
#include <sys/resource.h>

#include "log_test.h"

#define KIB	1024
#define ENDLESS INT_MAX

static void test_natural_end(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("natural.log");
	struct pollfd pfd = { log_pipeline_event_fd(p), POLLIN, 0 };
	uint64_t key, lost;
	struct ends e;
	int error;

	e = add_source(p, 5, path);
	write_text(e.fd[LOG_STDOUT], "out");
	write_text(e.fd[LOG_STDERR], "err");
	close_ends(&e);
	wait_for_text(path, "out\n");
	wait_for_text(path, "err\n");
	ok(!log_pipeline_finished(p, &key, &error, &lost) && !poll(&pfd, 1, 0),
	   "the end of both streams does not finish a source");
	must(!log_pipeline_finish(p, 5));
	must(poll(&pfd, 1, -1) == 1);
	ok(log_pipeline_finished(p, &key, &error, &lost) && key == 5 && !error,
	   "log_pipeline_finish() does");
	ok(!log_pipeline_finished(p, &key, &error, &lost) && !poll(&pfd, 1, 0),
	   "a finished source is returned once");
	log_pipeline_destroy(p);
	free(path);
}

/* A process outside the container has the writing ends of its pipes. */
static void test_open_ends(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("open.log");
	struct log_content c;
	struct ends e;
	uint64_t key;

	e = add_source(p, 1, path);
	write_text(e.fd[LOG_STDOUT], "before\nand a bit");
	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));
	ok(write(e.fd[LOG_STDOUT], "after", 5) < 0 && errno == EPIPE,
	   "a source is finished although writing ends are open: its pipe is closed");
	c = log_load(path);
	ok(text_is(&c, 0, "before\nand a bit", 16),
	   "bytes that were written before are in the file");
	log_content_free(&c);
	close_ends(&e);
	log_pipeline_destroy(p);
	free(path);
}

/* How many lines of feeder @id are in the file; -1: the file is not right. */
static int lines_in(const char *path, int stream, int id)
{
	struct log_content c = log_load(path);
	int n = feeder_wrote(c.text[stream], c.len[stream], id);

	/* The last line may be one that the writer could not finish. */
	if (!c.well_formed || !c.in_time || (int)c.lines[stream] > n + 1)
		n = -1;
	log_content_free(&c);
	return n;
}

static void test_endless(void)
{
	struct log_pipeline *p = make_pipeline(LOG_BUFFER_MIN);
	char *loud = scratch_path("loud.log");
	char *quiet = scratch_path("quiet.log");
	struct feeder f[2];
	struct log_content c;
	struct ends e, q;
	uint64_t key;

	e = add_source(p, 1, loud);
	feeder_start(&f[0], e.fd[0], 0, ENDLESS);
	feeder_start(&f[1], e.fd[1], 1, ENDLESS);
	wait_for_text(loud, "stdout F 0 100 ");

	for (int i = 0; i < 20; i++) {
		q = add_source(p, 2, quiet);
		write_text(q.fd[LOG_STDOUT], "hello\n");
		close_ends(&q);
		must(!log_pipeline_finish(p, 2));
		must(!wait_finished(p, &key) && key == 2);
	}
	c = log_load(quiet);
	ok(c.lines[0] == 20,
	   "a quiet source finishes while another one writes without end");
	log_content_free(&c);

	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));
	ok(key == 1, "a source that writes without end can be finished");
	must(!pthread_join(f[0].thread, NULL) &&
	     !pthread_join(f[1].thread, NULL));
	ok(f[0].broken && f[1].broken, "its writers get EPIPE");
	ok(lines_in(loud, 0, 0) > 100 && lines_in(loud, 1, 1) >= 0,
	   "its lines are in order and whole");
	log_pipeline_destroy(p);
	must(!unlink(loud) && !unlink(quiet));
	free(loud);
	free(quiet);
}

static void test_destroy(void)
{
	struct log_pipeline *p = make_pipeline(LOG_BUFFER_MIN);
	struct ends e[8];
	bool good = true;
	char *path, *text;

	/* More than the buffer holds, and as much as fits into the pipes. */
	text = malloc(40 * KIB);
	must(text);
	memset(text, 't', 40 * KIB);
	for (int i = 0; i < 8; i++) {
		must(asprintf(&path, "%s/d%d.log", scratch, i) > 0);
		e[i] = add_source(p, i, path);
		must(write_all(e[i].fd[0], text, 40 * KIB));
		write_text(e[i].fd[1], "short");
		free(path);
	}
	for (int i = 0; i < 8; i++)
		must(!log_pipeline_finish(p, i));
	log_pipeline_destroy(p);
	for (int i = 0; i < 8; i++) {
		struct log_content c;

		must(asprintf(&path, "%s/d%d.log", scratch, i) > 0);
		c = log_load(path);
		good = good && text_is(&c, 0, text, 40 * KIB) &&
		       text_is(&c, 1, "short", 5);
		log_content_free(&c);
		close_ends(&e[i]);
		must(!unlink(path));
		free(path);
	}
	ok(good,
	   "when the pipeline ends, the pipes of finished sources are read to the end");
	free(text);
}

static void test_destroy_endless(void)
{
	struct log_pipeline *p = make_pipeline(16 * KIB);
	struct feeder f[8];
	bool good = true;
	char *path[4];

	for (int i = 0; i < 4; i++) {
		struct ends e;

		must(asprintf(&path[i], "%s/e%d.log", scratch, i) > 0);
		e = add_source(p, i, path[i]);
		feeder_start(&f[2 * i], e.fd[0], 2 * i, ENDLESS);
		feeder_start(&f[2 * i + 1], e.fd[1], 2 * i + 1, ENDLESS);
	}
	wait_for_text(path[3], " F 7 100 ");
	log_pipeline_destroy(p);
	for (int i = 0; i < 8; i++) {
		must(!pthread_join(f[i].thread, NULL));
		good = good && f[i].broken &&
		       lines_in(path[i / 2], i % 2, i) >= 0;
	}
	ok(good, "the pipeline ends although writers never stop");
	for (int i = 0; i < 4; i++) {
		must(!unlink(path[i]));
		free(path[i]);
	}
}

#define CHURN_THREADS 4
#define CHURN_EACH    250

struct churn {
	pthread_t thread;
	struct log_pipeline *p;
	int first;
};

static char *churn_path(int key)
{
	char *path;

	must(asprintf(&path, "%s/c%d.log", scratch, key) > 0);
	return path;
}

/* Containers that start, write a few lines, and end or stay for a while. */
static void *churn_run(void *arg)
{
	struct churn *c = arg;
	struct ends open[8];
	char text[300];

	for (int i = 0; i < CHURN_EACH; i++) {
		int key = c->first + i;
		char *path = churn_path(key);
		struct ends e = add_source(c->p, key, path);

		for (int line = 0; line < key % 20; line++)
			must(write_all(e.fd[line % 2], text,
				       make_line(text, key, line)));
		write_text(e.fd[LOG_STDERR], "last");
		if (i % 3)
			close_ends(&e);
		must(!log_pipeline_finish(c->p, key));
		if (!(i % 3)) {
			/* Writing ends that outlive the source. */
			if (i >= 24)
				close_ends(&open[i / 3 % 8]);
			open[i / 3 % 8] = e;
		}
		free(path);
	}
	for (int i = 0; i < 8; i++)
		close_ends(&open[i]);
	return NULL;
}

static bool churn_is_good(int key)
{
	char *path = churn_path(key), want[2][8192], text[300];
	struct log_content c = log_load(path);
	size_t len[2] = { 0, 0 };
	bool good;

	for (int line = 0; line < key % 20; line++) {
		size_t n = make_line(text, key, line);

		memcpy(want[line % 2] + len[line % 2], text, n);
		len[line % 2] += n;
	}
	memcpy(want[1] + len[1], "last", 4);
	good = text_is(&c, 0, want[0], len[0]) &&
	       text_is(&c, 1, want[1], len[1] + 4) && c.in_time;
	log_content_free(&c);
	free(path);
	return good;
}

static void test_churn(void)
{
	static bool seen[CHURN_THREADS * CHURN_EACH];
	struct churn c[CHURN_THREADS];
	int n = CHURN_THREADS * CHURN_EACH, fds = count_fds();
	struct log_pipeline *p = make_pipeline(8 * KIB);
	bool good = true;
	uint64_t key;

	for (int i = 0; i < CHURN_THREADS; i++) {
		c[i].p = p;
		c[i].first = i * CHURN_EACH;
		must(!pthread_create(&c[i].thread, NULL, churn_run, &c[i]));
	}
	for (int i = 0; i < n; i++) {
		good = !wait_finished(p, &key) && good;
		must(key < (uint64_t)n);
		good = good && !seen[key] && churn_is_good(key);
		seen[key] = true;
	}
	ok(good,
	   "of 1000 sources that come and go each is finished once, with all its lines");
	for (int i = 0; i < CHURN_THREADS; i++)
		must(!pthread_join(c[i].thread, NULL));
	log_pipeline_destroy(p);
	is_int(count_fds(), fds, "no descriptor is left open");
}

static void test_many_at_once(void)
{
	struct rlimit limit;
	struct log_pipeline *p;
	struct ends *e;
	bool good = true;
	uint64_t key;
	int n = 1000;

	must(!getrlimit(RLIMIT_NOFILE, &limit));
	limit.rlim_cur = limit.rlim_max;
	must(!setrlimit(RLIMIT_NOFILE, &limit));
	if (limit.rlim_cur < 5100) {
		skip("1000 sources at once", "too few descriptors allowed");
		return;
	}
	p = make_pipeline(64 * KIB);
	e = calloc(n, sizeof(*e));
	must(e);
	for (int i = 0; i < n; i++) {
		char *path = churn_path(i);

		must(!unlink(path));
		e[i] = add_source(p, i, path);
		free(path);
	}
	for (int line = 0; line < 20; line++) {
		for (int i = 0; i < n; i++) {
			char text[300];

			if (line < i % 20)
				must(write_all(e[i].fd[line % 2], text,
					       make_line(text, i, line)));
		}
	}
	for (int i = 0; i < n; i++) {
		write_text(e[i].fd[LOG_STDERR], "last");
		must(!log_pipeline_finish(p, i));
	}
	for (int i = 0; i < n; i++)
		good = !wait_finished(p, &key) && good;
	for (int i = 0; i < n; i++) {
		good = good && churn_is_good(i);
		close_ends(&e[i]);
	}
	ok(good, "1000 sources at once");
	log_pipeline_destroy(p);
	free(e);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	scratch_make();
	plan(14);
	test_natural_end();
	test_open_ends();
	test_endless();
	test_destroy();
	test_destroy_endless();
	test_churn();
	test_many_at_once();
	return tap_end();
}
