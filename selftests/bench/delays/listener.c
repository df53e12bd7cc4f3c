// SPDX-License-Identifier: GPL-2.0
/* Starting listeners and reading their lines. */
#include <fcntl.h>
#include <poll.h>

#include "delays.h"

/* If a listener prints nothing for so long, it has lost something. */
#define SILENCE_MS 120000

static void make_pipe(int ends[2])
{
	if (pipe2(ends, O_CLOEXEC))
		fail("delays: pipe");
}

/* Wait until the other side has written a byte to the pipe. */
static void wait_ready(int fd)
{
	char c;

	if (read(fd, &c, 1) != 1)
		fail("delays: the listener has not begun");
	close(fd);
}

/**
 * listener_start() - start a program with its output in a pipe, and wait until it listens
 * @ready_end: the descriptor that the program writes to when it listens
 */
void listener_start(struct listener *l, char *const argv[], int ready_end)
{
	int out[2], ready[2];

	*l = (struct listener){ .name = argv[1] };
	make_pipe(out);
	make_pipe(ready);
	l->pid = fork();
	if (l->pid < 0)
		fail("delays: fork");
	if (!l->pid) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		/* A copy of a descriptor to itself would be closed by execvp(). */
		ready[1] = fcntl(ready[1], F_DUPFD_CLOEXEC, 10);
		if (dup2(out[1], STDOUT_FILENO) < 0 ||
		    dup2(ready[1], ready_end) < 0)
			_exit(126);
		execvp(argv[0], argv);
		_exit(127);
	}
	close(out[1]);
	close(ready[1]);
	l->fd = out[0];
	wait_ready(ready[0]);
}

static void read_more(struct listener *l)
{
	struct pollfd p = { .fd = l->fd, .events = POLLIN };
	ssize_t n;

	if (l->begin == l->len)
		l->begin = l->len = 0;
	if (l->room - l->len < 65536) {
		l->room = l->room * 2 + 131072;
		l->text = realloc(l->text, l->room);
		if (!l->text)
			fail("delays");
	}
	if (poll(&p, 1, SILENCE_MS) != 1) {
		fprintf(stderr, "delays: %s is silent after %zu bytes\n",
			l->name, l->len);
		exit(1);
	}
	n = read(l->fd, l->text + l->len, l->room - l->len);
	l->time = clock_ns(CLOCK_BOOTTIME);
	if (n <= 0)
		fail("delays: the listener has ended");
	l->len += (size_t)n;
}

/**
 * listener_read() - wait for the next line
 * @line: valid until the next call; its time is that after the read() that brought its end
 */
void listener_read(struct listener *l, struct line *line)
{
	char *end;

	while (!(end = memchr(l->text + l->begin, '\n', l->len - l->begin)))
		read_more(l);
	*end = '\0';
	*line = (struct line){ l->text + l->begin, l->time };
	l->begin = (size_t)(end - l->text) + 1;
}

void listener_end(struct listener *l)
{
	close(l->fd);
	end_process(l->pid);
	free(l->text);
}
