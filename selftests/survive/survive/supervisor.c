// SPDX-License-Identifier: GPL-2.0
/* Starting supervisors, one after the other, and killing them. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "log/ring.h"
#include "survive.h"

bool supervisor_ready;
pid_t supervisor_pid;
bool supervisor_ends;
int64_t supervisor_needs_ms = 500;

static int ready_fd = -1;
static pid_t leaving_pid; /* the one that the new one asks to leave, or 0 */
static int64_t started_at;

/*
 * The log buffer is small, so that it is full at times. If there is no supervisor to take
 * over from, --take-over has no effect.
 */
void supervisor_start(void)
{
	char *base = path_of("base"), *run = path_of("run");
	char *state = path_of("state"), *log = path_of("log");
	char *said = path_of("supervisor.log");
	int fds[2];
	char number[16];
	const char *words[] = {
		"engine",     "supervisor",   base,	  "--run-dir",
		run,	      "--state-dir",  state,	  "--log-dir",
		log,	      "--log-buffer", "65536",	  "--log-max-files",
		"1000",	      "--take-over",  "--userns", "host",
		"--ready-fd", number,	      NULL,
	};

	must(!pipe2(fds, O_CLOEXEC), "pipe2");
	must(fcntl(fds[1], F_SETFD, 0) >= 0, "fcntl");
	snprintf(number, sizeof(number), "%d", fds[1]);
	started_at = now_ms();
	supervisor_pid = spawn(said, words);
	close(fds[1]);
	ready_fd = fds[0];
	supervisor_ready = false;
	free(base);
	free(run);
	free(state);
	free(log);
	free(said);
}

void supervisor_replace(void)
{
	leaving_pid = supervisor_pid;
	close(ready_fd);
	totals.replaced++;
	supervisor_start();
}

bool supervisor_is_alone(void)
{
	return !leaving_pid;
}

bool supervisor_reaped(pid_t pid, int status)
{
	if (pid != leaving_pid)
		return false;
	leaving_pid = 0;
	if (status)
		wrong(CLAIM_SUPERVISOR,
		      "a supervisor that left exited with status 0x%x", status);
	return true;
}

int supervisor_fd(void)
{
	return supervisor_ready ? -1 : ready_fd;
}

void supervisor_update(void)
{
	char byte;
	struct pollfd p = { .fd = ready_fd, .events = POLLIN };
	char *said;

	if (supervisor_ready || ready_fd < 0 || poll(&p, 1, 0) <= 0)
		return;
	if (read(ready_fd, &byte, 1) == 1) {
		supervisor_ready = true;
		supervisor_needs_ms = now_ms() - started_at;
		return;
	}
	said = path_of("supervisor.log");
	wrong(CLAIM_SUPERVISOR, "a supervisor ended by itself, see below");
	printf("# %s\n", slurp(said, NULL));
	must(false, "going on without a supervisor");
}

/* Count whether the log pipeline had bytes in its buffer or under way when it died. */
static void check_buffer(void)
{
	char *path = path_of("run/log/" LOG_RING_FILE);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	const struct log_ring *ring;

	free(path);
	if (fd < 0)
		return;
	ring = mmap(NULL, LOG_RING_DATA, PROT_READ, MAP_SHARED, fd, 0);
	must(ring != MAP_FAILED, "mapping the buffer");
	totals.buffered += ring->head != ring->tail;
	totals.taking += ring->intent.head == ring->head;
	munmap((void *)ring, LOG_RING_DATA);
	close(fd);
}

/* Kill the one that was asked to leave, if it still runs. */
static void kill_leaving(void)
{
	int status;

	if (!leaving_pid)
		return;
	must(!kill(leaving_pid, SIGKILL), "kill");
	must(waitpid(leaving_pid, &status, 0) == leaving_pid, "waitpid");
	leaving_pid = 0;
}

static int reap(void)
{
	int status;

	must(waitpid(supervisor_pid, &status, 0) == supervisor_pid, "waitpid");
	supervisor_pid = 0;
	close(ready_fd);
	ready_fd = -1;
	return status;
}

/* A supervisor takes the lock before it reads the state of the one before. */
static bool has_lock(void)
{
	char *path = path_of("run/engine.lock"), *text = slurp(path, NULL);
	bool has = text && atoi(text) == supervisor_pid;

	free(text);
	free(path);
	return has;
}

void supervisor_kill(void)
{
	int status;

	totals.trials++;
	supervisor_update();
	book_read();
	if (!supervisor_ready && has_lock())
		totals.recovering++;
	else
		totals.young += !supervisor_ready;
	must(!kill(supervisor_pid, SIGKILL), "kill");
	kill_leaving();
	status = reap();
	if (!WIFSIGNALED(status))
		wrong(CLAIM_SUPERVISOR, "a supervisor had ended with status %d",
		      status);
	supervisor_ready = false;
	slots_hit();
	check_buffer();
}

/* The folder holds nothing but @kept, which may be NULL. */
static void check_empty(const char *what, const char *kept)
{
	char *path = *what == '/' ? strdup(what) : path_of("%s", what);
	DIR *folder = opendir(path);
	struct dirent *entry;

	while (folder && (entry = readdir(folder))) {
		if (strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..") &&
		    !(kept && !strcmp(entry->d_name, kept)))
			wrong(CLAIM_NOTHING_LEFT, "%s/%s is left at the end",
			      path, entry->d_name);
	}
	if (folder)
		closedir(folder);
	free(path);
}

static int count_record(const struct purser_container *record, void *arg)
{
	(void)arg;
	wrong(CLAIM_NOTHING_LEFT, "a record of %s is left at the end",
	      record->name);
	return 0;
}

void supervisor_end(void)
{
	int status;

	supervisor_ends = true;
	must(!kill(supervisor_pid, SIGTERM), "kill");
	status = reap();
	if (status)
		wrong(CLAIM_SUPERVISOR,
		      "the last supervisor exited with status %d", status);
	book_read();
	check_empty("run", NULL);
	/* For "engine start ID" after the next start of the machine. */
	check_empty("state", ".requests");
	if (!access("/sys/fs/cgroup/purser", F_OK))
		wrong(CLAIM_NOTHING_LEFT, "the cgroup is left at the end");
	must(!purser_list(commands, 0, count_record, NULL), "purser_list");
}

/* Everything had to work, so that it is ready is the only message allowed. */
void supervisor_check_messages(void)
{
	char *path = path_of("supervisor.log"), *said = slurp(path, NULL);
	char *next = said, *line;

	must(said, path);
	while ((line = strsep(&next, "\n"))) {
		if (*line && !strstr(line, "supervisor ready"))
			wrong(CLAIM_SUPERVISOR, "a supervisor reported: %s",
			      line);
	}
	free(said);
	free(path);
}
