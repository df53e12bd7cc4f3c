// SPDX-License-Identifier: GPL-2.0
/* Processes of this machine, see processes.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/file.h"
#include "base/parse.h"
#include "base/paths.h"
#include "libpurser/purser.h"
#include "processes.h"

/* Fields of /proc/PID/stat after the state: the parent is the next, then 17 others. */
#define AFTER_NAME                                                             \
	" %c %d"                                                               \
	" %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s %*s" \
	" %" SCNu64

/* The name is in parentheses and may contain any character, also a parenthesis. */
int process_parse(const char *text, struct process *process)
{
	const char *name = strchr(text, '('), *end = strrchr(text, ')');
	char state;
	size_t len;

	if (!name || !end || end < name ||
	    sscanf(text, "%d", &process->pid) != 1)
		return -EINVAL;
	len = end - ++name;
	if (len >= sizeof(process->comm) ||
	    sscanf(end + 1, AFTER_NAME, &state, &process->parent,
		   &process->started) != 3)
		return -EINVAL;
	memcpy(process->comm, name, len);
	process->comm[len] = '\0';
	return state == 'Z' || state == 'X' ? -ESRCH : 0;
}

int process_read(pid_t pid, struct process *process)
{
	char path[32], text[1024];
	ssize_t n;

	snprintf(path, sizeof(path), "/proc/%d/stat", pid);
	n = file_read(AT_FDCWD, path, text, sizeof(text));
	if (n < 0)
		return n == -ENOENT ? -ESRCH : n;
	return process_parse(text, process);
}

int process_open(const struct process *process)
{
	int fd = pidfd_open(process->pid, 0);
	struct process now;
	int err;

	if (fd < 0)
		return -errno;
	/* The PID had another process in between if this is not the same one. */
	err = process_read(process->pid, &now);
	if (!err && now.started != process->started)
		err = -ESRCH;
	if (!err)
		return fd;
	close(fd);
	return err;
}

static bool entry_of(pid_t pid, const char *entry, struct stat *st)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%d/%s", pid, entry);
	return !stat(path, st);
}

bool processes_share(pid_t a, pid_t b, const char *entry)
{
	struct stat left, right;

	return entry_of(a, entry, &left) && entry_of(b, entry, &right) &&
	       same_file(&left, &right);
}

int processes_add(struct processes *to, const struct process *process)
{
	if (to->n == to->room) {
		size_t room = to->room ? 2 * to->room : 64;
		struct process *all = reallocarray(to->all, room, sizeof(*all));

		if (!all)
			return -ENOMEM;
		to->all = all;
		to->room = room;
	}
	to->all[to->n++] = *process;
	return 0;
}

int processes_add_pid(struct processes *to, pid_t pid)
{
	struct process process;
	int err = process_read(pid, &process);

	if (err)
		return err == -ESRCH ? 0 : err;
	return processes_add(to, &process);
}

/* struct search - one call of processes_find() */
struct search {
	struct processes *to;
	const char *comm;
};

static int look_at(int folder, const struct dirent *entry, void *arg)
{
	struct search *search = arg;
	struct process process;
	uint64_t pid;
	int err;

	(void)folder;
	if (parse_u64(entry->d_name, 1, INT_MAX, &pid))
		return 0;
	err = process_read(pid, &process);
	if (err)
		return err == -ESRCH ? 0 : err;
	if (strncmp(process.comm, search->comm, PURSER_COMM_MAX))
		return 0;
	return processes_add(search->to, &process);
}

int processes_find(struct processes *to, const char *comm)
{
	struct search search = { to, comm };

	return path_each_entry(AT_FDCWD, "/proc", look_at, &search);
}

static int by_pid(const void *left, const void *right)
{
	const struct process *a = left, *b = right;

	return (a->pid > b->pid) - (a->pid < b->pid);
}

void processes_keep_roots(struct processes *processes)
{
	struct process *all = processes->all;
	size_t n = 0;

	if (!processes->n)
		return;
	qsort(all, processes->n, sizeof(*all), by_pid);
	/* A process keeps its place until all that it may be the parent of were seen. */
	for (size_t i = 0; i < processes->n; i++) {
		const struct process parent = { .pid = all[i].parent };

		all[i].parent = bsearch(&parent, all, processes->n,
					sizeof(*all), by_pid) ?
					-1 :
					all[i].parent;
	}
	for (size_t i = 0; i < processes->n; i++) {
		if (all[i].parent >= 0)
			all[n++] = all[i];
	}
	processes->n = n;
}

void processes_free(struct processes *processes)
{
	free(processes->all);
	*processes = (struct processes){ 0 };
}
