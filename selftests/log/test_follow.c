// SPDX-License-Identifier: GPL-2.0
/* Following a log: lines that are added, files that are cut and removed, the tail. */
#include <semaphore.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>

#include "base/report.h"
#include "log/follow.h"
#include "log/print.h"
#include "rotated_log.h"

/* How inotify fails; 0: it works. */
static int no_instance, no_watch;

/* These replace the C library's functions, to let them fail. */
int inotify_init1(int flags)
{
	errno = no_instance;
	return no_instance ? -1 : (int)syscall(SYS_inotify_init1, flags);
}

int inotify_add_watch(int fd, const char *name, uint32_t mask)
{
	errno = no_watch;
	return no_watch ? -1 :
			  (int)syscall(SYS_inotify_add_watch, fd, name, mask);
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
	struct pollfd fds[] = { { inotify, POLLIN, 0 },
				{ r->finished_fd, POLLIN, 0 } };

	must(!sem_post(&r->waiting));
	must(poll(fds, 2, -1) > 0);
	return fds[1].revents ? 1 : 0;
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

static void append_error(int fd, const char *text)
{
	char line[128];
	int n = snprintf(line, sizeof(line),
			 "2026-01-31T12:00:00.000000000Z stderr F %s\n", text);

	must(write_all(fd, line, n));
}

/* A prompt: what the other stream has must not wait for the end of its line. */
static void test_open_line(void)
{
	const struct log_print print = { 0 };
	struct reader r;
	int fd;

	reader_start(&r, &print);
	fd = open_file();
	append_piece(fd, true, "name? ");
	ok(prints(&r, "name? "), "an open line is printed as it stands");
	append_error(fd, "an error");
	ok(prints(&r, "an error\n"), "a line of the other stream comes");
	append_piece(fd, true, "really? ");
	ok(prints(&r, "really? "), "another part");
	append_piece(fd, false, "yes");
	ok(prints(&r, "yes\n"), "and the end of the line");
	append_error(fd, "more");
	ok(prints(&r, "more\n"), "each once");
	close(fd);
	reader_end(&r, NULL);
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
	reader_end(&r, "no");
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

/* Somebody cuts the file of a container that goes on writing to it. */
static void test_cut(bool at_once)
{
	const struct log_print print = { 0 };
	struct reader r;
	char buf[256];
	int fd, len;

	fd = open_file();
	append_piece(fd, false, "one");
	append_piece(fd, false, "two");
	reader_start(&r, &print);
	ok(prints(&r, "one\ntwo\n"), "the follower prints two lines");
	must(!sem_wait(&r.waiting));
	must(!ftruncate(fd, 0));
	if (!at_once)
		must(!sem_wait(&r.waiting));
	len = format_piece(buf, sizeof(buf), 1700000001000000000, LOG_STDOUT,
			   false, "three");
	len += format_piece(buf + len, sizeof(buf) - len, 1700000002000000000,
			    LOG_STDOUT, false, "four and more");
	must(write_all(fd, buf, len));
	ok(prints(&r, "three\nfour and more\n"),
	   "it goes on at the start of a file that was cut%s",
	   at_once ? " a moment ago" : "");
	/* Again, while a part of a line is the last thing that was read. */
	must(write_all(fd, "2026-01-31T12:00", 16));
	must(!ftruncate(fd, 0));
	len = format_piece(buf, sizeof(buf), 1700000003000000000, LOG_STDOUT,
			   false, "five");
	must(write_all(fd, buf, len));
	must(!eventfd_write(r.finished_fd, 1));
	len = read(r.out[0], buf, sizeof(buf) - 1);
	buf[len > 0 ? len : 0] = '\0';
	ok(!strcmp(buf, "five\n") || !strcmp(buf, "2026-01-31T12:00\nfive\n"),
	   "and after a torn line: %s", buf);
	close(fd);
	must(!pthread_join(r.thread, NULL));
	sem_destroy(&r.waiting);
	is_int(r.err, 0, "the follower ends without an error");
	close(r.out[0]);
	close(r.finished_fd);
	remove_all();
}

/* Without inotify, the follower looks again and again. */
static void test_no_inotify(int instance, int watch)
{
	const struct log_print print = { 0 };
	struct reader r;
	int fd;

	no_instance = instance;
	no_watch = watch;
	fd = open_file();
	append_piece(fd, false, "one");
	reader_start(&r, &print);
	ok(prints(&r, "one\n"), "without inotify (%s), a line",
	   strerrorname_np(instance ? instance : watch));
	append_piece(fd, false, "two");
	ok(prints(&r, "two\n"), "a line that comes later");
	close(fd);
	rotate(5);
	fd = open_file();
	append_piece(fd, false, "three");
	ok(prints(&r, "three\n"), "a line of the next file");
	close(fd);
	reader_end(&r, NULL);
	no_instance = no_watch = 0;
}

/* Somebody removes the file that is written, and sets the clock back. */
static void test_removed(void)
{
	const struct timespec early[2] = { { 1000, 0 }, { 1000, 0 } };
	const struct log_print print = { 0 };
	struct reader r;
	int fd;

	fd = open_file();
	append_piece(fd, false, "one");
	close(fd);
	rotate(5);
	fd = open_file();
	append_piece(fd, false, "two");
	reader_start(&r, &print);
	ok(prints(&r, "one\ntwo\n"), "the follower prints two files");
	must(!unlink(path));
	close(fd);
	fd = open_file();
	append_piece(fd, false, "three");
	must(!futimens(fd, early));
	ok(prints(&r, "three\n"), "and the one that takes the place");
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

int main(void)
{
	report_program("test_follow");
	log_set_up();
	test_growth();
	test_open_line();
	test_shrinks();
	test_cut(false);
	test_cut(true);
	test_removed();
	test_no_inotify(EMFILE, 0);
	test_no_inotify(ENOSYS, 0);
	test_no_inotify(0, ENOSPC);
	test_tail();
	return tap_end();
}
