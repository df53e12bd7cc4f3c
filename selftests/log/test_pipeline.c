// SPDX-License-Identifier: GPL-2.0
/* The log pipeline from end to end: all bytes arrive, in order. */
#include "log_test.h"

#define KIB 1024

static void test_arguments(void)
{
	struct log_pipeline *p = NULL;

	is_int(log_pipeline_create(&p, scratch, LOG_BUFFER_MIN - 1), -EINVAL,
	       "a buffer that is too small is refused");
	log_pipeline_destroy(NULL);
	p = make_pipeline(LOG_BUFFER_MIN);
	is_int(log_pipeline_finish(p, 1), -ENOENT,
	       "a source that does not exist cannot be finished");
	log_pipeline_destroy(p);
}

static void test_many_lines(void)
{
	struct log_pipeline *p = make_pipeline(256 * KIB);
	char *path = scratch_path("many.log");
	struct log_content c;
	struct feeder f;
	struct ends e;
	uint64_t key;

	e = add_source(p, 1, path);
	feeder_start(&f, e.fd[LOG_STDOUT], 1, 200000);
	must(!close(e.fd[LOG_STDERR]));
	must(!pthread_join(f.thread, NULL));
	must(!log_pipeline_finish(p, 1));
	is_int(wait_finished(p, &key), 0, "200000 lines: no error");
	c = log_load(path);
	ok(is_fed(&c, LOG_STDOUT, 1, 200000) && !c.len[LOG_STDERR],
	   "200000 lines: all there, whole, in order");
	log_content_free(&c);
	log_pipeline_destroy(p);
	free(path);
}

/* Feed both streams of @n sources; returns whether all files are right. */
static bool feed_sources(size_t bytes, int n, const int lines[])
{
	struct log_pipeline *p = make_pipeline(bytes);
	struct feeder *f = calloc(2 * n, sizeof(*f));
	char **paths = calloc(n, sizeof(*paths));
	bool good = true;
	uint64_t key;

	must(f && paths);
	for (int i = 0; i < n; i++) {
		struct ends e;

		must(asprintf(&paths[i], "%s/%d.log", scratch, i) > 0);
		e = add_source(p, i, paths[i]);
		feeder_start(&f[2 * i], e.fd[0], 2 * i, lines[i]);
		feeder_start(&f[2 * i + 1], e.fd[1], 2 * i + 1, lines[i]);
	}
	for (int i = 0; i < 2 * n; i++)
		must(!pthread_join(f[i].thread, NULL));
	for (int i = 0; i < n; i++)
		must(!log_pipeline_finish(p, i));
	for (int i = 0; i < n; i++)
		good = !wait_finished(p, &key) && good;
	log_pipeline_destroy(p);
	for (int i = 0; i < n; i++) {
		struct log_content c = log_load(paths[i]);

		good = good && is_fed(&c, 0, 2 * i, lines[i]) &&
		       is_fed(&c, 1, 2 * i + 1, lines[i]);
		log_content_free(&c);
		must(!unlink(paths[i]));
		free(paths[i]);
	}
	free(paths);
	free(f);
	return good;
}

static void test_many_sources(void)
{
	static const int mixed[16] = { 30000, 10, 10, 10, 30000, 10, 10, 1,
				       1,     10, 10, 10, 30000, 10, 10, 0 };
	static const int few[4] = { 3000, 3000, 3000, 3000 };

	ok(feed_sources(64 * KIB, 16, mixed),
	   "16 sources, loud and quiet, with two streams each: all lines, in order");
	ok(feed_sources(LOG_BUFFER_MIN, 4, few),
	   "the smallest buffer loses nothing");
	ok(feed_sources(4099, 4, few), "a buffer of an odd size loses nothing");
}

static bool wait_text(const char *path, const char *text)
{
	struct pollfd p = { .fd = inotify_init1(IN_CLOEXEC), .events = POLLIN };
	bool found = false;

	must(p.fd >= 0 && inotify_add_watch(p.fd, path, IN_MODIFY) >= 0);
	do {
		char events[4096];
		size_t len;
		char *all = slurp(path, &len);

		found = strstr(all, text);
		free(all);
		if (!found && poll(&p, 1, 20000) > 0)
			must(read(p.fd, events, sizeof(events)) > 0);
		else
			break;
	} while (true);
	close(p.fd);
	if (!found) {
		size_t len;
		char *all = slurp(path, &len);

		printf("# no \"%s\" in \"%s\"\n", text, all);
		free(all);
	}
	return found;
}

/* The beginning of a line is written if nothing follows it. */
static void test_open_line(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("open.log");
	struct log_content c;
	struct ends e;
	uint64_t key;

	e = add_source(p, 1, path);
	write_text(e.fd[LOG_STDOUT], "name? ");
	ok(wait_text(path, "stdout P name? \n"), "an open line is in the file");
	write_text(e.fd[LOG_STDERR], "error\n");
	write_text(e.fd[LOG_STDOUT], "Bob");
	ok(wait_text(path, "stdout P Bob\n"), "and what was added to it");
	write_text(e.fd[LOG_STDOUT], "\nend\n");
	ok(wait_text(path, "stdout F \n"), "and its end");
	close_ends(&e);
	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));
	c = log_load(path);
	ok(text_is(&c, 0, "name? Bob\nend\n", 14), "the parts are one line");
	ok(c.in_time && c.well_formed, "times do not run backwards");
	log_content_free(&c);
	log_pipeline_destroy(p);
	free(path);
}

