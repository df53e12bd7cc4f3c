// SPDX-License-Identifier: GPL-2.0
/*
 * take_away WAY MIB HOME AWAY
 *
 * A process of the cgroup HOME, which may write to cgroups, takes memory in the cgroup
 * AWAY; see take.h. WAY is
 *
 *   hop       it moves to AWAY, takes 8 MiB and moves back, again and again
 *   leave     a child moves to AWAY, takes the memory and stays
 *   born      a child is born in AWAY, takes the memory and stays
 *   gift      a child moves to AWAY, takes shared memory and exits; then the parent
 *             maps the pages
 */
#include <fcntl.h>
#include <linux/sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "take.h"

#define CHUNK (8 * MIB)

static const char usage[] = "take_away hop|leave|born|gift MIB HOME AWAY";

static void go_to(const char *cgroup)
{
	char path[512];
	int fd;

	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	if (fd < 0 || write(fd, "0", 1) != 1)
		fail("cannot enter %s", cgroup);
	close(fd);
}

static void take_by_hops(size_t bytes, const char *home, const char *away)
{
	char *start = map_small(bytes);
	size_t done;

	for (done = 0; done < bytes; done += CHUNK) {
		go_to(away);
		write_pages(start + done, CHUNK);
		go_to(home);
	}
	for (done = 0; done < bytes; done += CHUNK)
		check_pages(start + done, CHUNK);
}

static void __attribute__((noreturn)) take_and_stay(size_t bytes)
{
	char *start = map_small(bytes);

	write_pages(start, bytes);
	check_pages(start, bytes);
	count_me();
	wait_for_ever();
}

static void take_by_leaving(size_t bytes, const char *away)
{
	open_tally();
	if (!make_child()) {
		go_to(away);
		take_and_stay(bytes);
	}
	wait_for_tally(1);
}

static void take_by_birth(size_t bytes, const char *away)
{
	struct clone_args args = {
		.flags = CLONE_INTO_CGROUP,
		.exit_signal = SIGCHLD,
		.cgroup = (unsigned int)open(away, O_RDONLY | O_DIRECTORY |
							   O_CLOEXEC),
	};
	long pid;

	open_tally();
	pid = syscall(SYS_clone3, &args, sizeof(args));
	if (pid < 0)
		fail("cannot start a child in %s", away);
	if (!pid)
		take_and_stay(bytes);
	wait_for_tally(1);
}

static void take_gift(size_t bytes, const char *away)
{
	char *start = map_pages(bytes, MAP_SHARED | MAP_ANONYMOUS, -1);
	pid_t pid = make_child();

	if (!pid) {
		go_to(away);
		write_pages(start, bytes);
		_exit(0);
	}
	if (waitpid(pid, NULL, 0) != pid)
		fail("cannot wait for the child");
	check_pages(start, bytes);
}

int main(int argc, char **argv)
{
	const char *way = argv[1];
	size_t bytes;

	if (argc != 5)
		bad_usage(usage);
	bytes = number(usage, "MIB", argv[2], CHUNK / MIB, 4096) * MIB;
	wait_for_go();
	if (!strcmp(way, "hop"))
		take_by_hops(bytes, argv[3], argv[4]);
	else if (!strcmp(way, "leave"))
		take_by_leaving(bytes, argv[4]);
	else if (!strcmp(way, "born"))
		take_by_birth(bytes, argv[4]);
	else if (!strcmp(way, "gift"))
		take_gift(bytes, argv[4]);
	else
		bad_usage(usage);
	hold(bytes);
}
