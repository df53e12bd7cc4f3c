// SPDX-License-Identifier: GPL-2.0
/* Batches, and what is held back when one cannot be written. */
#include <sys/ioctl.h>

#include "log/backlog.h"
#include "log/batch.h"
#include "log_test.h"

#define TEXT 200000

static char text[TEXT];

/* Puts @len bytes of text into @b, by turns as a copy and as a reference. */
static void fill(struct log_batch *b, size_t len)
{
	size_t at = 0;

	log_batch_reset(b);
	for (int i = 0; at < len; i++) {
		size_t n = i % 2 ? 700 : 13;

		if (n > len - at)
			n = len - at;
		must(log_batch_room(b, 13));
		if (i % 2)
			log_batch_refer(b, text + at, n);
		else
			log_batch_copy(b, text + at, n);
		at += n;
	}
}

/* A pipe that takes a page at a time makes for short writes. */
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
	   "short writes are gone on with");
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
	for (n = 0; log_batch_room(b, 1000); n++) {
		log_batch_copy(b, text, 1000);
		log_batch_refer(b, text, 0);
	}
	ok(n == LOG_BATCH_COPY / 1000 && b->n == 1,
	   "copies are limited by their bytes and make one piece");
	log_batch_reset(b);
	for (n = 0; log_batch_room(b, 1); n++) {
		log_batch_copy(b, text, 1);
		log_batch_refer(b, text + 10 * n, 1);
		log_batch_copy(b, text, 1);
	}
	ok(b->n <= IOV_MAX && n > IOV_MAX / 3, "pieces are limited by IOV_MAX");
}

static void test_backlog_rest(struct log_batch *b)
{
	char *got = malloc(TEXT + 4096);
	struct log_backlog l = { 0 };
	size_t len = 0;
	int fd[2], ret;

	must(got);
	make_narrow_pipe(fd);
	fill(b, 30000);
	must(!log_batch_write(b, fd[1]));
	must(b->bytes && b->bytes < 30000);
	ok(!log_backlog_hold(&l, b) && !b->bytes,
	   "the rest of a batch is held");
	len += drain(fd[0], got);
	ok(log_backlog_bytes(&l) == 30000 - len, "all of it, and no more");
	must(log_backlog_write(&l, fd[1]) == 1);
	len += drain(fd[0], got + len);

	fill(b, 5000);
	must(!log_backlog_hold(&l, b));
	ok(log_backlog_bytes(&l) == 35000 - len, "another rest comes after it");
	while ((ret = log_backlog_write(&l, fd[1])) != 0) {
		must(ret == 1 || ret == -EAGAIN);
		if (ret < 0)
			len += drain(fd[0], got + len);
	}
	len += drain(fd[0], got + len);
	ok(len == 35000 && !memcmp(got, text, 30000) &&
		   !memcmp(got + 30000, text, 5000),
	   "it is written in order");
	ok(!log_backlog_bytes(&l) && !log_backlog_write(&l, -1),
	   "then nothing is left");

	fill(b, 100);
	must(!log_backlog_hold(&l, b));
	ok(log_backlog_drop(&l) == 100 && !log_backlog_bytes(&l),
	   "a drop tells how much it was");
	close(fd[0]);
	close(fd[1]);
	log_backlog_free(&l);
	free(got);
}

static void test_backlog_records(void)
{
	struct log_backlog l = { 0 };
	struct log_record rec;
	struct iovec data[2];
	size_t total = 0;
	bool good = true;

	/* As they come from the ring: in two pieces. */
	for (uint32_t i = 0; i < 1000; i++) {
		data[0] = (struct iovec){ text + i, i / 2 };
		data[1] = (struct iovec){ text + i + i / 2, i - i / 2 };
		rec = (struct log_record){ .key = 7, .time = i, .length = i };
		must(!log_backlog_add(&l, &rec, data));
		total += sizeof(rec) + i;
		/* Now and then some leave, so that the rest moves. */
		if (i % 3 == 2) {
			must(log_backlog_peek(&l, &rec, data));
			good = good && rec.time == i / 3 &&
			       !memcmp(data[0].iov_base, text + i / 3, i / 3);
			log_backlog_pop(&l);
			total -= sizeof(rec) + i / 3;
		}
	}
	ok(good && log_backlog_bytes(&l) == total, "records leave in order");

	must(log_backlog_peek(&l, &rec, data));
	must(rec.time == 333 && rec.length == 333);
	rec.length -= 100;
	rec.flags = 1;
	log_backlog_shift(&l, &rec);
	ok(log_backlog_bytes(&l) == total - 100 &&
		   log_backlog_peek(&l, &rec, data) && rec.time == 333 &&
		   rec.flags == 1 && rec.length == 233 &&
		   !memcmp(data[0].iov_base, text + 333 + 100, 233),
	   "a record can leave in part");
	for (int i = 333; i < 1000; i++) {
		must(log_backlog_peek(&l, &rec, data) && rec.time == i);
		log_backlog_pop(&l);
	}
	ok(!log_backlog_peek(&l, &rec, data) && !log_backlog_bytes(&l),
	   "then none is left");
	log_backlog_free(&l);
}

int main(void)
{
	struct log_batch *b = malloc(sizeof(*b));

	must(b);
	for (int i = 0; i < TEXT; i++)
		text[i] = i * 7 + i / 256;
	plan(15);
	test_write(b);
	test_room(b);
	test_backlog_rest(b);
	test_backlog_records();
	free(b);
	return tap_end();
}
