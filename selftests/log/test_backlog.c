// SPDX-License-Identifier: GPL-2.0
/* The backlog of a log file that cannot be written. */
#include "log/backlog.h"
#include "log_test.h"

#define TEXT 4096

static char text[TEXT];

static bool is_record(const struct log_record *rec, const char *payload,
		      uint32_t number, uint32_t skip)
{
	return rec->key == 7 && rec->time == number &&
	       rec->length == number - skip &&
	       !memcmp(payload, text + number + skip, number - skip);
}

static void test_records(void)
{
	char *payload = malloc(LOG_BACKLOG_RECORD_MAX);
	char *dir = scratch_folder();
	uint64_t start = 0, end = 0, total = 0;
	struct log_backlog l;
	struct log_record rec;
	bool good = true;

	must(payload && !log_backlog_init(&l, dir, 3));
	/* In two pieces, as records come from the ring. */
	for (uint32_t i = 0; i < 1000; i++) {
		const struct iovec data[2] = {
			{ text + i, i / 2 },
			{ text + i + i / 2, i - i / 2 },
		};

		rec = (struct log_record){ .key = 7, .time = i, .length = i };
		must(!log_backlog_add(&l, &end, &rec, data, 0));
		total += sizeof(rec) + i;
	}
	is_int(end, total, "records follow each other without gaps");
	for (uint32_t i = 0; i < 1000; i++) {
		/* From here on as another process would. */
		if (i == 500) {
			log_backlog_free(&l);
			must(!log_backlog_init(&l, dir, 3));
		}
		start = log_backlog_get(&l, start, end, &rec, payload);
		good = good && is_record(&rec, payload, i, 0);
		log_backlog_drop(&l, start);
	}
	ok(good && start == end, "records are read as they were written");
	log_backlog_remove(&l);
	log_backlog_free(&l);
	must(!rmdir(dir));
	free(dir);
	free(payload);
}

static void test_skip(void)
{
	static const uint32_t skips[] = { 0, 1, 50, 51, 99, 100 };
	char *payload = malloc(LOG_BACKLOG_RECORD_MAX);
	char *dir = scratch_folder();
	struct log_backlog l;
	struct log_record rec;
	bool good = true;

	must(payload && !log_backlog_init(&l, dir, 0));
	for (size_t i = 0; i < sizeof(skips) / sizeof(skips[0]); i++) {
		const struct iovec data[2] = { { text + 100, 50 },
					       { text + 150, 50 } };
		uint64_t end = 0;

		rec = (struct log_record){ .key = 7,
					   .time = 100,
					   .length = 100 };
		must(!log_backlog_add(&l, &end, &rec, data, skips[i]));
		must(log_backlog_get(&l, 0, end, &rec, payload) ==
		     (int64_t)end);
		good = good && is_record(&rec, payload, 100, skips[i]);
	}
	ok(good, "the bytes to skip are left out");
	log_backlog_free(&l);
	free(dir);
	free(payload);
}

static void test_invalid(void)
{
	char *payload = malloc(LOG_BACKLOG_RECORD_MAX);
	const struct iovec data[2] = { { text, 100 }, { text, 0 } };
	char *dir = scratch_folder();
	struct log_record rec = { .length = 100 };
	struct log_backlog l;
	uint64_t end = 0;

	must(payload && !log_backlog_init(&l, dir, 0));
	must(!log_backlog_add(&l, &end, &rec, data, 0));
	is_int(log_backlog_get(&l, 0, end - 1, &rec, payload), -EBADMSG,
	       "a record that crosses the end is refused");
	is_int(log_backlog_get(&l, end, 2 * end, &rec, payload), -EBADMSG,
	       "a record behind the end of the file is refused");
	rec = (struct log_record){ .stream = LOG_N_STREAMS, .length = 100 };
	end = 0;
	must(!log_backlog_add(&l, &end, &rec, data, 0));
	is_int(log_backlog_get(&l, 0, end, &rec, payload), -EBADMSG,
	       "a record of a stream that does not exist is refused");
	log_backlog_free(&l);
	free(dir);
	free(payload);
}

int main(void)
{
	scratch_make();
	for (int i = 0; i < TEXT; i++)
		text[i] = i * 7 + i / 256;
	plan(6);
	test_records();
	test_skip();
	test_invalid();
	return tap_end();
}
