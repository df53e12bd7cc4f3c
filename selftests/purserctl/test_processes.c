// SPDX-License-Identifier: GPL-2.0
/* Tests reading processes and finding the one that others descend from. */
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "purserctl/processes.h"
#include "tap.h"

#define REST "0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 0 4711 0 0"

static void parsing(void)
{
	struct process p;

	is_int(process_parse("12 (a b) S 3 " REST, &p), 0, "a process is read");
	ok(p.pid == 12 && p.parent == 3 && p.started == 4711,
	   "its numbers are right");
	is_str(p.comm, "a b", "its name, too");
	is_int(process_parse("12 (x) S 7 () R 3 " REST, &p), 0,
	       "a name may look like the end of a name");
	is_str(p.comm, "x) S 7 (", "it is read whole");
	is_int(p.parent, 3, "and the parent is the right one");
	is_int(process_parse("12 (a) Z 3 " REST, &p), -ESRCH,
	       "a zombie has ended");
	is_int(process_parse("12 (a) S 3 0 0", &p), -EINVAL,
	       "a text that is cut is refused");
	is_int(process_parse("12 a S 3", &p), -EINVAL, "one without a name");
	is_int(process_parse("", &p), -EINVAL, "an empty one");
}

static void add(struct processes *to, pid_t pid, pid_t parent)
{
	const struct process p = { .pid = pid, .parent = parent };

	if (processes_add(to, &p))
		bail("no memory");
}

/* The PIDs of the roots, with a blank after each. */
static const char *roots(struct processes *p)
{
	static char text[256];
	size_t n = 0;

	processes_keep_roots(p);
	text[0] = '\0';
	for (size_t i = 0; i < p->n; i++)
		n += snprintf(text + n, sizeof(text) - n, "%d ", p->all[i].pid);
	processes_free(p);
	return text;
}

static void choosing(void)
{
	struct processes p = { 0 };

	is_str(roots(&p), "", "no process has no root");
	add(&p, 10, 1);
	is_str(roots(&p), "10 ", "one process is the root");
	add(&p, 12, 10);
	add(&p, 10, 1);
	add(&p, 11, 10);
	add(&p, 9, 11);
	is_str(roots(&p), "10 ", "the one that all others descend from");
	add(&p, 30, 1);
	add(&p, 20, 5);
	add(&p, 31, 30);
	is_str(roots(&p), "20 30 ", "there may be two");
	add(&p, 1, 0);
	add(&p, 2, 1);
	is_str(roots(&p), "1 ", "the first process of a machine has no parent");
}

/* A child of that name, which waits; it is killed by end(). */
static pid_t child(const char *name)
{
	int pipes[2];
	char c;
	pid_t pid;

	if (pipe(pipes))
		bail("no pipe");
	pid = fork();
	if (!pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		prctl(PR_SET_NAME, name);
		close(pipes[0]);
		close(pipes[1]);
		for (;;)
			pause();
	}
	close(pipes[1]);
	if (pid < 0 || read(pipes[0], &c, 1) != 0)
		bail("no child");
	close(pipes[0]);
	return pid;
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
}

static void living(void)
{
	static const char name[] = "purser-test-abcdef";
	struct processes all = { 0 };
	struct process p, other;
	pid_t pid = child(name);
	int fd;

	is_int(process_read(pid, &p), 0, "a child is read");
	is_int(p.parent, getpid(), "its parent is this process");
	is_int(processes_find(&all, name), 0, "processes are found by name");
	ok(all.n == 1 && all.all[0].pid == pid,
	   "the kernel keeps only 15 bytes of it");
	processes_free(&all);
	is_int(processes_find(&all, "purser-test"), 0, "another name");
	is_int(all.n, 0, "a part of a name is another name");
	ok(processes_share(pid, getpid(), "exe"), "both run the same program");
	ok(!processes_share(pid, 0, "exe"), "no process runs none");
	fd = process_open(&p);
	ok(fd >= 0, "it can be opened");
	close(fd);
	other = p;
	other.started++;
	is_int(process_open(&other), -ESRCH,
	       "not if another process had that PID");
	end(pid);
	is_int(process_read(pid, &p), -ESRCH, "it has ended");
	is_int(process_open(&p), -ESRCH, "it cannot be opened any more");
	is_int(processes_add_pid(&all, pid), 0, "it is left out of a list");
	is_int(all.n, 0, "which is empty");
}

int main(void)
{
	parsing();
	choosing();
	living();
	return tap_end();
}
