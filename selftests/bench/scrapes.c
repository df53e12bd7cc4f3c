// SPDX-License-Identifier: GPL-2.0
/*
 * scrapes CONTAINERS ROUNDS PORT PID
 *
 * Registers that many idle processes as containers with limits, and then scrapes the server
 * at PORT of 127.0.0.1, the process PID. For each round it prints a line for the reports:
 * the time until the whole answer is read, the CPU time of the server, and the bytes.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "libpurser/purser.h"

static void die(const char *what)
{
	fprintf(stderr, "scrapes: %s: %s\n", what, strerror(errno));
	exit(1);
}

static pid_t sleeper(void)
{
	const pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		die("fork");
	if (pid)
		return pid;
	/* It ends with this program, in whatever way that ends. */
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	while (getppid() == parent)
		pause();
	_exit(0);
}

static void register_all(struct purser *p, pid_t *pids, unsigned int n)
{
	char name[32];
	uint64_t id;

	for (unsigned int i = 0; i < n; i++) {
		const struct purser_registration reg = {
			.name = name,
			.pid = pids[i] = sleeper(),
			.soft_limit = 40 << 20,
			.hard_limit = 64 << 20,
		};

		snprintf(name, sizeof(name), "container-%04u", i);
		if (!purser_register(p, &reg, &id))
			continue;
		fprintf(stderr, "scrapes: %s: %s\n", name,
			purser_last_error(p));
		exit(1);
	}
}

/* A process that has been waited for has ended its container, too. */
static void end_all(const pid_t *pids, unsigned int n)
{
	for (unsigned int i = 0; i < n; i++)
		kill(pids[i], SIGKILL);
	for (unsigned int i = 0; i < n; i++)
		waitpid(pids[i], NULL, 0);
}

/* Returns the bytes of the answer. */
static size_t scrape(uint16_t port)
{
	static const char get[] =
		"GET /metrics HTTP/1.1\r\nHost: x\r\nAccept: application/openmetrics-text\r\n\r\n";
	const struct sockaddr_in to = {
		.sin_family = AF_INET,
		.sin_port = htons(port),
		.sin_addr.s_addr = htonl(INADDR_LOOPBACK),
	};
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char text[65536], last[6] = "";
	size_t all = 0;
	ssize_t n;

	if (fd < 0 || connect(fd, (const void *)&to, sizeof(to)) < 0 ||
	    write(fd, get, sizeof(get) - 1) != sizeof(get) - 1)
		die("connect");
	while ((n = read(fd, text, sizeof(text))) > 0) {
		all += n;
		if (n >= 6)
			memcpy(last, text + n - 6, 6);
	}
	close(fd);
	if (n < 0 || memcmp(last, "# EOF\n", 6))
		die("the answer is not whole");
	return all;
}

int main(int argc, char **argv)
{
	struct purser *p;
	unsigned int n;
	clockid_t cpu;
	pid_t *pids;

	if (argc != 5)
		return 2;
	n = atoi(argv[1]);
	if (purser_open(&p)) {
		fprintf(stderr, "scrapes: %s\n", purser_last_error(NULL));
		return 1;
	}
	pids = calloc(n, sizeof(*pids));
	if (!pids)
		die("calloc");
	register_all(p, pids, n);
	if (clock_getcpuclockid(atoi(argv[4]), &cpu))
		die("the server has no clock");
	/* The first scrape makes the server's memory grow. */
	scrape(atoi(argv[3]));
	for (int round = 1; round <= atoi(argv[2]); round++) {
		const int64_t begin = clock_ns(CLOCK_MONOTONIC);
		const int64_t cpu_begin = clock_ns(cpu);
		size_t bytes = scrape(atoi(argv[3]));
		int64_t end = clock_ns(CLOCK_MONOTONIC);

		printf("scrape\t%u\t%d\t%" PRId64 "\t%" PRId64 "\t%zu\n", n,
		       round, end - begin, clock_ns(cpu) - cpu_begin, bytes);
	}
	end_all(pids, n);
	free(pids);
	purser_close(p);
	return fflush(stdout) ? 1 : 0;
}
