// SPDX-License-Identifier: GPL-2.0
/* Batches: the bytes for one writev(). */
#include <sys/ioctl.h>

#include "log/batch.h"
#include "log_test.h"

#define TEXT 200000

static char text[TEXT];

/* Put @len bytes of text into @b, in turns as a copy and as a reference. */
static void fill(struct log_batch *b, size_t len)
{
	size_t at = 0;

	log_batch_reset(b);
	for (int i = 0; at < len; i++) {
		size_t n = i % 2 ? 700 : 13;

		if (n > len - at)
			n = len - at;
		must(log_batch_room(b, 13, 0));
		if (i % 2)
			log_batch_refer(b, text + at, n);
		else
			log_batch_copy(b, text + at, n);
		at += n;
	}
}

/* A pipe that holds one page, so that writes are short. */
static void make_narrow_pipe(int fd[2])
{
	must(!pipe2(fd, O_CLOEXEC | O_NONBLOCK));
	must(fcntl(fd[1], F_SETPIPE_SZ, 4096) == 4096);
}

static size_t drain(int fd, char *to)
{
	ssize_t n;
	size_t len = 0;

	while ((n = read(fd, to + len, 3001)) > 0)
		len += n;
	must(n < 0 && errno == EAGAIN);
	return len;
}

static void test_write(struct log_batch *b)
{
	char *got = malloc(TEXT + 4096);
	size_t len = 0, turns = 0;
	int fd[2], err;

	must(got);
	make_narrow_pipe(fd);
	fill(b, TEXT);
	ok(b->bytes == TEXT && b->n > 100, "a batch of many pieces");
	while (b->bytes) {
		err = log_batch_write(b, fd[1]);
		must(!err || err == -EAGAIN);
		if (err) {
			len += drain(fd[0], got + len);
			turns++;
		}
	}
	len += drain(fd[0], got + len);
	ok(turns > 10 && len == TEXT && !memcmp(got, text, TEXT),
	   "after a short write the rest is written");
	ok(!log_batch_write(b, -1), "an empty batch writes nothing");

	fill(b, 5000);
	ok(log_batch_write(b, -1) == -EBADF && b->bytes == 5000,
	   "an error changes nothing");
	close(fd[0]);
	close(fd[1]);
	free(got);
}

static void test_room(struct log_batch *b)
{
	size_t n;

	log_batch_reset(b);
	for (n = 0; log_batch_room(b, 1000, 0); n++) {
		log_batch_copy(b, text, 1000);
		log_batch_refer(b, text, 0);
	}
	ok(n == LOG_BATCH_COPY / 1000 && b->n == 1,
	   "the bytes of copies are limited, and copies in a row are one piece");
	log_batch_reset(b);
	for (n = 0; log_batch_room(b, 1, 1); n++) {
		log_batch_copy(b, text, 1);
		log_batch_refer(b, text + 10 * n, 1);
		log_batch_copy(b, text, 1);
	}
	ok(b->n <= IOV_MAX && n > IOV_MAX / 3,
	   "the number of pieces is limited by IOV_MAX");

	log_batch_reset(b);
	b->limit = 100;
	log_batch_copy(b, text, 60);
	ok(log_batch_room(b, 10, 30) && !log_batch_room(b, 10, 31) &&
		   !log_batch_room(b, 41, 0),
	   "a limit counts copies and references");
}

int main(void)
{
	struct log_batch *b = malloc(sizeof(*b));

	must(b);
	for (int i = 0; i < TEXT; i++)
		text[i] = i * 7 + i / 256;
	plan(7);
	test_write(b);
	test_room(b);
	free(b);
	return tap_end();
}
