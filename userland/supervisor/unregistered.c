// SPDX-License-Identifier: GPL-2.0
/* Containers that somebody has unregistered, see unregistered.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/timer.h"
#include "cgroup/processes.h"
#include "end.h"
#include "supervisor.h"
#include "unregistered.h"

static void on_patience(struct loop_source *source)
{
	if (timer_expired(source))
		container_kill(
			loop_container(source, struct container, patience));
}

static int kill_later(struct container *c, unsigned int ms)
{
	int err = 0;

	if (c->patience.fd < 0)
		err = timer_add(&c->supervisor->loop, &c->patience,
				on_patience);
	return err ? err : timer_set(&c->patience, ms);
}

int unregistered_stop(struct container *c, int signal, unsigned int grace_ms)
{
	if (!c->init.pid)
		return 0;
	if (grace_ms && pidfd_send_signal(c->init.pidfd.fd, signal, NULL, 0) &&
	    errno != ESRCH)
		return -errno;
	if (!grace_ms || kill_later(c, grace_ms))
		container_kill(c);
	return 0;
}

/*
 * How many PID namespaces, the host's included, a process is in, if it is process 1 of the
 * last one; else 0.
 */
static int depth_of_init(pid_t pid)
{
	static const char field[] = "\nNSpid:";
	char path[64], text[4096], *s;
	int depth = 0;
	long last = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	if (file_read(AT_FDCWD, path, text, sizeof(text)) < 0)
		return 0;
	s = strstr(text, field);
	for (s = s ? s + strlen(field) : NULL; s && (*s == '\t' || *s == ' ');
	     depth++)
		last = strtol(s, &s, 10);
	return last == 1 ? depth : 0;
}

/* The init of the outermost PID namespace, or 0. */
static pid_t find_init(const struct container *c)
{
	__cleanup_free pid_t *pids = NULL;
	int least = INT_MAX;
	pid_t found = 0;
	size_t n = 0;

	if (c->cgroup.fd < 0 || cgroup_processes(c->cgroup.fd, &pids, &n))
		return 0;
	for (size_t i = 0; i < n; i++) {
		int depth = depth_of_init(pids[i]);

		if (depth > 1 && depth < least) {
			least = depth;
			found = pids[i];
		}
	}
	return found;
}

static void on_pidfd(struct loop_source *source)
{
	container_reap(loop_container(source, struct container, init.pidfd));
}

int unregistered_watch(struct container *c)
{
	pid_t pid = find_init(c);
	int fd __cleanup_close = pid ? pidfd_open(pid, 0) : -1;
	int err;

	/* Another process may have got the PID before it was opened. */
	if (fd < 0 || find_init(c) != pid)
		return -ESRCH;
	err = container_watch(c, fd, on_pidfd);
	if (err)
		return err;
	take_fd(&fd);
	c->init.pid = pid;
	return 0;
}
