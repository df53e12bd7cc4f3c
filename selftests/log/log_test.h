/* SPDX-License-Identifier: GPL-2.0 */
/* Helpers for the tests of the log pipeline. */
#ifndef SELFTESTS_LOG_TEST_H
#define SELFTESTS_LOG_TEST_H

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/buffer.h"
#include "log/format.h"
#include "log/pipeline.h"
#include "tap.h"

/* For what a test needs but does not test: end the test if it fails. */
#define must(cond)                                                       \
	do {                                                             \
		if (!(cond))                                             \
			bail("%s:%d: %s: %s", __FILE__, __LINE__, #cond, \
			     strerror(errno));                           \
	} while (0)

static char scratch[PATH_MAX];
static pid_t scratch_owner;

static inline int scratch_remove_one(const char *path, const struct stat *st,
				     int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static inline void scratch_remove(void)
{
	if (getpid() == scratch_owner)
		nftw(scratch, scratch_remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* Make a folder for the files of this run; it is removed at exit. */
static inline void scratch_make(void)
{
	const char *tmp = getenv("TMPDIR");

	must(snprintf(scratch, sizeof(scratch), "%s/purser-log-XXXXXX",
		      tmp ? tmp : "/tmp") < (int)sizeof(scratch));
	must(mkdtemp(scratch));
	scratch_owner = getpid();
	must(!atexit(scratch_remove));
}

static inline char *scratch_path(const char *name)
{
	char *path;

	must(asprintf(&path, "%s/%s", scratch, name) > 0);
	return path;
}

/* Read a file from offset @from on. */
static inline char *slurp_from(const char *path, off_t from, size_t *len)
{
	struct stat st;
	char *text;
	FILE *f;

	f = fopen(path, "r");
	must(f);
	must(!fstat(fileno(f), &st) && st.st_size >= from);
	must(!fseeko(f, from, SEEK_SET));
	text = malloc(st.st_size - from + 1);
	must(text);
	*len = fread(text, 1, st.st_size - from, f);
	text[*len] = 0;
	fclose(f);
	return text;
}

static inline char *slurp(const char *path, size_t *len)
{
	return slurp_from(path, 0, len);
}

/* The content of a log file, parsed by other code than that under test. */
struct log_content {
	bool well_formed;
	bool in_time; /* times do not decrease */
	size_t lines[LOG_N_STREAMS];
	size_t parts;		   /* with tag P */
	size_t longest;		   /* text of a line or part */
	char *text[LOG_N_STREAMS]; /* parts joined, lines with a newline */
	size_t len[LOG_N_STREAMS];
};

static inline bool prefix_is_well_formed(const char *p)
{
	static const char shape[] = "9999-99-99T99:99:99.999999999Z ";

	for (size_t i = 0; shape[i]; i++) {
		if (shape[i] == '9' ? p[i] < '0' || p[i] > '9' :
				      p[i] != shape[i])
			return false;
	}
	p += sizeof(shape) - 1;
	if (memcmp(p, "stdout ", 7) && memcmp(p, "stderr ", 7))
		return false;
	return (p[7] == 'F' || p[7] == 'P') && p[8] == ' ';
}

static inline struct log_content log_parse(const char *p, size_t len)
{
	struct log_content c = { .well_formed = true, .in_time = true };
	const char *end = p + len, *before = NULL;

	for (int i = 0; i < LOG_N_STREAMS; i++) {
		c.text[i] = malloc(len + 1);
		must(c.text[i]);
	}
	while (p < end) {
		const char *newline = memchr(p, '\n', end - p);
		int s;

		if (!newline || newline - p < 40 || !prefix_is_well_formed(p)) {
			c.well_formed = false;
			break;
		}
		if (before && memcmp(before, p, 30) > 0)
			c.in_time = false;
		before = p;
		s = memcmp(p + 31, "stderr", 6) ? LOG_STDOUT : LOG_STDERR;
		len = newline - (p + 40);
		if (len > c.longest)
			c.longest = len;
		memcpy(c.text[s] + c.len[s], p + 40, len);
		c.len[s] += len;
		if (p[38] == 'F') {
			c.text[s][c.len[s]++] = '\n';
			c.lines[s]++;
		} else {
			c.parts++;
		}
		p = newline + 1;
	}
	return c;
}

static inline struct log_content log_load_from(const char *path, off_t from)
{
	struct log_content c;
	size_t len;
	char *text = slurp_from(path, from, &len);

	c = log_parse(text, len);
	free(text);
	return c;
}

static inline struct log_content log_load(const char *path)
{
	return log_load_from(path, 0);
}

static inline void log_content_free(struct log_content *c)
{
	for (int i = 0; i < LOG_N_STREAMS; i++)
		free(c->text[i]);
}

static inline bool text_is(const struct log_content *c, int stream,
			   const char *text, size_t len)
{
	return c->well_formed && c->len[stream] == len &&
	       !memcmp(c->text[stream], text, len);
}

/* Write a line or a part as it is in a log file to @buf; returns its length. */
static inline int format_piece(char *buf, size_t room, int64_t time, int stream,
			       bool partial, const char *text)
{
	struct log_prefix prefix;
	int n;

	log_format_prefix(&prefix, time, stream);
	n = snprintf(buf, room, "%.*s%s\n", LOG_PREFIX_LEN,
		     partial ? prefix.partial : prefix.full, text);
	must(n > 0 && (size_t)n < room);
	return n;
}

/* Room for the path of a log file. */
#define NUMBER_PATH_LEN (PATH_MAX + 32)

/* The path of the log file with that number; 0 is the file that is being written. */
static inline void number_path(char buf[NUMBER_PATH_LEN], const char *path,
			       int number)
{
	int n = snprintf(buf, NUMBER_PATH_LEN, number ? "%s.%d" : "%s", path,
			 number);

	must(n > 0 && n < NUMBER_PATH_LEN);
}

/* The writing ends of a container's two pipes. */
struct ends {
	int fd[LOG_N_STREAMS];
};

/* Make a new folder in the scratch folder. */
static inline char *scratch_folder(void)
{
	static int n;
	char *dir;

	must(asprintf(&dir, "%s/folder-%d", scratch, n++) > 0);
	must(!mkdir(dir, 0700));
	return dir;
}

/* Make a pipeline with a folder of its own. */
static inline struct log_pipeline *make_pipeline(size_t bytes)
{
	struct log_pipeline *p;
	char *dir = scratch_folder();

	must(!log_pipeline_create(&p, dir, bytes));
	free(dir);
	return p;
}

/* Fill @text with letters and a newline every 50 bytes. */
static inline void fill_lines(char *text, size_t len)
{
	for (size_t i = 0; i < len; i++)
		text[i] = i % 50 == 49 ? '\n' : 'a' + i % 26;
}

static inline struct log_buffer *make_buffer(size_t bytes)
{
	struct log_buffer *b;
	char *dir = scratch_folder();

	must(!log_buffer_open(&b, dir, bytes));
	free(dir);
	return b;
}

static inline int add_pipes(struct log_pipeline *p, uint64_t key, int out,
			    int err, const char *path)
{
	const struct log_source_spec spec = {
		.path = path,
		.settings = {
			.driver = LOG_DRIVER_CRI,
			.max_size = 1ull << 40,
			.max_files = 1,
		},
		.fds = { out, err },
	};

	return log_pipeline_add(p, key, &spec);
}

static inline struct ends add_source(struct log_pipeline *p, uint64_t key,
				     const char *path)
{
	int out[2], err[2];

	must(!pipe2(out, O_CLOEXEC));
	must(!pipe2(err, O_CLOEXEC));
	must(!add_pipes(p, key, out[0], err[0], path));
	return (struct ends){ { out[1], err[1] } };
}

static inline void close_ends(struct ends *e)
{
	for (int i = 0; i < LOG_N_STREAMS; i++)
		must(!close(e->fd[i]));
}

/* Returns false if nobody reads. */
static inline bool write_all(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = write(fd, p, len);

		if (n < 0 && errno == EPIPE)
			return false;
		must(n > 0);
		p += n;
		len -= n;
	}
	return true;
}

static inline void write_text(int fd, const char *text)
{
	must(write_all(fd, text, strlen(text)));
}

/* Wait for the next finished source; returns its error. */
static inline int wait_lost(struct log_pipeline *p, uint64_t *key,
			    uint64_t *lost)
{
	struct pollfd pfd = { log_pipeline_event_fd(p), POLLIN, 0 };
	int error;

	while (!log_pipeline_finished(p, key, &error, lost))
		must(poll(&pfd, 1, -1) == 1);
	return error;
}

/* The same for a source that must not have lost a byte. */
static inline int wait_finished(struct log_pipeline *p, uint64_t *key)
{
	uint64_t lost;
	int error = wait_lost(p, key, &lost);

	must(!lost);
	return error;
}

/* Room for a line of make_line(): two numbers, two spaces, what follows, a newline. */
#define MADE_LINE_LEN 128

/*
 * Line @i of feeder @id: it has a number, and a length that depends on @i. @buf has room
 * for MADE_LINE_LEN bytes.
 */
static inline size_t make_line(char *buf, int id, int i)
{
	int n = snprintf(buf, MADE_LINE_LEN, "%d %d ", id, i);
	int fill = i % 97;

	memset(buf + n, 'a' + i % 26, fill);
	buf[n + fill] = '\n';
	return n + fill + 1;
}

/*
 * A thread that writes @lines lines to @fd, many at a time, and closes it. It stops early
 * if nobody reads any more; for that SIGPIPE must be ignored.
 */
struct feeder {
	pthread_t thread;
	int fd;
	int id;
	int lines;
	atomic_bool done;
	bool broken;
};

static inline void *feeder_run(void *arg)
{
	struct feeder *f = arg;
	char buf[8192];
	size_t len = 0;

	for (int i = 0; i < f->lines && !f->broken; i++) {
		len += make_line(buf + len, f->id, i);
		if (len > sizeof(buf) - 256 || i == f->lines - 1) {
			f->broken = !write_all(f->fd, buf, len);
			len = 0;
		}
	}
	must(!close(f->fd));
	atomic_store(&f->done, true);
	return NULL;
}

static inline void feeder_start(struct feeder *f, int fd, int id, int lines)
{
	f->fd = fd;
	f->id = id;
	f->lines = lines;
	f->broken = false;
	atomic_init(&f->done, false);
	must(!pthread_create(&f->thread, NULL, feeder_run, f));
}

/* How many whole lines at the beginning of @text are those of feeder @id. */
static inline int feeder_wrote(const char *text, size_t len, int id)
{
	char buf[256];
	size_t n;
	int i;

	for (i = 0; len; i++) {
		n = make_line(buf, id, i);
		if (n > len || memcmp(text, buf, n))
			break;
		text += n;
		len -= n;
	}
	return i;
}

/* Does the stream hold all lines of feeder @id, and nothing else? */
static inline bool is_fed(const struct log_content *c, int stream, int id,
			  int lines)
{
	return c->well_formed && c->in_time &&
	       c->lines[stream] == (size_t)lines &&
	       feeder_wrote(c->text[stream], c->len[stream], id) == lines;
}

/* Wait until @there says that the file has the wanted content. */
static inline void wait_for_file(const char *path,
				 bool (*there)(const char *text, size_t len,
					       const void *arg),
				 const void *arg)
{
	char event[4096] __attribute__((aligned(8)));
	int fd = inotify_init1(IN_CLOEXEC);
	bool is_there;

	must(fd >= 0);
	must(inotify_add_watch(fd, path, IN_MODIFY) >= 0);
	for (;;) {
		size_t len;
		char *text = slurp(path, &len);

		is_there = there(text, len, arg);
		free(text);
		if (is_there)
			break;
		must(read(fd, event, sizeof(event)) > 0);
	}
	close(fd);
}

static inline bool has_text(const char *text, size_t len, const void *arg)
{
	return memmem(text, len, arg, strlen(arg));
}

static inline void wait_for_text(const char *path, const char *text)
{
	wait_for_file(path, has_text, text);
}

static inline bool has_size(const char *text, size_t len, const void *arg)
{
	(void)text;
	return len >= *(const size_t *)arg;
}

static inline void wait_for_size(const char *path, size_t size)
{
	wait_for_file(path, has_size, &size);
}

static inline int count_fds(void)
{
	DIR *d = opendir("/proc/self/fd");
	int n = 0;

	must(d);
	while (readdir(d))
		n++;
	closedir(d);
	return n;
}

#endif /* SELFTESTS_LOG_TEST_H */
