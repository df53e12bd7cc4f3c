// SPDX-License-Identifier: GPL-2.0
/* The writer thread; the test is the earlier process and the producer of its buffer. */
#include "base/clock.h"
#include "log/writer.h"
#include "log_test.h"

#define KEY 1
#define OTHER \
	2 /* the key of a log that is complete: the writer skips its records */

static const struct log_settings settings = {
	.driver = LOG_DRIVER_CRI,
	.max_files = 2,
	.max_size = 1 << 20,
};

static void put(struct log_buffer *b, uint64_t key, const char *text,
		size_t len)
{
	struct log_record rec = {
		.key = key,
		.stream = LOG_STDOUT,
		.length = len,
		.time = clock_ns(CLOCK_REALTIME),
	};
	struct iovec data[2];

	must(log_buffer_reserve(b, len, len, data) >= 0);
	must(data[0].iov_len >= len);
	memcpy(data[0].iov_base, text, len);
	log_buffer_commit(b, &rec);
}

/* Write the mark of a log whose line is unfinished. Returns its slot. */
static uint32_t mark_open_line(struct log_marks *m, const char *path,
			       const char *text)
{
	struct log_mark mark = {
		.used = 1,
		.key = KEY,
		.lines[LOG_STDOUT].length = strlen(text),
	};
	uint32_t slot;

	must(!log_marks_claim(m, path, &settings, &slot));
	must(!log_marks_put_text(m, slot, LOG_STDOUT, 0, 0, text,
				 strlen(text)));
	must(!log_marks_write(m, slot, &mark));
	return slot;
}

static struct log_source *recover(struct log_registry *r, struct log_marks *m,
				  const char *dir, uint32_t slot)
{
	struct log_source *s = calloc(1, sizeof(*s));

	must(s);
	s->key = KEY;
	s->first_view = -1;
	must(log_sink_recover(&s->sink, m, dir, slot) == 1);
	must(!log_registry_add(r, s));
	return s;
}

/*
 * The ring has more records than the writer looks at in one go, and the end of the open
 * line is behind them. The writer has not come so far when the line is due.
 */
static void test_old_records(void)
{
	static const char noise[LOG_BUFFER_MIN / 8];
	char *dir = scratch_folder(), *path = scratch_path("old.log");
	struct log_registry registry;
	struct log_content c;
	struct log_writer w;
	struct log_buffer *b;
	struct log_source *s;
	struct log_marks m;
	int64_t due;

	must(!log_marks_open(&m, dir));
	must(!log_buffer_open(&b, dir, LOG_BUFFER_MIN));
	must(!log_registry_init(&registry));
	for (int i = 0; i < 6; i++)
		put(b, OTHER, noise, sizeof(noise));
	put(b, KEY, "its end\n", 8);
	must(!log_writer_init(&w, &registry, b));
	s = recover(&registry, &m, dir, mark_open_line(&m, path, "a line, "));
	log_writer_adopt(&w, s);

	due = clock_ns(CLOCK_MONOTONIC) + LOG_OPEN_LINE_MS * NSEC_PER_MSEC;
	while (clock_ns(CLOCK_MONOTONIC) < due)
		usleep(1000);
	log_buffer_close(b);
	log_writer_run(&w);

	c = log_load(path);
	ok(c.well_formed && c.in_time,
	   "after a kill the times of an open line and of old records are in order");
	ok(text_is(&c, LOG_STDOUT, "a line, its end\n", 16),
	   "the line has its end");
	log_content_free(&c);
	log_writer_destroy(&w);
	log_registry_destroy(&registry);
	log_buffer_free(b);
	log_marks_close(&m);
	free(path);
	free(dir);
}

int main(void)
{
	scratch_make();
	plan(2);
	test_old_records();
	return tap_end();
}
