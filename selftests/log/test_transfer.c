// SPDX-License-Identifier: GPL-2.0
/*
 * Moving output from a pipe into the ring: how the next process completes each state that
 * a kill can leave. The test makes these states itself, by the steps of transfer.h.
 */
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <sys/uio.h>
#include <sys/wait.h>

#include "log/ring.h"
#include "log/transfer.h"
#include "log_test.h"

#define SIZE LOG_BUFFER_MIN

/** struct rig - a ring and its FIFO, and a descriptor that keeps that open */
struct rig {
	char *dir;
	struct log_buffer *buffer;
	struct log_transfer take;
	int keeper;
	int pipe[2];
};

static void rig_open(struct rig *r)
{
	must(!log_buffer_open(&r->buffer, r->dir, SIZE));
	must(!log_transfer_open(&r->take, r->buffer, r->dir));
}

static void rig_close(struct rig *r)
{
	log_transfer_close(&r->take);
	log_buffer_free(r->buffer);
}

static void rig_make(struct rig *r)
{
	char *path;

	r->dir = scratch_folder();
	rig_open(r);
	must(asprintf(&path, "%s/" LOG_TRANSFER_FIFO, r->dir) > 0);
	r->keeper = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	must(r->keeper >= 0 && !pipe2(r->pipe, O_CLOEXEC | O_NONBLOCK));
	free(path);
}

static void rig_strike(struct rig *r)
{
	rig_close(r);
	close(r->keeper);
	close(r->pipe[0]);
	close(r->pipe[1]);
	free(r->dir);
}

/* Is there one record in the ring, and is it this one? Takes it. */
static bool has_record(struct rig *r, uint64_t key, uint32_t stream,
		       const char *text)
{
	struct log_view v[2];
	char got[SIZE];

	if (log_buffer_is_empty(r->buffer) ||
	    log_buffer_peek(r->buffer, v, 2, LOG_NEVER) != 1)
		return false;
	memcpy(got, v[0].data[0].iov_base, v[0].data[0].iov_len);
	memcpy(got + v[0].data[0].iov_len, v[0].data[1].iov_base,
	       v[0].data[1].iov_len);
	log_buffer_release(r->buffer, v[0].end);
	return v[0].record.key == key && v[0].record.stream == stream &&
	       v[0].record.length == strlen(text) &&
	       !memcmp(got, text, strlen(text)) && v[0].record.time > 0;
}

static void test_transfer(void)
{
	struct rig r;
	int left;

	rig_make(&r);
	is_int(log_transfer(&r.take, r.pipe[0], 1, 0, 10, 100), -EAGAIN,
	       "an empty pipe");
	write_text(r.pipe[1], "some words");
	is_int(log_transfer(&r.take, r.pipe[0], 1, 1, 10, 4), 4,
	       "some bytes leave the pipe");
	ok(has_record(&r, 1, 1, "some"), "these bytes are a record");
	is_int(log_transfer(&r.take, r.pipe[0], 2, 0, 10, 100), 6,
	       "the other bytes leave the pipe");
	must(!ioctl(r.take.fd, FIONREAD, &left));
	ok(has_record(&r, 2, 0, " words") && !left,
	   "the other bytes are another record, and the FIFO is empty");
	close(r.pipe[1]);
	r.pipe[1] = -1;
	is_int(log_transfer(&r.take, r.pipe[0], 1, 0, 10, 100), 0,
	       "the end of the stream");
	rig_strike(&r);
}

/* Do steps 1 to @step with "abcdefgh", of which @read_bytes bytes are read. */
static void go(struct rig *r, int step, size_t read_bytes)
{
	struct log_intent *i = log_buffer_intent(r->buffer);
	struct log_record rec = { .key = 7, .stream = 1, .length = 8 };
	struct iovec data[2];

	must(log_buffer_reserve(r->buffer, 8, 100, data) == 100);
	must(data[0].iov_len >= 8);
	i->length = 0;
	i->key = 7;
	i->stream = 1;
	i->head = log_buffer_head(r->buffer);
	if (step < 2)
		return;
	write_text(r->pipe[1], "abcdefgh");
	must(splice(r->pipe[0], NULL, r->take.fd, NULL, 100, 0) == 8);
	if (step < 3)
		return;
	i->length = 8;
	if (read_bytes)
		must(read(r->take.fd, data[0].iov_base, read_bytes) ==
		     (ssize_t)read_bytes);
	if (step < 5)
		return;
	rec.time = 1;
	log_buffer_commit(r->buffer, &rec);
}

