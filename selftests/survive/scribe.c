// SPDX-License-Identifier: GPL-2.0
/*
 * scribe NAME LIFE LINES both|stdout END - write lines as fast as possible, in a container
 *
 * END says what happens after the LINES lines:
 *	exit CODE	exit
 *	stop CODE	wait for SIGTERM, write one more line, exit
 *	eat		allocate memory until killed
 *	stay		do nothing until killed
 *	fed CODE	write no lines at first, but LINES lines for each 'g' that is
 *			read from /orders; exit at a 'q'
 *
 * If there is a file /progress, the scribe counts its bytes there, see lines.h.
 */
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/mman.h>
#include <unistd.h>

#include "../workloads/workload.h"
#include "lines.h"

static const char usage[] =
	"scribe NAME LIFE LINES both|stdout exit CODE | stop CODE | eat | stay | fed CODE";

/* The most lines of a stream that are written at once. */
#define GROUP 8

static const char *name;
static unsigned long life;
static bool both;
static struct progress *progress;

/** struct stream - lines that are not written yet */
static struct stream {
	char text[GROUP * LINE_LONGEST];
	size_t len;
	uint32_t n; /* of the next line */
} streams[N_STREAMS];

static void open_progress(void)
{
	static struct progress own;
	int fd = open("/" PROGRESS_FILE, O_RDWR | O_CLOEXEC);

	progress = &own;
	if (fd < 0)
		return;
	progress = mmap(NULL, sizeof(*progress), PROT_READ | PROT_WRITE,
			MAP_SHARED, fd, 0);
	if (progress == MAP_FAILED)
		fail("cannot map /" PROGRESS_FILE);
	close(fd);
}

static void flush_stream(unsigned int i)
{
	struct stream *s = &streams[i];
	size_t at = 0;

	progress->begun[i] += s->len;
	while (at < s->len) {
		ssize_t n = write(i ? STDERR_FILENO : STDOUT_FILENO,
				  s->text + at, s->len - at);

		if (n < 0)
			exit(99);
		progress->done[i] += n;
		at += n;
	}
	s->len = 0;
}

static void write_lines(unsigned long lines)
{
	for (unsigned long k = 0; k < lines; k++) {
		unsigned int i = both && k % STDERR_EVERY == STDERR_EVERY - 1;
		struct stream *s = &streams[i];

		s->len += line_make(s->text + s->len, name, life, i, s->n++);
		/* Write after a random number of lines. */
		if (k == lines - 1 || line_hash(life, 9, k) % GROUP == 0 ||
		    s->len > sizeof(s->text) - LINE_LONGEST) {
			flush_stream(0);
			flush_stream(1);
		}
	}
}

static void __attribute__((noreturn)) eat(void)
{
	const size_t size = 1 << 20;

	for (;;) {
		char *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
			       MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		if (p == MAP_FAILED)
			fail("cannot take memory");
		memset(p, 1, size);
	}
}

static void be_fed(unsigned long lines)
{
	int fd = open("/" ORDERS_FILE, O_RDONLY | O_CLOEXEC);
	char order;

	if (fd < 0)
		fail("cannot open /" ORDERS_FILE);
	while (read(fd, &order, 1) == 1 && order != 'q') {
		progress->orders += lines;
		write_lines(lines);
	}
}

static void on_term(int signal)
{
	(void)signal;
}

/* Install a handler, so that the signal has an effect, but receive it only at the end. */
static void block_term(sigset_t *set)
{
	sigemptyset(set);
	sigaddset(set, SIGTERM);
	sigprocmask(SIG_BLOCK, set, NULL);
	signal(SIGTERM, on_term);
}

int main(int argc, char *argv[])
{
	unsigned long lines, code = 0;
	const char *end;
	sigset_t term;
	int taken;

	if (argc < 6 || argc > 7)
		bad_usage(usage);
	name = argv[1];
	life = number(usage, "LIFE", argv[2], 0, UINT32_MAX);
	lines = number(usage, "LINES", argv[3], 0, 1000000);
	both = !strcmp(argv[4], "both");
	end = argv[5];
	if (argc == 7)
		code = number(usage, "CODE", argv[6], 0, 255);
	open_progress();
	if (!strcmp(end, "stop"))
		block_term(&term);
	if (!strcmp(end, "fed"))
		be_fed(lines);
	else
		write_lines(lines);
	if (!strcmp(end, "stop")) {
		sigwait(&term, &taken);
		write_lines(1);
	} else if (!strcmp(end, "eat")) {
		eat();
	}
	while (!strcmp(end, "stay"))
		pause();
	return code;
}
