// SPDX-License-Identifier: GPL-2.0
/* Reading and following a log while a thread writes and rotates it. */
#include <stdlib.h>
#include <sys/eventfd.h>

#include "base/report.h"
#include "log/follow.h"
#include "log/print.h"
#include "rotated_log.h"

/* A thread that writes numbered lines as fast as it can, to many small files. */
struct writer {
	pthread_t thread;
	int max_files;
	int rotations;
	int lines; /* in each file */
	pthread_mutex_t lock;
	pthread_cond_t rotated;
	int done; /* how many rotations */
	bool finished;
	int finished_fd;
};

static void *writer_run(void *arg)
{
	struct writer *w = arg;
	char buf[64 * 100], text[16];
	int line = 0;

	for (int i = 0; i <= w->rotations; i++) {
		int fd = open_file();
		size_t len = 0;

		/* The last line of each file goes on in the next one. */
		if (i)
			len += put_piece(buf + len, sizeof(buf) - len, false,
					 "x");
		for (int n = 0; n < w->lines; n++) {
			snprintf(text, sizeof(text), "%d", line++);
			len += put_piece(buf + len, sizeof(buf) - len,
					 n == w->lines - 1 && i < w->rotations,
					 text);
		}
		must(write_all(fd, buf, len));
		close(fd);
		if (i < w->rotations)
			rotate(w->max_files);
		pthread_mutex_lock(&w->lock);
		w->done = i + 1;
		w->finished = i == w->rotations;
		pthread_cond_broadcast(&w->rotated);
		pthread_mutex_unlock(&w->lock);
	}
	must(eventfd_write(w->finished_fd, 1) == 0);
	return NULL;
}

static void writer_start(struct writer *w, int max_files, int rotations)
{
	*w = (struct writer){
		.max_files = max_files,
		.rotations = rotations,
		.lines = 7,
		.lock = PTHREAD_MUTEX_INITIALIZER,
		.rotated = PTHREAD_COND_INITIALIZER,
		.finished_fd = eventfd(0, EFD_CLOEXEC),
	};
	must(w->finished_fd >= 0);
	must(!pthread_create(&w->thread, NULL, writer_run, w));
}

/* Wait until @n more files are written, or all. */
static void writer_wait(struct writer *w, int n)
{
	pthread_mutex_lock(&w->lock);
	for (int until = w->done + n; w->done < until && !w->finished;)
		pthread_cond_wait(&w->rotated, &w->lock);
	pthread_mutex_unlock(&w->lock);
}

static void writer_join(struct writer *w)
{
	must(!pthread_join(w->thread, NULL));
	close(w->finished_fd);
}

/* The output of a follower: a stream that checks the numbers, and is slow at times. */
struct sink {
	struct writer *writer;
	int slow; /* a long wait after every so many writes; 0: none */
	int writes;
	char line[64];
	size_t len;
	int next;  /* the expected number; -1: any */
	int lines; /* how many have come */
	bool in_order;
	int gaps;
};

static void add_line(struct sink *s)
{
	int n = 0, end = 0;

	s->line[s->len] = '\0';
	/* The first line may have any number. */
	if (!s->lines) {
		s->next = sscanf(s->line, "%d", &n) == 1 ? n + 1 : -1;
		s->lines = 1;
		s->len = 0;
		return;
	}
	if (sscanf(s->line, "%d%n", &n, &end) < 1 ||
	    strcmp(s->line + end, n % 7 == 6 ? "x" : "")) {
		/* The last line of all, or a line whose end was removed. */
		if (s->line[end])
			s->gaps += 1000000;
	}
	if (n < s->next)
		s->in_order = false;
	if (s->next >= 0 && n != s->next)
		s->gaps++;
	s->next = n + 1;
	s->lines++;
	s->len = 0;
}

static ssize_t sink_write(void *arg, const char *buf, size_t len)
{
	struct sink *s = arg;

	for (size_t i = 0; i < len; i++) {
		if (buf[i] == '\n')
			add_line(s);
		else if (s->len + 1 < sizeof(s->line))
			s->line[s->len++] = buf[i];
	}
	if (s->slow && ++s->writes % s->slow == 0)
		writer_wait(s->writer, 5);
	return len;
}

