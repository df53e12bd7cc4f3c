// SPDX-License-Identifier: GPL-2.0
/* Reading and following logs while they are rotated. */
#include <semaphore.h>
#include <stdlib.h>
#include <sys/eventfd.h>

#include "log/follow.h"
#include "log/print.h"
#include "log/settings.h"
#include "log_test.h"
#include "base/report.h"

static char path[PATH_MAX + 16];

/* Rename all files, the highest number first, up to the first free number. */
static void rotate(int max_files)
{
	char from[PATH_MAX + 32], to[PATH_MAX + 32];
	int free_number = 0;

	do {
		number_path(to, path, ++free_number);
	} while (free_number < max_files && !access(to, F_OK));
	if (free_number == max_files)
		free_number--;
	for (int n = free_number; n > 0; n--) {
		number_path(from, path, n - 1);
		number_path(to, path, n);
		must(!rename(from, to));
	}
	if (max_files == 1)
		must(!unlink(path));
}

static void remove_all(void)
{
	char name[PATH_MAX + 32];

	for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
		number_path(name, path, n);
		unlink(name);
	}
}

static int open_file(void)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
		      0600);

	must(fd >= 0);
	return fd;
}

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

static int put_piece(char *buf, bool partial, const char *text)
{
	return format_piece(buf, 1700000000000000000, LOG_STDOUT, partial,
			    text);
}

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
			len += put_piece(buf + len, false, "x");
		for (int n = 0; n < w->lines; n++) {
			sprintf(text, "%d", line++);
			len += put_piece(buf + len,
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

/* A follower in a thread; the test can wait for its output. */
struct reader {
	pthread_t thread;
	struct log_print print;
	sem_t waiting; /* posted whenever it is at the end of the log */
	int finished_fd;
	int out[2];
	int err;
};

static int reader_wait(void *arg, int inotify)
{
	struct reader *r = arg;

	must(!sem_post(&r->waiting));
	return wait_for_writer(&r->finished_fd, inotify);
}

static void *reader_run(void *arg)
{
	struct reader *r = arg;
	FILE *out = fdopen(r->out[1], "w");
	struct log_follow follow = {
		.path = path,
		.wait = reader_wait,
		.arg = r,
		.out = out,
	};
	struct log_files files;

	must(out && !log_files_open(&files, path));
	must(!log_follow_begin(&follow, &files));
	r->err = log_print(&files, &r->print, out);
	fclose(out);
	log_follow_end(&follow, &files);
	log_files_close(&files);
	return NULL;
}

static void reader_start(struct reader *r, const struct log_print *print)
{
	r->print = *print;
	must(!sem_init(&r->waiting, 0, 0));
	r->finished_fd = eventfd(0, EFD_CLOEXEC);
	must(r->finished_fd >= 0 && !pipe2(r->out, O_CLOEXEC));
	must(!pthread_create(&r->thread, NULL, reader_run, r));
}

/* Whether the next output is @want. */
static bool prints(struct reader *r, const char *want)
{
	char buf[256];
	size_t len = strlen(want), have = 0;

	while (have < len) {
		ssize_t n = read(r->out[0], buf + have, len - have);

		must(n >= 0);
		if (!n)
			return false;
		have += n;
	}
	return !memcmp(buf, want, len);
}

static void append_piece(int fd, bool partial, const char *text)
{
	char buf[256];

	must(write_all(fd, buf, put_piece(buf, partial, text)));
}

static void reader_end(struct reader *r, const char *rest)
{
	char buf[64];

	must(!eventfd_write(r->finished_fd, 1));
	is_int(rest ? prints(r, rest) : 1, 1,
	       "at the end the follower prints the rest of the log");
	is_int(read(r->out[0], buf, sizeof(buf)), 0,
	       "the follower prints nothing more");
	must(!pthread_join(r->thread, NULL));
	sem_destroy(&r->waiting);
	is_int(r->err, 0, "the follower ends without an error");
	close(r->out[0]);
	close(r->finished_fd);
	remove_all();
}

static void test_growth(void)
{
	const struct log_print print = { 0 };
	struct reader r;
	int fd;

	reader_start(&r, &print);
	fd = open_file();
	append_piece(fd, false, "one");
	ok(prints(&r, "one\n"), "a line of a log that did not exist at first");
	append_piece(fd, true, "two");
	ok(prints(&r, "two"), "a part of a line");
	close(fd);
	rotate(5);
	fd = open_file();
	append_piece(fd, false, "three");
	ok(prints(&r, "three\n"),
	   "the rest of the line comes from the next file");
	/* Write half a line, and then the rest of it. */
	must(write_all(fd, "2026-01-31T12:00", 16));
	must(write_all(fd, ":00.000000000Z stdout F half\n", 29));
	ok(prints(&r, "half\n"), "a line that is written in two pieces");
	append_piece(fd, true, "no");
	close(fd);
	reader_end(&r, "no\n");
}

static void test_shrinks(void)
{
	const struct log_print print = { 0 };
	struct reader r;
	char name[PATH_MAX + 32];
	off_t size;
	int fd;

	fd = open_file();
	append_piece(fd, false, "one");
	append_piece(fd, false, "two");
	append_piece(fd, false, "three");
	reader_start(&r, &print);
	ok(prints(&r, "one\ntwo\nthree\n"), "the follower prints three lines");
	size = lseek(fd, 0, SEEK_END) / 3;
	must(!ftruncate(fd, size - 10));
	must(!ftruncate(fd, 0));
	append_piece(fd, false, "one");
	append_piece(fd, false, "two");
	append_piece(fd, false, "three");
	append_piece(fd, false, "four");
	ok(prints(&r, "four\n"),
	   "each line once, if a file is cut and written again");
	close(fd);
	/* Somebody removes the file that was read. */
	rotate(5);
	number_path(name, path, 1);
	must(!unlink(name));
	fd = open_file();
	append_piece(fd, false, "five");
	ok(prints(&r, "five\n"), "a line of the file after the removed one");
	close(fd);
	reader_end(&r, NULL);
}

/* The last lines, and new ones; but not the rest of a line that is left out. */
static void test_tail(void)
{
	struct log_print print = { .select = { .has_tail = true } };

	for (int tail = 0; tail < 2; tail++) {
		struct reader r;
		int fd = open_file();

		append_piece(fd, false, "one");
		append_piece(fd, true, "two");
		print.select.tail = tail;
		reader_start(&r, &print);
		if (tail)
			ok(prints(&r, "two"), "the beginning of the last line");
		else
			must(!sem_wait(&r.waiting));
		append_piece(fd, false, "rest");
		append_piece(fd, false, "three");
		close(fd);
		reader_end(&r, tail ? "rest\nthree\n" : "three\n");
	}
}

/* Files whose numbers have gaps, and files that have no number. */
static void test_names(void)
{
	static const char *const names[] = { ".7", ".3",  "",	  ".1001",
					     ".x", ".03", ".1.gz" };
	char name[PATH_MAX + 32], *text;
	const struct log_print print = { 0 };
	struct log_files files;
	size_t len;
	FILE *out;
	int fd;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		sprintf(name, "%s%s", path, names[i]);
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		must(fd >= 0);
		append_piece(fd, false, names[i]);
		close(fd);
	}
	must(!log_files_open(&files, path));
	out = open_memstream(&text, &len);
	must(out);
	must(!log_print(&files, &print, out));
	fclose(out);
	is_str(text, ".7\n.3\n\n", "files in the order of their numbers");
	free(text);
	log_files_close(&files);

	must(!unlink(path));
	must(!log_files_open(&files, path));
	is_int(files.n, 2, "the file that is being written may be missing");
	log_files_close(&files);
	remove_all();
	must(!log_files_open(&files, path));
	is_int(files.n, 0, "no file at all");
	log_files_close(&files);
	is_int(log_files_open(&files, "/nowhere/web.log"), -ENOENT,
	       "no folder");
	log_files_close(&files);
}

/* Leaving out the files that were begun before a container. */
static void test_since(void)
{
	struct log_files files;
	int fd;

	for (int i = 0; i < 3; i++) {
		struct log_prefix prefix;

		if (i)
			rotate(5);
		fd = open_file();
		log_format_prefix(&prefix, 1000 + 10 * i, LOG_STDOUT);
		dprintf(fd, "%.*s%d\n", LOG_PREFIX_LEN, prefix.full, i);
		close(fd);
	}
	for (int since = 1000; since <= 1030; since += 5) {
		int want = since <= 1000 ? 3 : since <= 1010 ? 2 : 1;

		must(!log_files_open(&files, path));
		must(!log_files_since(&files, since));
		is_int(files.n, want, "files that were begun at %d or later",
		       since);
		log_files_close(&files);
	}
	remove_all();
}

static void test_detect(void)
{
	struct log_files files;
	int fd = open_file();

	must(!log_files_open(&files, path));
	ok(!log_files_detect(&files) && !files.raw, "an empty log is not raw");
	log_files_close(&files);
	write_text(fd, "bytes");
	close(fd);
	rotate(5);
	fd = open_file();
	append_piece(fd, false, "x");
	must(!log_files_open(&files, path));
	ok(log_files_end(&files) == 5 + 1 + 42,
	   "in a log that is not raw a line ends with its file");
	ok(!log_files_detect(&files) && files.raw &&
		   log_files_end(&files) == 5 + 42,
	   "in a raw log it does not");
	log_files_close(&files);
	close(fd);
	remove_all();
}

int main(void)
{
	report_program("test_follow");
	scratch_make();
	snprintf(path, sizeof(path), "%s/web.log", scratch);
	test_names();
	test_since();
	test_detect();
	test_growth();
	test_shrinks();
	test_tail();
	test_snapshots();
	test_flat_out(0, "the follower is fast");
	test_flat_out(10, "the follower is slow");
	test_rotated_away(5);
	test_rotated_away(1);
	return tap_end();
}
