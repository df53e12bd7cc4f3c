// SPDX-License-Identifier: GPL-2.0
/*
 * The process of a pipeline is killed again and again at random instants, while
 * containers write: each byte must be in its log once, in order.
 *
 * This process plays the containers, and keeps their FIFOs open as they and the kernel do.
 * The pipeline runs in a child, which executes this program again. The argument is the
 * number of kills of each kind.
 */
#include <semaphore.h>
#include <spawn.h>
#include <sys/wait.h>

#include "draw.h"
#include "log/pipeline.h"
#include "log/transfer.h"
#include "log_errors.h"
#include "log_test.h"

#define KIB	  1024
#define SOURCES	  4
#define BUFFER	  (64 * KIB)
#define KILLS	  25
#define MAX_FILES LOG_MAX_FILES_MAX
#define MAX_MS	  60   /* within which a process is killed */
#define LINES	  3000 /* of each stream, for each process */

extern char **environ;

/** struct kind - how the logs are written */
struct kind {
	const char *name;
	enum log_driver driver;
	unsigned int max_size;
	bool fill; /* at times the files cannot be written */
};

static const struct kind kinds[] = {
	{ "cri", LOG_DRIVER_CRI, 1u << 30, false },
	{ "cri, rotated", LOG_DRIVER_CRI, 256 * KIB, false },
	{ "raw, rotated", LOG_DRIVER_RAW, 256 * KIB, false },
	{ "cri, disk full at times", LOG_DRIVER_CRI, 1u << 30, true },
};

static char *fifo_path(const char *dir, int source, int stream)
{
	char *path;

	must(asprintf(&path, "%s/%d.%d", dir, source, stream) > 0);
	return path;
}

static char *log_path(const char *dir, int source)
{
	char *path;

	must(asprintf(&path, "%s/%d.log", dir, source) > 0);
	return path;
}

/* The child */

static void note_recovered(uint64_t key, const char *path, void *arg)
{
	bool *recovered = arg;

	(void)path;
	must(key < SOURCES && !recovered[key]);
	recovered[key] = true;
}

static void open_fifos(const char *dir, int source, int fds[LOG_N_STREAMS])
{
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		char *path = fifo_path(dir, source, i);

		fds[i] = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
		must(fds[i] >= 0);
		free(path);
	}
}

static void attach(struct log_pipeline *p, const char *dir,
		   const struct kind *kind)
{
	bool recovered[SOURCES] = { 0 };

	log_pipeline_recovered(p, note_recovered, recovered);
	for (int i = 0; i < SOURCES; i++) {
		char *path = log_path(dir, i);
		struct log_source_spec spec = {
			.path = path,
			.settings = {
				.driver = kind->driver,
				.max_size = kind->max_size,
				.max_files = MAX_FILES,
			},
		};

		open_fifos(dir, i, spec.fds);
		if (recovered[i])
			must(!log_pipeline_resume(p, i, spec.fds));
		else
			must(!log_pipeline_add(p, i, &spec));
		free(path);
	}
}

/* Run until killed, or until standard input ends: then end the pipeline in order. */
static int run_child(const char *dir, const char *kind, const char *limit)
{
	struct log_pipeline *p;
	char *folder, byte;

	if (atol(limit))
		limit_files(atol(limit));
	must(asprintf(&folder, "%s/log", dir) > 0);
	must(!log_pipeline_create(&p, folder, BUFFER));
	attach(p, dir, &kinds[atoi(kind)]);
	must(read(STDIN_FILENO, &byte, 1) == 0);
	for (int i = 0; i < SOURCES; i++)
		must(!log_pipeline_finish(p, i));
	for (int i = 0; i < SOURCES; i++) {
		uint64_t key;

		must(!wait_finished(p, &key));
	}
	log_pipeline_destroy(p);
	free(folder);
	return 0;
}

/* The parent */

struct child {
	pid_t pid;
	int stdin_fd;
};

