// SPDX-License-Identifier: GPL-2.0
/*
 * Sets up one sample: its writers, its readers, and the files. All sides get the same
 * writers and pipes of the same kind.
 */
#include <fcntl.h>
#include <ftw.h>
#include <poll.h>
#include <sys/inotify.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "flow.h"

/* Waits after which the benchmark fails; these are no targets. */
#define READY_MS      120000
#define STUCK_SECONDS 1800

/* No rotation, as the other sides have none. */
#define MAX_SIZE_NONE (1UL << 40)
/* The supervisor's default, see log/settings.h. */
#define MAX_SIZE_DEFAULT (10UL << 20)

const char *const side_names[N_SIDES] = {
	[SIDE_CAT] = "cat",
	[SIDE_CONMON] = "conmon",
	[SIDE_RAW] = "purser raw",
	[SIDE_CRI] = "purser cri",
};

static void make_dir(const char *path)
{
	if (mkdir(path, 0700))
		fail("flow: cannot make %s", path);
}

static int make_fifo(const char *dir, const char *name)
{
	char path[160];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	if (mkfifo(path, 0600))
		fail("flow: cannot make %s", path);
	/* Open it for reading and writing, so that open() does not wait. */
	fd = open(path, O_RDWR | O_CLOEXEC | O_NONBLOCK);
	if (fd < 0)
		fail("flow: cannot open %s", path);
	return fd;
}

void stage_make(struct stage *s, const struct config *config, enum side side,
		bool rotate)
{
	memset(s, 0, sizeof(*s));
	s->config = config;
	s->side = side;
	s->rotate = rotate;
	snprintf(s->dir, sizeof(s->dir), "%s/stage", config->dir);
	snprintf(s->run_dir, sizeof(s->run_dir), "%s/stage", config->run_dir);
	make_dir(s->dir);
	make_dir(s->run_dir);
	s->go = make_fifo(s->dir, "go");
	s->ready = make_fifo(s->dir, "ready");
}

void stage_file(const struct stage *s, unsigned int i, char *path, size_t size)
{
	snprintf(path, size, "%s/%u.log", s->dir, i);
}

static void await_ready(struct stage *s, unsigned int n)
{
	struct pollfd fd = { .fd = s->ready, .events = POLLIN };
	char c;

	while (n) {
		if (poll(&fd, 1, READY_MS) <= 0)
			fail("flow: %s: a writer or reader does not get ready",
			     side_names[s->side]);
		if (read(s->ready, &c, 1) == 1)
			n--;
	}
}

static pid_t start_writer(char *const *command, int out, int err)
{
	int fds[] = { STDIN_FILENO, out, err };

	return process_start(command, fds, 3);
}

/* cat shows that it runs by copying a line, which is then removed from its file. */
static void await_cat(int in, const char *path)
{
	struct pollfd fd = { .fd = inotify_init1(IN_CLOEXEC),
			     .events = POLLIN };

	if (fd.fd < 0 || inotify_add_watch(fd.fd, path, IN_MODIFY) < 0)
		fail("flow: cannot watch %s", path);
	if (write(in, "\n", 1) != 1)
		fail("flow: cannot write to cat");
	if (poll(&fd, 1, READY_MS) <= 0)
		fail("flow: cat does not get ready");
	close(fd.fd);
	if (truncate(path, 0))
		fail("flow: cannot empty %s", path);
}

static void start_cat(struct stage *s, unsigned int i, char *const *command)
{
	char *argv[] = { "cat", NULL };
	char path[160];
	int out[2], fds[3];

	make_pipe(out);
	s->writers[i] = start_writer(command, out[1], STDERR_FILENO);
	stage_file(s, i, path, sizeof(path));
	fds[0] = out[0];
	fds[1] = high_fd(open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC,
			      0640),
			 path);
	fds[2] = STDERR_FILENO;
	s->readers[i] = process_start(argv, fds, 3);
	close_fd(&fds[1]);
	close_fd(&out[0]);
	await_cat(out[1], path);
	close_fd(&out[1]);
}

/* The runtime learns the command from a file: conmon passes only the bundle. */
static void write_command(const char *bundle, char *const *command)
{
	char path[192];
	FILE *f;

	snprintf(path, sizeof(path), "%s/command", bundle);
	f = fopen(path, "we");
	if (!f)
		fail("flow: cannot make %s", path);
	for (; *command; command++)
		fprintf(f, "%s ", *command);
	fprintf(f, "\n");
	if (fclose(f))
		fail("flow: cannot write %s", path);
}

/* Wait until conmon reports that its runtime has created the container. */
static void await_conmon(int sync, const char *bundle)
{
	char text[512];
	size_t len = 0;
	ssize_t n;

	do {
		n = read(sync, text + len, sizeof(text) - 1 - len);
		if (n > 0)
			len += n;
		text[len] = '\0';
	} while (n > 0 && !strchr(text, '\n'));
	if (strstr(text, "\"message\"") || !strchr(text, '\n')) {
		fprintf(stderr, "flow: conmon did not start %s: %s\n", bundle,
			text);
		exit(1);
	}
}

