// SPDX-License-Identifier: GPL-2.0
/* Log files that cannot be written, for a time or to the end. */
#include <sys/resource.h>

#include "log_test.h"

#define KIB 1024

static struct log_pipeline *new_pipeline(size_t bytes)
{
	struct log_pipeline *p;

	must(!log_pipeline_create(&p, bytes));
	return p;
}

/* The limit of a file's size stands for a disk that is full for a while. */
static void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	must(!getrlimit(RLIMIT_FSIZE, &limit));
	limit.rlim_cur = bytes;
	must(!setrlimit(RLIMIT_FSIZE, &limit));
}

static int real_stderr = -1;

static void capture_start(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0);
	fflush(stderr);
	real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	must(real_stderr >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	close(fd);
}

static char *capture_end(const char *path)
{
	size_t len;
	char *text;

	must(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	text = slurp(path, &len);
	return text;
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
	ok(strstr(text, "/dev/full: the last ") &&
		   strstr(text, " bytes are lost"),
	   "so was what is lost in the end");
	free(text);
	free(messages);
}

/* How much is lost is told to the byte. */
static void test_lost_bytes(void)
{
	char *messages = scratch_path("messages"), *text;
	struct log_pipeline *p;
	struct ends e;

	capture_start(messages);
	p = new_pipeline(64 * KIB);
	e = add_source(p, 0, "/dev/full");
	write_text(e.fd[LOG_STDOUT], "one\ntwo\nthree");
	close_ends(&e);
	log_pipeline_destroy(p);
	text = capture_end(messages);
	ok(strstr(text, "the last 134 bytes are lost"),
	   "the loss is told in bytes of the file");
	if (!strstr(text, "the last 134 bytes are lost"))
		printf("# %s", text);
	free(text);
	free(messages);
}

static void test_recovery(void)
{
	const size_t limit = 256 * KIB + 11;
	struct log_pipeline *p = new_pipeline(64 * KIB);
	char *big = scratch_path("big.log"), *small = scratch_path("small.log");
	bool small_is_done, big_waits;
	struct log_content c;
	struct feeder f[2];
	struct ends e;
	uint64_t key;

	limit_files(limit);
	e = add_source(p, 1, big);
	feeder_start(&f[0], e.fd[0], 0, 50000);
	feeder_start(&f[1], e.fd[1], 1, 50000);
	wait_for_size(big, limit);
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
	c = log_load(big);
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
	const size_t limit = 1000;
	struct log_pipeline *p = new_pipeline(64 * KIB);
	char *path = scratch_path("blocked.log");
	static char text[70 * KIB];
	struct log_content c;
	bool finished;
	struct ends e;
	uint64_t key;
	int error;

	for (size_t i = 0; i < sizeof(text); i++)
		text[i] = i % 50 == 49 ? '\n' : 'a' + i % 26;
	limit_files(limit);
	e = add_source(p, 1, path);
	must(fcntl(e.fd[0], F_SETPIPE_SZ, 128 * KIB) >= 0);
	must(write_all(e.fd[0], text, 2000));
	wait_for_size(path, limit);
	must(write_all(e.fd[0], text + 2000, sizeof(text) - 2000));
	write_text(e.fd[1], "last words");
	must(!log_pipeline_finish(p, 1));
	close_ends(&e);
	finished = log_pipeline_finished(p, &key, &error);
	limit_files(RLIM_INFINITY);
	ok(!finished, "a source that cannot be written does not finish");
	is_int(wait_finished(p, &key), -EFBIG, "it does when it can be");
	c = log_load(path);
	ok(c.in_time && c.len[0] == sizeof(text) + 1 &&
		   !memcmp(c.text[0], text, sizeof(text)) &&
		   text_is(&c, 1, "last words\n", 11),
	   "with all that its container had written");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(path));
	free(path);
}

#define CROWD 150
/* More than a pipe takes twice, so that nobody is done before the end. */
#define CROWD_LINES 5000

static char *crowd_path(int i)
{
	char *path;

	must(asprintf(&path, "%s/w%d.log", scratch, i) > 0);
	return path;
}

static bool crowd_is_good(int i, bool recovered)
{
	char *path = crowd_path(i), *text;
	struct log_content c;
	bool good;
	size_t len;

	text = slurp(path, &len);
	c = log_parse(text, len);
	if (recovered)
		good = is_fed(&c, 0, i, CROWD_LINES);
	else
		good = len <= 2000 &&
		       (int)c.lines[0] == feeder_wrote(c.text[0], c.len[0], i);
	log_content_free(&c);
	free(text);
	must(!unlink(path));
	free(path);
	return good;
}

/*
 * More is to be held back than may be: all wait. Then they go on, or the
 * pipeline ends.
 */
