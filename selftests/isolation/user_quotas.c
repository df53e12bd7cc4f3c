// SPDX-License-Identifier: GPL-2.0
/*
 * user_quotas KIND [N] - take objects that the kernel counts by user or machine
 *
 * Takes N objects of a kind, or as many as it gets, and prints "KIND NUMBER ERROR" ("-"
 * for no error). Holds the objects until it is killed; with N it exits at once.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <mqueue.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/inotify.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

static int take_inotify(long i)
{
	(void)i;
	return inotify_init1(0) < 0 ? -errno : 0;
}

/* Queue a signal to this process, which has blocked it. */
static int take_signal(long i)
{
	const union sigval value = { .sival_int = (int)i };

	return sigqueue(getpid(), SIGRTMIN, value) < 0 ? -errno : 0;
}

static int take_queue(long i)
{
	char name[32];

	snprintf(name, sizeof(name), "/quota-%d-%ld", getpid(), i);
	return mq_open(name, O_CREAT | O_RDWR, 0600, NULL) < 0 ? -errno : 0;
}

static int take_terminal(long i)
{
	(void)i;
	return open("/dev/ptmx", O_RDWR | O_NOCTTY) < 0 ? -errno : 0;
}

/* The kernel counts the events for which a context has room. */
static int take_aio(long i)
{
	unsigned long context = 0;

	(void)i;
	return syscall(SYS_io_setup, 1024, &context) < 0 ? -errno : 0;
}

static int take_file(const char *folder, long i)
{
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "%s/quota-%ld", folder, i);
	fd = open(path, O_CREAT | O_WRONLY, 0600);
	if (fd < 0)
		return -errno;
	close(fd);
	return 0;
}

static int take_dev(long i)
{
	return take_file("/dev", i);
}

static int take_shm(long i)
{
	return take_file("/dev/shm", i);
}

static const struct {
	const char *name;
	int (*take)(long i);
} kinds[] = {
	{ "inotify", take_inotify }, { "signals", take_signal },
	{ "queues", take_queue },    { "terminals", take_terminal },
	{ "dev", take_dev },	     { "shm", take_shm },
	{ "aio", take_aio },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

int main(int argc, char **argv)
{
	const struct rlimit files = { 8192, 8192 };
	const char *kind = argc > 1 ? argv[1] : "";
	const long most = argc > 2 ? atol(argv[2]) : LONG_MAX;
	sigset_t all;
	size_t k = 0;
	int err = 0;
	long n;

	while (k < N_KINDS && strcmp(kinds[k].name, kind))
		k++;
	if (k == N_KINDS) {
		fprintf(stderr, "usage: user_quotas KIND [N]\n");
		return 2;
	}
	/* This may fail in a container, which then keeps its own limit. */
	setrlimit(RLIMIT_NOFILE, &files);
	sigemptyset(&all);
	sigaddset(&all, SIGRTMIN);
	sigprocmask(SIG_BLOCK, &all, NULL);

	for (n = 0; n < most; n++) {
		err = kinds[k].take(n);
		if (err)
			break;
	}
	printf("%s %ld %s\n", kind, n, err ? strerrorname_np(-err) : "-");
	fflush(stdout);
	while (argc <= 2)
		pause();
	return 0;
}
