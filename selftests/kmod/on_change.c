// SPDX-License-Identifier: GPL-2.0
/*
 * on_change FILE
 *
 * Watches FILE, for example memory.events of a cgroup, with inotify. Prints "ready", and
 * after each change "changed" and the file's lines, joined by commas. Exits when its
 * parent dies.
 */
#include <fcntl.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "../workloads/workload.h"

static void print_file(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	char text[1024], *c;
	ssize_t n = 0;

	if (fd >= 0) {
		n = read(fd, text, sizeof(text) - 1);
		close(fd);
	}
	text[n > 0 ? n : 0] = '\0';
	for (c = text; *c; c++)
		if (*c == '\n')
			*c = ',';
	say("changed %s\n", text);
}

int main(int argc, char **argv)
{
	char events[4096];
	int fd;

	if (argc != 2)
		bad_usage("on_change FILE");
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	fd = inotify_init1(IN_CLOEXEC);
	if (fd < 0 || inotify_add_watch(fd, argv[1], IN_MODIFY) < 0)
		fail("on_change: cannot watch %s", argv[1]);
	say("ready\n");
	while (read(fd, events, sizeof(events)) > 0)
		print_file(argv[1]);
	return 1;
}