static void test_crowd(bool recover)
{
	struct log_pipeline *p = new_pipeline(LOG_PIPELINE_MIN);
	struct feeder *f = calloc(CROWD, sizeof(*f));
	char *messages = scratch_path("messages");
	int errors = 0, error;
	bool good = true;
	uint64_t key;
	char *path;

	must(f);
	capture_start(messages);
	limit_files(2000);
	for (int i = 0; i < CROWD; i++) {
		struct ends e;

		path = crowd_path(i);
		e = add_source(p, i, path);
		feeder_start(&f[i], e.fd[0], i, CROWD_LINES);
		must(!close(e.fd[1]));
		free(path);
	}
	path = crowd_path(5);
	wait_for_size(path, 2000);
	free(path);
	if (!recover)
		log_pipeline_destroy(p);
	limit_files(RLIM_INFINITY);
	for (int i = 0; i < CROWD; i++) {
		must(!pthread_join(f[i].thread, NULL));
		must(!recover || !log_pipeline_finish(p, i));
	}
	for (int i = 0; i < CROWD && recover; i++) {
		error = wait_finished(p, &key);
		errors += error == -EFBIG;
		good = good && (!error || error == -EFBIG);
	}
	if (recover)
		log_pipeline_destroy(p);
	free(capture_end(messages));
	free(messages);
	for (int i = 0; i < CROWD; i++)
		good = good && crowd_is_good(i, recover) &&
		       f[i].broken == !recover;
	ok(good && (!recover || errors > 1),
	   recover ? "%d files fail at once and recover" :
		     "%d files fail at once and all ends",
	   CROWD);
	free(f);
}

#define FIFOS 8

struct fifo {
	int fd;
	struct ends ends;
	char text[64 * KIB];
	char got[256 * KIB];
	size_t len;	/* of got */
	size_t filling; /* of that, what was there before */
};

static void fifo_make(struct fifo *f, struct log_pipeline *p, int i)
{
	char *path;

	must(asprintf(&path, "%s/fifo%d", scratch, i) > 0);
	must(!mkfifo(path, 0600));
	f->fd = open(path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
	must(f->fd >= 0);
	memset(f->text, 'f', sizeof(f->text));
	while (write(f->fd, f->text, 4096) > 0)
		f->filling += 4096;
	must(errno == EAGAIN);
	for (size_t k = 0; k < sizeof(f->text); k++)
		f->text[k] = k % 100 == 99 ? '\n' : 'a' + (i + k) % 26;
	f->ends = add_source(p, i, path);
	must(write_all(f->ends.fd[0], f->text, sizeof(f->text)));
	close_ends(&f->ends);
	must(!log_pipeline_finish(p, i));
	must(!unlink(path));
	free(path);
}

static void fifo_read(struct fifo *f)
{
	ssize_t n;

	while ((n = read(f->fd, f->got + f->len, sizeof(f->got) - f->len)) > 0)
		f->len += n;
	must(n < 0 && errno == EAGAIN);
}

static bool fifo_is_good(struct fifo *f)
{
	struct log_content c;
	bool good;

	fifo_read(f);
	must(f->len >= f->filling);
	c = log_parse(f->got + f->filling, f->len - f->filling);
	good = c.len[0] == sizeof(f->text) + 1 &&
	       !memcmp(c.text[0], f->text, sizeof(f->text));
	log_content_free(&c);
	return good;
}

/* Waits for that many sources, while all FIFOs but one are read. */
static void wait_for_fifos(struct log_pipeline *p, struct fifo *f, int but,
			   int count)
{
	struct pollfd pfd[FIFOS + 1];
	uint64_t key;
	int error;

	for (int i = 0; i < FIFOS; i++)
		pfd[i] = (struct pollfd){ i == but ? -1 : f[i].fd, POLLIN, 0 };
	pfd[FIFOS] = (struct pollfd){ log_pipeline_event_fd(p), POLLIN, 0 };
	while (count) {
		must(poll(pfd, FIFOS + 1, -1) > 0);
		for (int i = 0; i < FIFOS; i++) {
			if (pfd[i].fd >= 0 && pfd[i].revents)
				fifo_read(&f[i]);
		}
		while (count && log_pipeline_finished(p, &key, &error))
			count--;
	}
}

/*
 * More files fail at once than can be held back for, so that all wait. When all
 * but one can be written again, that one may not keep the others waiting.
 */
static bool all_but_one(int one)
{
	struct log_pipeline *p = new_pipeline(64 * KIB);
	struct fifo *f = calloc(FIFOS, sizeof(*f));
	char *path = scratch_path("healthy.log");
	struct log_content c;
	struct ends e;
	bool good;

	must(f);
	for (int i = 0; i < FIFOS; i++)
		fifo_make(&f[i], p, i);
	e = add_source(p, FIFOS, path);
	write_text(e.fd[0], "healthy\n");
	must(!log_pipeline_finish(p, FIFOS));
	close_ends(&e);
	wait_for_fifos(p, f, one, FIFOS);
	c = log_load(path);
	good = text_is(&c, 0, "healthy\n", 8);
	log_content_free(&c);
	wait_for_fifos(p, f, -1, 1);
	for (int i = 0; i < FIFOS; i++) {
		good = good && fifo_is_good(&f[i]);
		must(!close(f[i].fd));
	}
	log_pipeline_destroy(p);
	must(!unlink(path));
	free(path);
	free(f);
	return good;
}

static void test_all_but_one(void)
{
	char *messages = scratch_path("messages");
	bool good = true;

	capture_start(messages);
	for (int i = 0; i < FIFOS; i++)
		good = good && all_but_one(i);
	free(capture_end(messages));
	free(messages);
	ok(good, "of %d that failed at once all but one recover", FIFOS);
}

int main(void)
{
	signal(SIGPIPE, SIG_IGN);
	scratch_make();
	plan(23);
	test_full_device(64 * KIB);
	test_full_device(LOG_PIPELINE_MIN);
	test_lost_bytes();
	test_recovery();
	test_finish_while_blocked();
	test_crowd(true);
	test_crowd(false);
	test_all_but_one();
	return tap_end();
}