static struct child start_child(const char *dir, int kind, size_t limit)
{
	posix_spawn_file_actions_t actions;
	char number[16], bytes[24];
	char *argv[] = { "test_pipeline_kill", (char *)dir, number, bytes,
			 NULL };
	struct child c;
	int fd[2];

	must(!pipe2(fd, O_CLOEXEC));
	snprintf(number, sizeof(number), "%d", kind);
	snprintf(bytes, sizeof(bytes), "%zu", limit);
	must(!posix_spawn_file_actions_init(&actions));
	must(!posix_spawn_file_actions_adddup2(&actions, fd[0], STDIN_FILENO));
	must(!posix_spawn(&c.pid, "/proc/self/exe", &actions, NULL, argv,
			  environ));
	posix_spawn_file_actions_destroy(&actions);
	close(fd[0]);
	c.stdin_fd = fd[1];
	return c;
}

static int end_child(struct child *c)
{
	int status;

	close(c->stdin_fd);
	must(waitpid(c->pid, &status, 0) == c->pid);
	return status;
}

/* This waits for no event: the random instant is the purpose of the test. */
static bool kill_child(struct child *c, unsigned int *seed)
{
	struct timespec life = { 0, draw_from(seed, MAX_MS * 10) * 100000 };

	must(!clock_nanosleep(CLOCK_MONOTONIC, 0, &life, NULL));
	must(!kill(c->pid, SIGKILL));
	return WIFSIGNALED(end_child(c));
}

static void *append_file(char **text, size_t *len, const char *path)
{
	size_t more;
	char *p = slurp(path, &more);

	*text = realloc(*text, *len + more + 1);
	must(*text);
	memcpy(*text + *len, p, more);
	*len += more;
	free(p);
	return *text;
}

/* Read all files of a log, the oldest first. */
static char *load_all(const char *path, size_t *len, int *files)
{
	char *text = calloc(1, 1), *numbered;

	must(text);
	*len = 0;
	*files = 0;
	for (int i = MAX_FILES; i; i--) {
		must(asprintf(&numbered, "%s.%d", path, i) > 0);
		if (!access(numbered, F_OK)) {
			append_file(&text, len, numbered);
			++*files;
		}
		free(numbered);
	}
	append_file(&text, len, path);
	return text;
}

static size_t count_lines(const struct kind *kind, const char *path, int id,
			  int *files)
{
	size_t len, lines = 0;
	char *text = load_all(path, &len, files);

	if (kind->driver == LOG_DRIVER_RAW) {
		lines = feeder_wrote(text, len, id);
	} else {
		struct log_content c = log_parse(text, len);

		if (c.well_formed && c.in_time)
			lines = feeder_wrote(c.text[0], c.len[0], id);
		if (lines != c.lines[0])
			lines = 0;
		if (feeder_wrote(c.text[1], c.len[1], id + 1) !=
		    (int)c.lines[1])
			lines = 0;
		lines += c.lines[1];
		log_content_free(&c);
	}
	free(text);
	return lines;
}

/*
 * A writer. Each time a process is started it may write LINES more lines, so that each
 * process has some to read, and there is an end.
 */
struct writer {
	pthread_t thread;
	sem_t budget; /* how many portions of LINES it may write */
	int fd;
	int id;
	int portions;
};

static void *writer_run(void *arg)
{
	struct writer *w = arg;
	char buf[8192];
	size_t len = 0;

	for (int i = 0; i < w->portions * LINES; i++) {
		if (i % LINES == 0)
			must(!sem_wait(&w->budget));
		len += make_line(buf + len, w->id, i);
		if (len > sizeof(buf) - 256 || i % LINES == LINES - 1) {
			must(write_all(w->fd, buf, len));
			len = 0;
		}
	}
	return NULL;
}

/** struct stage - the FIFOs, and their writers */
struct stage {
	char *dir;
	int fds[SOURCES][LOG_N_STREAMS];
	int take_fd;
	struct writer writers[SOURCES][LOG_N_STREAMS];
	int n_streams; /* 1 with the raw driver, which mixes the lines of two */
};

