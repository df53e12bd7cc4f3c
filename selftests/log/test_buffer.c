// SPDX-License-Identifier: GPL-2.0
/* The bounded buffer between reader and writer. */
#include <stdatomic.h>
#include <sys/syscall.h>

#include "base/clock.h"
#include "log/buffer.h"
#include "log_test.h"

#define SIZE   LOG_BUFFER_MIN
#define HEADER sizeof(struct log_record)
#define VIEWS  64

static uint8_t byte_of(uint64_t record, size_t i)
{
	return record * 31 + i * 7 + (i >> 8);
}

static void push(struct log_buffer *b, uint64_t number, size_t len)
{
	struct log_record rec = {
		.key = number,
		.length = len,
		.stream = number % 2,
		.time = number * 3,
	};
	struct iovec data[2];

	must(log_buffer_reserve(b, len, len, data) == (ssize_t)len);
	for (size_t i = 0; i < len; i++) {
		size_t first = data[0].iov_len;
		uint8_t *p = i < first ?
				     (uint8_t *)data[0].iov_base + i :
				     (uint8_t *)data[1].iov_base + i - first;

		*p = byte_of(number, i);
	}
	log_buffer_commit(b, &rec);
}

static bool is_record(const struct log_view *v, uint64_t number, size_t len)
{
	size_t n = 0;

	if (v->record.key != number || v->record.length != len ||
	    v->record.stream != number % 2 ||
	    v->record.time != (int64_t)number * 3)
		return false;
	for (int part = 0; part < 2; part++) {
		const uint8_t *p = v->data[part].iov_base;

		for (size_t i = 0; i < v->data[part].iov_len; i++) {
			if (p[i] != byte_of(number, n++))
				return false;
		}
	}
	return n == len;
}

static void test_sizes(void)
{
	struct log_buffer *b = NULL;

	ok(log_buffer_open(&b, scratch, SIZE - 1) == -EINVAL,
	   "a size below the minimum is refused");
	ok(log_buffer_open(&b, scratch, SIZE_MAX - 8) == -ENOMEM,
	   "a size that overflows is refused");
	b = make_buffer(SIZE);
	ok(log_buffer_size(b) == SIZE, "the size is as asked for");
	log_buffer_free(b);
	log_buffer_free(NULL);
}

static void test_exact_fill(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	struct log_view v[VIEWS];
	bool good = true;

	/* At several positions, so that header and payload wrap. */
	for (int round = 0; round < 300; round++) {
		push(b, round, SIZE - HEADER);
		good = good && log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 1 &&
		       is_record(v, round, SIZE - HEADER);
		log_buffer_release(b, v[0].end);
		push(b, round, round % 7);
		good = good && log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 1 &&
		       is_record(v, round, round % 7);
		log_buffer_release(b, v[0].end);
	}
	ok(good, "one record fills the ring to the last byte");

	push(b, 0, 1000);
	push(b, 1, 0);
	push(b, 2, SIZE - 1000 - 3 * HEADER);
	good = log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 2 &&
	       is_record(&v[0], 0, 1000) && is_record(&v[1], 1, 0);
	log_buffer_release(b, v[1].end);
	good = good && log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 1 &&
	       is_record(v, 2, SIZE - 1000 - 3 * HEADER);
	ok(good, "several records fill the ring to the last byte");
	log_buffer_free(b);
}

static void test_wrap(void)
{
	/* A prime size: records begin at every byte of the ring. */
	struct log_buffer *b = make_buffer(4099);
	struct log_view v[VIEWS];
	bool good = true;

	for (uint64_t i = 0; i < 20000 && good; i++) {
		size_t len = i % 7 ? i % 5 : i % 1000;

		push(b, i, len);
		good = log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 1 &&
		       is_record(v, i, len);
		log_buffer_release(b, v[0].end);
	}
	ok(good, "headers and payload wrap at any byte");
	log_buffer_free(b);
}