/* conmon's first process forks and exits; returns the PID of the one that stays. */
static pid_t conmon_pid(const char *bundle, pid_t first)
{
	struct usage ignored = { 0 };
	char path[192];
	FILE *f;
	int pid;

	process_reap(first, "conmon", &ignored);
	snprintf(path, sizeof(path), "%s/conmon.pid", bundle);
	f = fopen(path, "re");
	if (!f || fscanf(f, "%d", &pid) != 1)
		fail("flow: cannot read %s", path);
	fclose(f);
	return pid;
}

/*
 * conmon's files are on a tmpfs, as with podman and CRI-O. Its socket and its exit file
 * must be in different folders.
 */
static void start_conmon(struct stage *s, unsigned int i, char *const *command)
{
	char bundle[160], exits[192], log[192], id[64], pid[192], own_pid[192];
	/* clang-format off */
	char *argv[] = {
		"conmon", "--api-version", "1", "-c", id, "-u", id, "-n", id,
		"-r", (char *)s->config->runtime, "-b", bundle, "-p", pid,
		"-P", own_pid, "-l", log, "--exit-dir", exits,
		"--socket-dir-path", bundle, "--no-sync-log",
		"--log-level", "error", NULL,
	};
	/* clang-format on */
	int sync[2], fds[4] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	int len = snprintf(log, sizeof(log), "k8s-file:");

	stage_file(s, i, log + len, sizeof(log) - len);
	snprintf(id, sizeof(id), "purser-bench-%d-%u", getpid(), i);
	snprintf(bundle, sizeof(bundle), "%s/%u", s->run_dir, i);
	snprintf(exits, sizeof(exits), "%s/exits", bundle);
	snprintf(pid, sizeof(pid), "%s/pid", bundle);
	snprintf(own_pid, sizeof(own_pid), "%s/conmon.pid", bundle);
	make_dir(bundle);
	make_dir(exits);
	write_command(bundle, command);
	make_pipe(sync);
	fds[3] = sync[1];
	s->readers[i] = process_start(argv, fds, 4);
	close_fd(&sync[1]);
	s->readers[i] = conmon_pid(bundle, s->readers[i]);
	await_conmon(sync[0], bundle);
	close_fd(&sync[0]);
}

/* See ../pump/main.c for the descriptors that the pipeline gets. */
static void start_pump(struct stage *s, char *const *const *commands)
{
	char program[4096], buffer[32], max_size[32];
	char paths[WRITERS_MAX][160];
	char *argv[7 + WRITERS_MAX] = {
		program,    s->side == SIDE_RAW ? "raw" : "cri",
		buffer,	    max_size,
		s->run_dir, s->dir
	};
	int fds[3 + 3 * WRITERS_MAX] = { STDIN_FILENO, STDOUT_FILENO,
					 STDERR_FILENO };

	program_path(program, sizeof(program), "pump");
	snprintf(buffer, sizeof(buffer), "%lu", s->config->buffer);
	snprintf(max_size, sizeof(max_size), "%lu",
		 s->rotate ? MAX_SIZE_DEFAULT : MAX_SIZE_NONE);
	for (unsigned int i = 0; i < s->n; i++) {
		int out[2], err[2], *to = fds + 3 + 3 * i;

		make_pipe(out);
		make_pipe(err);
		s->writers[i] = start_writer(commands[i], out[1], err[1]);
		close_fd(&out[1]);
		close_fd(&err[1]);
		to[0] = out[0];
		to[1] = err[0];
		to[2] = high_fd(syscall(SYS_pidfd_open, s->writers[i], 0),
				"a pidfd");
		stage_file(s, i, paths[i], sizeof(paths[i]));
		argv[6 + i] = paths[i];
	}
	s->readers[0] = process_start(argv, fds, 3 + 3 * s->n);
	for (unsigned int i = 3; i < 3 + 3 * s->n; i++)
		close_fd(&fds[i]);
}

void stage_set(struct stage *s, char *const *const *commands, unsigned int n)
{
	bool pump = s->side == SIDE_RAW || s->side == SIDE_CRI;

	s->n = n;
	s->n_readers = pump ? 1 : n;
	alarm(STUCK_SECONDS);
	if (pump)
		start_pump(s, commands);
	for (unsigned int i = 0; i < n && !pump; i++)
		if (s->side == SIDE_CAT)
			start_cat(s, i, commands[i]);
		else
			start_conmon(s, i, commands[i]);
	await_ready(s, n + pump);
}

void stage_go(struct stage *s)
{
	for (unsigned int i = 0; i < s->n_readers; i++)
		s->before_ns += process_cpu(s->readers[i]);
	close_fd(&s->go);
}

void stage_end(struct stage *s, struct usage *usage)
{
	struct usage ignored = { 0 };

	for (unsigned int i = 0; i < s->n; i++)
		if (s->writers[i])
			process_reap(s->writers[i], "a writer", &ignored);
	for (unsigned int i = 0; i < s->n_readers; i++)
		process_reap(s->readers[i], side_names[s->side], usage);
	usage->cpu_ns -= s->before_ns;
	alarm(0);
}

static int remove_entry(const char *path, const struct stat *st, int type,
			struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	if (remove(path))
		fail("flow: cannot remove %s", path);
	return 0;
}

void stage_remove(struct stage *s)
{
	close_fd(&s->ready);
	if (nftw(s->dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS) ||
	    nftw(s->run_dir, remove_entry, 16, FTW_DEPTH | FTW_PHYS))
		fail("flow: cannot remove %s", s->dir);
}