static void set_stage(struct stage *s, const struct kind *kind)
{
	char *path;

	s->dir = scratch_folder();
	s->n_streams = kind->driver == LOG_DRIVER_RAW ? 1 : LOG_N_STREAMS;
	must(asprintf(&path, "%s/log", s->dir) > 0 && !mkdir(path, 0700));
	free(path);
	must(asprintf(&path, "%s/log/" LOG_TRANSFER_FIFO, s->dir) > 0);
	must(!mkfifo(path, 0600));
	s->take_fd = open(path, O_RDWR | O_CLOEXEC);
	must(s->take_fd >= 0);
	free(path);
	for (int i = 0; i < SOURCES; i++) {
		for (int j = 0; j < LOG_N_STREAMS; j++) {
			path = fifo_path(s->dir, i, j);
			must(!mkfifo(path, 0600));
			s->fds[i][j] = open(path, O_RDWR | O_CLOEXEC);
			must(s->fds[i][j] >= 0);
			free(path);
		}
	}
}

static void start_writers(struct stage *s, int portions)
{
	for (int i = 0; i < SOURCES; i++) {
		for (int j = 0; j < s->n_streams; j++) {
			struct writer *w = &s->writers[i][j];

			w->fd = s->fds[i][j];
			w->id = 2 * i + j;
			w->portions = portions;
			must(!sem_init(&w->budget, 0, 0));
			must(!pthread_create(&w->thread, NULL, writer_run, w));
		}
	}
}

static void let_write(struct stage *s)
{
	for (int i = 0; i < SOURCES; i++) {
		for (int j = 0; j < s->n_streams; j++)
			must(!sem_post(&s->writers[i][j].budget));
	}
}

static void join_writers(struct stage *s)
{
	for (int i = 0; i < SOURCES; i++) {
		for (int j = 0; j < s->n_streams; j++)
			must(!pthread_join(s->writers[i][j].thread, NULL));
	}
}

static void strike_stage(struct stage *s)
{
	for (int i = 0; i < SOURCES; i++) {
		for (int j = 0; j < LOG_N_STREAMS; j++)
			close(s->fds[i][j]);
	}
	close(s->take_fd);
	free(s->dir);
}

/* A limit for log files that the pipeline's own files do not reach. */
static size_t pick_limit(const struct kind *kind, int n, unsigned int *seed)
{
	if (!kind->fill || n % 3)
		return 0;
	return 1024 * KIB + (draw_from(seed, 1024)) * KIB;
}

static void test_kind(int number, int kills, unsigned int *seed)
{
	const struct kind *kind = &kinds[number];
	size_t lines = 0, wanted;
	int files = 0;
	struct stage s;
	struct child c;
	bool good = true;

	set_stage(&s, kind);
	start_writers(&s, kills + 1);
	for (int i = 0; i < kills; i++) {
		c = start_child(s.dir, number, pick_limit(kind, i, seed));
		let_write(&s);
		good = kill_child(&c, seed) && good;
	}
	ok(good, "%s: %d processes are killed while they run", kind->name,
	   kills);
	c = start_child(s.dir, number, 0);
	let_write(&s);
	join_writers(&s);
	is_int(end_child(&c), 0, "the last process ends in order");
	for (int i = 0; i < SOURCES; i++) {
		char *path = log_path(s.dir, i);
		int n;

		lines += count_lines(kind, path, 2 * i, &n);
		files += n;
		free(path);
	}
	wanted = (size_t)(kills + 1) * LINES * SOURCES * s.n_streams;
	is_int(lines, wanted, "each line is in its log once, in order");
	if (kind->max_size < 1u << 30)
		ok(files > SOURCES, "the logs have %d files", files + SOURCES);
	strike_stage(&s);
}

int main(int argc, char *argv[])
{
	unsigned int seed = 1;
	int kills = KILLS;

	if (argc == 4)
		return run_child(argv[1], argv[2], argv[3]);
	if (argc == 2)
		kills = atoi(argv[1]);
	must(kills > 0);
	scratch_make();
	plan(3 * 4 + 2);
	for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
		test_kind(i, kills, &seed);
	return tap_end();
}