static void test_text(void)
{
	static char noise[300 * KIB];
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("text.log");
	struct log_content c;
	struct ends e;
	uint64_t key;

	for (size_t i = 0; i < sizeof(noise); i++)
		noise[i] = i * 7 + i / 251;
	memset(noise + 100 * KIB, 'x', 100 * KIB);
	noise[sizeof(noise) - 1] = 'e';
	e = add_source(p, 1, path);
	must(write_all(e.fd[LOG_STDOUT], noise, sizeof(noise)));
	write_text(e.fd[LOG_STDERR], "\n\n\xff\xfe\ntail");
	must(write_all(e.fd[LOG_STDERR], "\0", 1));
	close_ends(&e);
	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));

	c = log_load(path);
	ok(text_is(&c, 0, noise, sizeof(noise)),
	   "any bytes, and a last line without a newline");
	ok(c.parts >= 6 && c.longest == LOG_TEXT_MAX, "a long line in parts");
	ok(text_is(&c, 1, "\n\n\xff\xfe\ntail\0", 10),
	   "empty lines, bytes that are not UTF-8, a NUL");
	log_content_free(&c);
	log_pipeline_destroy(p);
	free(path);
}

static void test_partial_line(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("partial.log");
	struct log_content c;
	struct ends e;
	uint64_t key;

	e = add_source(p, 1, path);
	write_text(e.fd[LOG_STDOUT], "one ");
	write_text(e.fd[LOG_STDERR], "mark 1\n");
	wait_for_text(path, "mark 1\n");
	write_text(e.fd[LOG_STDOUT], "line\nprompt> ");
	wait_for_text(path, "one line\n");
	c = log_load(path);
	ok(c.lines[0] == 1 && c.lines[1] == 1 && !c.parts,
	   "a line waits for its newline, and the other stream does not wait");
	ok(c.in_time, "a line has the time of the read that completed it");
	log_content_free(&c);

	must(!close(e.fd[LOG_STDOUT]));
	wait_for_text(path, "prompt> \n");
	ok(true, "the end of a stream writes its last line");
	must(!close(e.fd[LOG_STDERR]));
	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));
	c = log_load(path);
	ok(text_is(&c, 0, "one line\nprompt> ", 17) &&
		   text_is(&c, 1, "mark 1\n", 7),
	   "no byte is written twice, and no newline that was not there");
	log_content_free(&c);
	log_pipeline_destroy(p);
	free(path);
}

/* A log that exists already, whose last line lacks its end because of a crash. */
static void test_append(void)
{
	static const char old[] =
		"2026-01-31T12:00:00.000000000Z stdout F old\n"
		"2026-01-31T12:00:00.000000000Z stdout F to";
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("append.log");
	struct log_content c;
	struct stat st;
	struct ends e;
	uint64_t key;
	int fd;

	for (int round = 0; round < 2; round++) {
		if (!round) {
			fd = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
			must(fd >= 0 && write_all(fd, old, sizeof(old) - 1));
			must(!close(fd));
		}
		e = add_source(p, 1, path);
		write_text(e.fd[LOG_STDOUT], "new\n");
		close_ends(&e);
		must(!log_pipeline_finish(p, 1));
		must(!wait_finished(p, &key));
	}
	c = log_load(path);
	ok(text_is(&c, 0, "old\nto\nnew\nnew\n", 15),
	   "an unfinished last line gets a newline, and new lines are appended");
	log_content_free(&c);
	log_pipeline_destroy(p);
	must(!unlink(path));

	umask(0);
	p = make_pipeline(64 * KIB);
	e = add_source(p, 1, path);
	must(!stat(path, &st));
	is_int(st.st_mode & 07777, 0640, "a new file has the mode 0640");
	close_ends(&e);
	log_pipeline_destroy(p);
	free(path);
}

static void test_refusals(void)
{
	struct log_pipeline *p = make_pipeline(64 * KIB);
	char *path = scratch_path("refused.log");
	char *link = scratch_path("link");
	int out[2], err[2], file, fds;
	struct log_content c;
	uint64_t key;

	must(!pipe2(out, O_CLOEXEC) && !pipe2(err, O_CLOEXEC));
	file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
	must(file >= 0 && !symlink(path, link));
	fds = count_fds();

	is_int(add_pipes(p, 1, out[0], err[0], "/nowhere/a.log"), -ENOENT,
	       "a path in a folder that does not exist is refused");
	is_int(add_pipes(p, 1, out[0], err[0], link), -ELOOP,
	       "a symbolic link is refused");
	is_int(add_pipes(p, 1, out[0], err[0], scratch), -EISDIR,
	       "a folder is refused");
	is_int(add_pipes(p, 1, out[0], file, path), -EPERM,
	       "a descriptor that epoll does not take is refused");
	is_int(add_pipes(p, 1, out[0], -1, path), -EBADF,
	       "a descriptor that is not open is refused");
	is_int(count_fds(), fds, "a refusal opens and closes no descriptor");

	write_text(out[1], "good\n");
	is_int(add_pipes(p, 1, out[0], err[0], path), 0,
	       "descriptors that were refused can be added afterwards");
	is_int(add_pipes(p, 1, out[0], err[0], path), -EEXIST,
	       "a key that is in use is refused");
	must(!log_pipeline_finish(p, 1));
	is_int(log_pipeline_finish(p, 1), -EALREADY,
	       "a source is finished only once");
	must(!wait_finished(p, &key));
	is_int(log_pipeline_finish(p, 1), -ENOENT,
	       "a source whose log is complete does not exist");
	c = log_load(path);
	ok(text_is(&c, 0, "good\n", 5), "its line is in the file");
	log_content_free(&c);
	must(!close(out[1]) && !close(err[1]) && !close(file));
	log_pipeline_destroy(p);
	free(link);
	free(path);
}

int main(void)
{
	scratch_make();
	plan(32);
	test_arguments();
	test_many_lines();
	test_many_sources();
	test_text();
	test_open_line();
	test_partial_line();
	test_append();
	test_refusals();
	return tap_end();
}
