// SPDX-License-Identifier: GPL-2.0
/* Copying bytes between descriptors, see relay.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "cleanup.h"
#include "console.h"
#include "relay.h"

#define N_FLOWS	 3
#define ALSO_MAX 8

/* The end-of-file character of a terminal in its usual mode. */
#define END_OF_FILE '\004'

static void flow_init(struct flow *f)
{
	*f = (struct flow){ .from = -1, .to = -1 };
}

void relay_init(struct relay *relay)
{
	flow_init(&relay->in);
	flow_init(&relay->out);
	flow_init(&relay->err);
}

int relay_reopen(int fd)
{
	const int flags = fcntl(fd, F_GETFL);
	struct stat st;
	char path[32];

	if (flags < 0 || fstat(fd, &st) < 0 ||
	    (!S_ISFIFO(st.st_mode) && !isatty(fd)))
		return -1;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	return open(path,
		    (flags & O_ACCMODE) | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
}

static bool is_used(const struct flow *f)
{
	return f->to >= 0;
}

static bool is_full(const struct flow *f)
{
	return f->len > f->done;
}

static void flow_end(struct flow *f)
{
	if (f->owns_from)
		cleanup_close(&f->from);
	if (f->owns_to)
		cleanup_close(&f->to);
	flow_init(f);
}

static bool is_temporary(void)
{
	return errno == EINTR || errno == EAGAIN;
}

/* In the middle of a line, the first such character only ends the line. */
static void add_end_of_file(struct flow *f)
{
	f->len = f->last && f->last != '\n' ? 2 : 1;
	f->done = 0;
	memset(f->bytes, END_OF_FILE, f->len);
}

static void flow_read(struct flow *f)
{
	ssize_t n = console_wait_foreground(f->from, SIGTTIN);

	if (n == -EINTR)
		return;
	if (!n)
		n = read(f->from, f->bytes, sizeof(f->bytes));
	else
		errno = -n;
	if (n < 0 && is_temporary())
		return;
	if (n > 0) {
		f->done = 0;
		f->len = n;
		f->last = f->bytes[n - 1];
		return;
	}
	/* The master side of a terminal fails with EIO when the other side is closed. */
	f->ended = true;
	if (f->to_terminal)
		add_end_of_file(f);
}

static void flow_write(struct flow *f)
{
	ssize_t n = write(f->to, f->bytes + f->done, f->len - f->done);

	if (n > 0) {
		f->done += n;
	} else if (!n || !is_temporary()) {
		flow_end(f);
		f->refused = true;
	}
}

/* Read and write once, as poll() has said, so that neither blocks. */
static void flow_move(struct flow *f, const struct pollfd *polled)
{
	if (!polled->revents || !is_used(f))
		return;
	if (is_full(f))
		flow_write(f);
	else if (!f->ended)
		flow_read(f);
	if (is_used(f) && f->ended && !is_full(f))
		flow_end(f);
}

static struct pollfd flow_poll(const struct flow *f)
{
	if (!is_used(f))
		return (struct pollfd){ .fd = -1 };
	if (is_full(f))
		return (struct pollfd){ .fd = f->to, .events = POLLOUT };
	return (struct pollfd){ .fd = f->from, .events = POLLIN };
}

static struct flow *flow_number(struct relay *relay, size_t i)
{
	struct flow *const flows[N_FLOWS] = { &relay->in, &relay->out,
					      &relay->err };

	return flows[i];
}

/* One turn: wait at most @ms, then move bytes. Returns the result of poll(). */
static int turn(struct relay *relay, struct pollfd *polled, size_t n, int ms)
{
	int ret;

	for (size_t i = 0; i < N_FLOWS; i++)
		polled[i] = flow_poll(flow_number(relay, i));
	ret = poll(polled, N_FLOWS + n, ms);
	if (ret < 0)
		return errno == EINTR ? 1 : -errno;
	for (size_t i = 0; i < N_FLOWS; i++)
		flow_move(flow_number(relay, i), &polled[i]);
	return ret;
}

static size_t n_used(const struct relay *relay)
{
	return is_used(&relay->in) + is_used(&relay->out) +
	       is_used(&relay->err);
}

int relay_wait(struct relay *relay, struct pollfd *also, size_t n)
{
	struct pollfd polled[N_FLOWS + ALSO_MAX] = { 0 };
	struct pollfd *others = polled + N_FLOWS;
	bool news = false;

	if (n > ALSO_MAX)
		return -EINVAL;
	while (n || n_used(relay)) {
		const size_t before = n_used(relay);
		int ret;

		for (size_t i = 0; i < n; i++)
			others[i] = also[i];
		ret = turn(relay, polled, n, -1);
		if (ret < 0)
			return ret;
		for (size_t i = 0; i < n; i++) {
			also[i].revents = others[i].revents;
			news |= others[i].revents;
		}
		if (n && (news || n_used(relay) < before))
			return 1;
	}
	return 0;
}

int relay_drain(struct relay *relay, int stop)
{
	struct pollfd polled[N_FLOWS + 1] = { 0 };

	flow_end(&relay->in);
	while (n_used(relay)) {
		const bool full = is_full(&relay->out) || is_full(&relay->err);
		int ret;

		polled[N_FLOWS] = (struct pollfd){ .fd = stop,
						   .events = POLLIN };
		ret = turn(relay, polled, 1, full ? -1 : 0);
		if (ret < 0)
			return ret;
		if (polled[N_FLOWS].revents)
			return -EINTR;
		if (!ret)
			break;
	}
	return 0;
}

void relay_close(struct relay *relay)
{
	for (size_t i = 0; i < N_FLOWS; i++)
		flow_end(flow_number(relay, i));
}
