// SPDX-License-Identifier: GPL-2.0
/* Log files that cannot be written: more at once than can be held back for. */
#include "log_errors.h"
#include "log_test.h"

#define KIB 1024

static struct log_pipeline *new_pipeline(size_t bytes)
{
	struct log_pipeline *p;

	p = make_pipeline(bytes);
	return p;
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

#define FIFOS 6

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
	plan(3);
	test_crowd(true);
	test_crowd(false);
	test_all_but_one();
	return tap_end();
}
