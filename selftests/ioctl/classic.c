// SPDX-License-Identifier: GPL-2.0
/*
 * classic ID SOFT HARD COMMAND [ARGUMENT...]
 *
 * A small container runtime that knows only the ioctl interface and uses no code
 * or header of Purser: it declares the interface itself. It starts COMMAND as the
 * init of a pid namespace, registers it, waits for its end, and unregisters it.
 * It prints each step, and how COMMAND ended.
 */
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../workloads/workload.h"

#define MONITOR_NAME_LEN 32

struct monitor_request {
	pid_t pid;
	unsigned long soft_limit_bytes;
	unsigned long hard_limit_bytes;
	char container_id[MONITOR_NAME_LEN];
};

#define MONITOR_REGISTER   _IOW('M', 1, struct monitor_request)
#define MONITOR_UNREGISTER _IOW('M', 2, struct monitor_request)

static const char usage[] = "classic ID SOFT HARD COMMAND [ARGUMENT...]";
static char child_stack[65536] __attribute__((aligned(16)));
static int go[2]; /* the command starts after a byte in this pipe */

static int child(void *arg)
{
	char **command = arg, unused;

	close(go[1]);
	if (read(go[0], &unused, 1) != 1)
		return 126;
	close(go[0]);
	execvp(command[0], command);
	return 127;
}

int main(int argc, char **argv)
{
	struct monitor_request r = { 0 };
	int monitor, status;

	if (argc < 5 || strlen(argv[1]) >= sizeof(r.container_id))
		bad_usage(usage);
	memcpy(r.container_id, argv[1], strlen(argv[1]));
	r.soft_limit_bytes = number(usage, "SOFT", argv[2], 0, -1UL);
	r.hard_limit_bytes = number(usage, "HARD", argv[3], 0, -1UL);

	monitor = open("/dev/container_monitor", O_RDWR | O_CLOEXEC);
	if (monitor < 0)
		fail("classic: cannot open the device");
	if (pipe(go))
		fail("classic: cannot make a pipe");
	r.pid = clone(child, child_stack + sizeof(child_stack),
		      CLONE_NEWPID | CLONE_NEWUTS | SIGCHLD, argv + 4);
	if (r.pid < 0)
		fail("classic: cannot start the command");
	close(go[0]);
	if (ioctl(monitor, MONITOR_REGISTER, &r))
		fail("classic: cannot register");
	say("registered %d\n", r.pid);
	if (write(go[1], "", 1) != 1)
		fail("classic: cannot start the command");
	if (waitpid(r.pid, &status, 0) != r.pid)
		fail("classic: cannot wait");
	if (WIFSIGNALED(status))
		say("killed %d\n", WTERMSIG(status));
	else
		say("exited %d\n", WEXITSTATUS(status));
	if (ioctl(monitor, MONITOR_UNREGISTER, &r))
		fail("classic: cannot unregister");
	say("unregistered\n");
	return 0;
}