static void test_peek_limits(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	struct log_view v[VIEWS];
	struct iovec data[2];

	for (uint64_t i = 0; i < 8; i++)
		push(b, i, 100);
	ok(log_buffer_peek(b, v, 3, LOG_NEVER) == 3 && is_record(&v[2], 2, 100),
	   "a peek returns at most as many records as asked for");
	ok(log_buffer_peek(b, v, 3, LOG_NEVER) == 3 && is_record(&v[0], 0, 100),
	   "a peek removes nothing");
	for (uint64_t i = 8; i < 30; i++)
		push(b, i, 100);
	ok(log_buffer_peek(b, v, VIEWS, LOG_NEVER) == SIZE / 2 / (100 + HEADER),
	   "a peek returns at most half of the ring");
	log_buffer_release(b, v[0].end);
	ok(log_buffer_peek(b, v, 1, LOG_NEVER) == 1 && is_record(v, 1, 100),
	   "a release removes the records up to its end");

	ok(log_buffer_reserve(b, 1, 16, data) == 16 && data[0].iov_len == 16,
	   "a reservation is no larger than wanted");
	ok(log_buffer_reserve(b, 1, SIZE, data) ==
		   SIZE - 29 * (100 + HEADER) - HEADER,
	   "a reservation is as large as there is room");
	log_buffer_free(b);
}

/* A deadline in @ms milliseconds. */
static int64_t deadline_in(int64_t ms)
{
	return clock_ns(CLOCK_MONOTONIC) + ms * NSEC_PER_MSEC;
}

/* A thread that should wait in @run. */
struct waiter {
	pthread_t thread;
	struct log_buffer *b;
	void (*run)(struct waiter *w);
	atomic_int tid;
	atomic_bool done;
	long result;
};

static void *waiter_thread(void *arg)
{
	struct waiter *w = arg;

	atomic_store(&w->tid, syscall(SYS_gettid));
	w->run(w);
	atomic_store(&w->done, true);
	return NULL;
}

static bool is_asleep(int tid)
{
	char path[64], text[256] = "";
	const char *state;
	ssize_t n;
	int fd;

	snprintf(path, sizeof(path), "/proc/self/task/%d/stat", tid);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return false;
	n = read(fd, text, sizeof(text) - 1);
	close(fd);
	state = n > 0 ? strrchr(text, ')') : NULL;
	return state && state[1] == ' ' && state[2] == 'S';
}

/* Returns whether the thread waits; false: it has returned. */
static bool start_waiter(struct waiter *w, struct log_buffer *b,
			 void (*run)(struct waiter *w))
{
	w->b = b;
	w->run = run;
	must(!pthread_create(&w->thread, NULL, waiter_thread, w));
	while (!atomic_load(&w->done)) {
		int tid = atomic_load(&w->tid);

		if (tid && is_asleep(tid))
			return true;
		sched_yield();
	}
	return false;
}

static long join_waiter(struct waiter *w)
{
	must(!pthread_join(w->thread, NULL));
	return w->result;
}

static void run_reserve(struct waiter *w)
{
	struct iovec data[2];

	w->result = log_buffer_reserve(w->b, 100, 100, data);
}

static void run_peek(struct waiter *w)
{
	struct log_view v[VIEWS];

	w->result = log_buffer_peek(w->b, v, VIEWS, LOG_NEVER);
}

static void run_pause(struct waiter *w)
{
	w->result = log_buffer_pause(w->b, deadline_in(3600000));
}

static void test_full(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	struct waiter w = { 0 };
	struct log_view v[VIEWS];

	push(b, 0, 75);
	push(b, 1, 23);
	push(b, 2, SIZE - 75 - 23 - 3 * HEADER);
	ok(start_waiter(&w, b, run_reserve),
	   "a full ring makes the producer wait");

	/* 99 bytes become free: 25 fewer than are needed. */
	must(log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 2);
	log_buffer_release(b, v[0].end);
	while (!atomic_load(&w.done) && !is_asleep(atomic_load(&w.tid)))
		sched_yield();
	ok(!atomic_load(&w.done),
	   "the producer waits until there is enough room");
	log_buffer_release(b, v[1].end);
	ok(join_waiter(&w) == 100, "a release wakes the producer");
	log_buffer_free(b);
}