static void test_kill(int step, size_t read_bytes, bool record,
		      const char *what)
{
	struct rig r;

	rig_make(&r);
	go(&r, step, read_bytes);
	rig_close(&r);
	rig_open(&r);
	if (record)
		ok(has_record(&r, 7, 1, "abcdefgh"),
		   "killed %s: all bytes are in the ring", what);
	else
		ok(log_buffer_is_empty(r.buffer),
		   "killed %s: the pipe is as it was", what);
	/* The next transfer works. */
	write_text(r.pipe[1], "more");
	must(log_transfer(&r.take, r.pipe[0], 8, 0, 10, 100) == 4);
	ok(has_record(&r, 8, 0, "more"), "the next transfer works");
	rig_strike(&r);
}

/* Not 0 in a child that is to die as soon as it has read so many bytes of the FIFO. */
static size_t last_read;

ssize_t readv(int fd, const struct iovec *iov, int n)
{
	struct iovec some = { iov[0].iov_base, last_read };

	if (!last_read)
		return syscall(SYS_readv, fd, iov, n);
	if (syscall(SYS_readv, fd, &some, 1) != (long)last_read)
		_exit(1);
	_exit(0);
}

/* The process that completes a transfer is killed, too. */
static void test_killed_again(size_t read_bytes)
{
	struct rig r;
	int status;
	pid_t pid;

	rig_make(&r);
	go(&r, 2, 0);
	rig_close(&r);
	pid = fork();
	if (!pid) {
		last_read = read_bytes;
		rig_open(&r);
		_exit(2);
	}
	must(pid > 0 && waitpid(pid, &status, 0) == pid && !status);
	rig_open(&r);
	ok(has_record(&r, 7, 1, "abcdefgh"),
	   "killed while completing that, %zu bytes read: all bytes are in the ring",
	   read_bytes);
	rig_strike(&r);
}

static void test_not_kept(void)
{
	struct rig r;

	rig_make(&r);
	go(&r, 3, 3);
	close(r.keeper);
	r.keeper = -1;
	rig_close(&r);
	rig_open(&r);
	ok(log_buffer_is_empty(r.buffer),
	   "the FIFO was not kept open: there is no record");
	rig_strike(&r);
}

/* The kernel cannot read the bytes. */
static void test_unreadable(void)
{
	static char text[2000];
	const size_t size = 4 * SIZE;
	struct iovec data[2];
	struct rig r;
	ssize_t n;
	char *page;

	r.dir = scratch_folder();
	must(!log_buffer_open(&r.buffer, r.dir, size));
	must(!log_transfer_open(&r.take, r.buffer, r.dir));
	must(!pipe2(r.pipe, O_CLOEXEC | O_NONBLOCK));
	r.keeper = -1;
	must(log_buffer_reserve(r.buffer, 0, size, data) > 0);
	/* The header of the record is in the page before. */
	page = (char *)data[0].iov_base - sizeof(struct log_record) + SIZE;
	must(!mprotect(page, SIZE, PROT_NONE));
	for (int i = 0; i < 3; i++)
		must(write_all(r.pipe[1], text, 2000));
	n = log_transfer(&r.take, r.pipe[0], 7, 0, 10, 6000);
	must(!mprotect(page, SIZE, PROT_READ | PROT_WRITE));
	is_int(n, 6000, "bytes that cannot be read are taken out of the pipe");
	must(log_buffer_peek(r.buffer, &(struct log_view){ 0 }, 1, LOG_NEVER) ==
	     1);
	log_buffer_release(r.buffer, log_buffer_head(r.buffer));
	write_text(r.pipe[1], "more");
	must(log_transfer(&r.take, r.pipe[0], 8, 0, 10, 100) == 4);
	ok(has_record(&r, 8, 0, "more"), "the next transfer works");
	rig_strike(&r);
}

static void test_invalid(void)
{
	struct log_transfer take;
	struct rig r;

	rig_make(&r);
	go(&r, 2, 0);
	log_buffer_intent(r.buffer)->head = LOG_NO_INTENT;
	log_transfer_close(&r.take);
	is_int(log_transfer_open(&take, r.buffer, r.dir), -EBADMSG,
	       "bytes that no intent speaks of are refused");
	r.take = take;
	rig_strike(&r);
}

int main(void)
{
	scratch_make();
	plan(6 + 6 * 2 + 2 + 4);
	test_transfer();
	test_kill(1, 0, false, "before the splice");
	test_kill(2, 0, true, "after the splice");
	test_kill(3, 0, true, "before the read");
	test_kill(3, 3, true, "in the middle of the read");
	test_kill(3, 8, true, "after the read");
	test_kill(5, 8, true, "after the commit");
	test_killed_again(8);
	test_killed_again(3);
	test_not_kept();
	test_unreadable();
	test_invalid();
	return tap_end();
}