static FILE *sink_open(struct sink *s, struct writer *w, int slow)
{
	const cookie_io_functions_t io = { .write = sink_write };
	FILE *f;

	*s = (struct sink){ .writer = w, .slow = slow, .in_order = true };
	f = fopencookie(s, "w", io);
	must(f);
	/* A buffer for more than one line, and fewer than all. */
	must(!setvbuf(f, NULL, _IOFBF, 100));
	return f;
}

static int wait_for_writer(void *arg, int inotify)
{
	int *finished = arg;
	struct pollfd fds[] = { { inotify, POLLIN, 0 },
				{ *finished, POLLIN, 0 } };

	must(poll(fds, 2, -1) > 0);
	return fds[1].revents ? 1 : 0;
}

/* Follow until the writer is done; returns whether files were missed. */
static bool follow(struct writer *w, FILE *out)
{
	const struct log_print print = { 0 };
	struct log_follow follow = {
		.path = path,
		.wait = wait_for_writer,
		.arg = &w->finished_fd,
		.out = out,
	};
	struct log_files files;
	bool missed;

	must(!log_files_open(&files, path));
	must(!log_follow_begin(&follow, &files));
	is_int(log_print(&files, &print, out), 0, "follow the log to its end");
	must(!fclose(out));
	missed = files.missed;
	log_follow_end(&follow, &files);
	log_files_close(&files);
	return missed;
}

static void test_flat_out(int slow, const char *name)
{
	const int rotations = 500;
	struct writer w;
	struct sink s;
	bool missed;
	FILE *out;

	writer_start(&w, LOG_MAX_FILES_MAX, rotations);
	out = sink_open(&s, &w, slow);
	missed = follow(&w, out);
	writer_join(&w);
	ok(s.in_order && !s.gaps && !missed &&
		   s.lines == (rotations + 1) * w.lines,
	   "each line once and in order, %s", name);
	printf("# %d lines, %d gaps, missed %d\n", s.lines, s.gaps, missed);
	remove_all();
}

static void test_rotated_away(int max_files)
{
	struct writer w;
	struct sink s;
	bool missed;
	FILE *out;

	writer_start(&w, max_files, 1000);
	out = sink_open(&s, &w, 20);
	missed = follow(&w, out);
	writer_join(&w);
	ok(s.in_order && s.lines, "lines are in order if %d files are kept",
	   max_files);
	ok(missed || !s.gaps, "every gap is reported");
	printf("# %d lines, %d gaps, missed %d\n", s.lines, s.gaps, missed);
	remove_all();
}

/* Read the log as it is at one time, while it is rotated. */
static void test_snapshots(void)
{
	const struct log_print print = { 0 };
	bool good = true, finished = false;
	struct writer w;
	int n = 0;

	writer_start(&w, 20, 1500);
	for (; !finished && good; n++) {
		struct pollfd fd = { w.finished_fd, POLLIN, 0 };
		struct log_files files;
		struct sink s;
		FILE *out;

		finished = poll(&fd, 1, 0) > 0;
		out = sink_open(&s, &w, 0);
		must(!log_files_open(&files, path));
		good = !log_print(&files, &print, out) && s.in_order &&
		       !files.missed;
		must(!fclose(out));
		/* The first line may have any number, the others follow it. */
		good = good && s.gaps % 1000000 <= 1;
		log_files_close(&files);
	}
	writer_join(&w);
	ok(good && finished, "every snapshot has no gap");
	printf("# %d snapshots\n", n);
	remove_all();
}

int main(void)
{
	report_program("test_follow_rotation");
	log_set_up();
	test_snapshots();
	test_flat_out(0, "the follower is fast");
	test_flat_out(10, "the follower is slow");
	test_rotated_away(5);
	test_rotated_away(1);
	return tap_end();
}
