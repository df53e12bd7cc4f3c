// SPDX-License-Identifier: GPL-2.0
/* Many log files that cannot be written at once, and then all or all but one recover. */
#include "log_errors.h"
#include "log_test.h"

#define KIB 1024

#define CROWD 150
/* Twice as much as a pipe holds, so that no feeder is done before the end. */
#define CROWD_LINES 10000

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

	text = slurp_from(path, LONG_FILE, &len);
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

/* All logs have a backlog. Then the files can be written again, or the pipeline ends. */
static void test_crowd(bool recover)
{
	struct log_pipeline *p = make_pipeline(LOG_BUFFER_MIN);
	struct feeder *f = calloc(CROWD, sizeof(*f));
	char *messages = scratch_path("messages");
	int waits = 0;
	bool good = true;
	uint64_t key;
	char *path, *text;

	must(f);
	capture_start(messages);
	limit_files(LONG_FILE + 2000);
	for (int i = 0; i < CROWD; i++) {
		struct ends e;

		path = crowd_path(i);
		make_long_file(path);
		e = add_source(p, i, path);
		feeder_start(&f[i], e.fd[0], i, CROWD_LINES);
		must(!close(e.fd[1]));
		free(path);
	}
	wait_for_text(messages, "w5.log: its container waits");
	if (!recover)
		log_pipeline_destroy(p);
	limit_files(RLIM_INFINITY);
	for (int i = 0; i < CROWD; i++) {
		must(!pthread_join(f[i].thread, NULL));
		must(!recover || !log_pipeline_finish(p, i));
	}
	for (int i = 0; i < CROWD && recover; i++)
		good = !wait_finished(p, &key) && good;
	if (recover)
		log_pipeline_destroy(p);
	text = capture_end(messages);
	for (const char *s = text; (s = strstr(s, "its container waits")); s++)
		waits++;
	free(text);
	free(messages);
	for (int i = 0; i < CROWD; i++)
		good = good && crowd_is_good(i, recover) &&
		       f[i].broken == !recover;
	ok(good && (!recover || waits > 1),
	   recover ? "%d files fail at once and recover" :
		     "%d files fail at once and the pipeline ends",
	   CROWD);
	free(f);
}

#define AWAY 6

/** struct away - a source whose file is in a folder that is moved away for a while */
struct away {
	char *folder;
	char *elsewhere;
	char *path;
	int out[2], err[2];
	char text[64 * KIB];
};

static void away_make(struct away *a, struct log_pipeline *p, int i)
{
	must(asprintf(&a->folder, "%s/here%d", scratch, i) > 0);
	must(asprintf(&a->elsewhere, "%s/away%d", scratch, i) > 0);
	must(asprintf(&a->path, "%s/a.log", a->folder) > 0);
	must(!mkdir(a->folder, 0700));
	for (size_t k = 0; k < sizeof(a->text); k++)
		a->text[k] = k % 100 == 99 ? '\n' : 'a' + (i + k) % 26;
	must(!pipe2(a->out, O_CLOEXEC) && !pipe2(a->err, O_CLOEXEC));
	must(!add_pipes(p, i, dup(a->out[0]), dup(a->err[0]), a->path));
}

/* Add the source to a pipeline that does not find its file. */
static void away_go(struct away *a, struct log_pipeline *p, int i)
{
	const int fds[LOG_N_STREAMS] = { a->out[0], a->err[0] };

	must(!log_pipeline_resume(p, i, fds));
	must(write_all(a->out[1], a->text, sizeof(a->text)));
	must(!close(a->out[1]) && !close(a->err[1]));
	must(!log_pipeline_finish(p, i));
}

static void away_come_back(struct away *a)
{
	must(!rename(a->elsewhere, a->folder));
}

static bool away_is_good(struct away *a)
{
	struct log_content c = log_load(a->path);
	bool good = text_is(&c, 0, a->text, sizeof(a->text));

	log_content_free(&c);
	must(!unlink(a->path) && !rmdir(a->folder));
	free(a->path);
	free(a->elsewhere);
	free(a->folder);
	return good;
}

/*
 * Of the files that fail at once, all but number @one can be written again. That one must
 * not make the others wait.
 */
static bool all_but_one(int one)
{
	char *dir = scratch_folder(), *path = scratch_path("healthy.log");
	struct away *a = calloc(AWAY, sizeof(*a));
	struct log_pipeline *p;
	struct ends e;
	uint64_t key;
	bool good;

	must(a && !log_pipeline_create(&p, dir, 16 * KIB));
	for (int i = 0; i < AWAY; i++)
		away_make(&a[i], p, i);
	log_pipeline_destroy(p);
	for (int i = 0; i < AWAY; i++)
		must(!rename(a[i].folder, a[i].elsewhere));
	must(!log_pipeline_create(&p, dir, 16 * KIB));
	for (int i = 0; i < AWAY; i++)
		away_go(&a[i], p, i);
	e = add_source(p, AWAY, path);
	write_text(e.fd[0], "healthy\n");
	must(!log_pipeline_finish(p, AWAY));
	close_ends(&e);
	for (int i = 0; i < AWAY; i++) {
		if (i != one)
			away_come_back(&a[i]);
	}
	for (int i = 0; i < AWAY; i++)
		wait_finished(p, &key);
	away_come_back(&a[one]);
	good = !wait_finished(p, &key) && key == (uint64_t)one;
	for (int i = 0; i < AWAY; i++)
		good = good && away_is_good(&a[i]);
	log_pipeline_destroy(p);
	must(!unlink(path) && !rmdir(dir));
	free(path);
	free(dir);
	free(a);
	return good;
}

static void test_all_but_one(void)
{
	char *messages = scratch_path("messages");
	bool good = true;

	capture_start(messages);
	for (int i = 0; i < AWAY; i++)
		good = good && all_but_one(i);
	free(capture_end(messages));
	free(messages);
	ok(good, "of %d files that fail at once all but one recover", AWAY);
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