static void test_empty(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	struct waiter w = { 0 };

	ok(start_waiter(&w, b, run_peek),
	   "an empty ring makes the consumer wait");
	push(b, 0, 1);
	ok(join_waiter(&w) == 1, "a commit wakes the consumer");
	log_buffer_free(b);
}

static void test_close(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	struct waiter w = { 0 };
	struct log_view v[VIEWS];

	must(start_waiter(&w, b, run_peek));
	log_buffer_close(b);
	ok(join_waiter(&w) == 0, "a close wakes the consumer");
	log_buffer_free(b);

	b = make_buffer(SIZE);
	push(b, 0, 10);
	push(b, 1, 10);
	log_buffer_close(b);
	ok(log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 2 &&
		   is_record(&v[1], 1, 10),
	   "records committed before the close are still returned");
	log_buffer_release(b, v[0].end);
	must(log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 1);
	log_buffer_release(b, v[0].end);
	ok(log_buffer_peek(b, v, VIEWS, LOG_NEVER) == 0,
	   "after the last record a peek returns the end");
	log_buffer_free(b);
}

static void test_deadline_and_hurry(void)
{
	struct log_buffer *b = make_buffer(SIZE);
	int64_t soon = deadline_in(1);
	struct waiter w = { 0 };
	struct log_view v[VIEWS];

	ok(log_buffer_peek(b, v, VIEWS, soon) == -ETIMEDOUT,
	   "a peek ends at its deadline");
	ok(!log_buffer_pause(b, soon), "a pause ends at its deadline");
	push(b, 0, 1);
	ok(log_buffer_peek(b, v, VIEWS, soon) == 1,
	   "a peek returns records even if its deadline is over");
	ok(start_waiter(&w, b, run_pause),
	   "a pause waits even if there are records");
	push(b, 1, 1);
	while (!atomic_load(&w.done) && !is_asleep(atomic_load(&w.tid)))
		sched_yield();
	ok(!atomic_load(&w.done), "a commit does not end a pause");
	log_buffer_hurry(b);
	ok(join_waiter(&w) == 1, "a hurry ends a pause, which says so");
	ok(log_buffer_pause(b, deadline_in(3600000)),
	   "after a hurry a pause does not wait");
	log_buffer_free(b);
}

#define STRESS_RECORDS 100000

static size_t stress_len(uint64_t i)
{
	return i * 2654435761u % 1021 * (i % 3);
}

static void *stress_producer(void *arg)
{
	for (uint64_t i = 0; i < STRESS_RECORDS; i++)
		push(arg, i, stress_len(i));
	log_buffer_close(arg);
	return NULL;
}

static void test_stress(void)
{
	struct log_buffer *b = make_buffer(5003);
	struct log_view v[VIEWS];
	pthread_t producer;
	uint64_t next = 0;
	bool good = true;
	int n;

	must(!pthread_create(&producer, NULL, stress_producer, b));
	while ((n = log_buffer_peek(b, v, 1 + next % VIEWS, LOG_NEVER)) > 0) {
		for (int i = 0; i < n; i++, next++)
			good = good && is_record(&v[i], next, stress_len(next));
		log_buffer_release(b, v[n - 1].end);
	}
	must(!pthread_join(producer, NULL));
	ok(good && next == STRESS_RECORDS,
	   "two threads: every record arrives whole and in order");
	log_buffer_free(b);
}

int main(void)
{
	scratch_make();
	plan(28);
	test_sizes();
	test_exact_fill();
	test_wrap();
	test_peek_limits();
	test_full();
	test_empty();
	test_close();
	test_deadline_and_hurry();
	test_stress();
	return tap_end();
}
