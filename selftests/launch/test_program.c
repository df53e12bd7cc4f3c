// SPDX-License-Identifier: GPL-2.0
/*
 * A container cannot write to the program that launched it. A copy of the test,
 * protected or not, opens its own program and gives way to a shell that tries to
 * write to it through that descriptor, as a hostile container would.
 */
#include "fixture.h"

#define COPY PLACE "/the_copy"

enum {
	WROTE = 0, /* what the shell exits with */
	COULD_NOT = 1,
	FAILED = 2,
	OTHER_NAME = 3,
};

static int be_copy(char *argv[])
{
	char script[64], *comm;
	int fd;

	if (!strcmp(argv[1], "protected")) {
		if (launch_protect_program(argv))
			return FAILED;
		/* What tools like ps and pgrep know it by. */
		comm = get_file("/proc/self/comm");
		if (strcmp(comm, "the_copy\n"))
			return OTHER_NAME;
		free(comm);
	}
	/* Open past execve(): a program that runs cannot be written to. */
	fd = open("/proc/self/exe", O_RDONLY);
	if (fd < 0)
		return FAILED;
	snprintf(script, sizeof(script),
		 "{ echo x >> /proc/self/fd/%d; } 2>/dev/null || exit %d", fd,
		 COULD_NOT);
	execl(BUSYBOX, "sh", "-c", script, NULL);
	return FAILED;
}

static int run_copy(char *how)
{
	char *const argv[] = { COPY, how, NULL };
	int status;
	pid_t pid;

	fflush(stdout);
	pid = must(fork());
	if (!pid) {
		execv(COPY, argv);
		_exit(FAILED);
	}
	must(waitpid(pid, &status, 0));
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

int main(int argc, char *argv[])
{
	struct stat before, after;

	if (argc == 2)
		return be_copy(argv);
	fixture_begin();
	copy_program("/proc/self/exe", COPY);
	must(stat(COPY, &before));
	is_int(run_copy("protected"), COULD_NOT,
	       "a protected program cannot be written to");
	must(stat(COPY, &after));
	is_int(after.st_size, before.st_size, "its file stays as it was");
	is_int(run_copy("as it is"), WROTE, "one that is not can be");
	must(stat(COPY, &after));
	ok(after.st_size > before.st_size, "its file does not stay as it was");
	must(mount(NULL, PLACE, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	is_int(run_copy("protected"), COULD_NOT,
	       "one on a read-only file system is protected already");
	return tap_end();
}
