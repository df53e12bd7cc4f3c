// SPDX-License-Identifier: GPL-2.0
/* Marks, and reading them as the next process does. */
#include "log/marks.h"
#include "log_test.h"

static const struct log_settings settings = {
	.driver = LOG_DRIVER_RAW,
	.max_files = 3,
	.max_size = 123456,
};

static char *marks_path(const char *dir)
{
	char *path;

	must(asprintf(&path, "%s/" LOG_MARKS_FILE, dir) > 0);
	return path;
}

static void test_slots(void)
{
	char *dir = scratch_folder(), *path;
	struct log_mark mark = { .used = 1, .key = 5, .file_size = 99 }, got;
	struct log_settings s;
	struct log_marks m;
	uint32_t slot[3], again;
	struct stat before, after;

	must(!log_marks_open(&m, dir));
	ok(log_marks_empty(&m), "no slot is in use at first");
	for (int i = 0; i < 3; i++)
		must(!log_marks_claim(&m, "/a/b.log", &settings, &slot[i]));
	ok(slot[0] != slot[1] && slot[1] != slot[2] && slot[0] != slot[2],
	   "each log has a slot of its own");
	is_int(log_marks_read(&m, slot[1], &got, &path, &s), 0,
	       "for the next process a slot without a mark is free");
	must(!log_marks_write(&m, slot[1], &mark));
	log_marks_close(&m);

	must(!log_marks_open(&m, dir));
	ok(m.n_slots == 3 && m.n_free == 2 && !log_marks_empty(&m),
	   "the next process finds one slot in use");
	is_int(log_marks_read(&m, slot[1], &got, &path, &s), 1,
	       "the next process reads the mark");
	ok(!memcmp(&got, &mark, sizeof(mark)) && !strcmp(path, "/a/b.log") &&
		   s.driver == settings.driver &&
		   s.max_files == settings.max_files &&
		   s.max_size == settings.max_size,
	   "mark, path and settings are as they were written");
	free(path);

	must(!fstat(m.fd, &before));
	must(!log_marks_release(&m, slot[1]));
	must(!fstat(m.fd, &after));
	ok(after.st_blocks < before.st_blocks && log_marks_empty(&m),
	   "a released slot gives its memory back");
	for (int i = 0; i < 3; i++)
		must(!log_marks_claim(&m, "/c", &settings, &again));
	ok(m.n_slots == 3, "slots are used again");
	log_marks_close(&m);
	free(dir);
}

static void test_text(void)
{
	static char text[LOG_TEXT_MAX], got[LOG_TEXT_MAX];
	char *dir = scratch_folder();
	struct log_marks m;
	uint32_t slot, other;
	bool good = true;

	must(!log_marks_open(&m, dir));
	must(!log_marks_claim(&m, "/a", &settings, &slot));
	must(!log_marks_claim(&m, "/b", &settings, &other));
	for (int stream = 0; stream < LOG_N_STREAMS; stream++) {
		for (int place = 0; place < 2; place++) {
			memset(text, 'a' + 2 * stream + place, sizeof(text));
			must(!log_marks_put_text(&m, slot, stream, place, 0,
						 text, 100));
			must(!log_marks_put_text(&m, slot, stream, place, 100,
						 text, sizeof(text) - 100));
		}
	}
	memset(text, 'x', sizeof(text));
	must(!log_marks_put_text(&m, other, 0, 0, 0, text, sizeof(text)));
	for (int stream = 0; stream < LOG_N_STREAMS; stream++) {
		for (int place = 0; place < 2; place++) {
			memset(text, 'a' + 2 * stream + place, sizeof(text));
			must(!log_marks_get_text(&m, slot, stream, place, got,
						 sizeof(got)));
			good = good && !memcmp(got, text, sizeof(got));
		}
	}
	ok(good, "each stream has two places of LOG_TEXT_MAX bytes");
	log_marks_close(&m);
	free(dir);
}

static void test_refused(void)
{
	char *dir = scratch_folder(), *path = marks_path(dir);
	static char name[5000];
	const uint32_t version = 99;
	struct log_marks m;
	uint32_t slot;
	int fd;

	memset(name, 'n', sizeof(name) - 1);
	must(!log_marks_open(&m, dir));
	is_int(log_marks_claim(&m, name, &settings, &slot), -ENAMETOOLONG,
	       "a path that is too long is refused");
	log_marks_close(&m);
	fd = open(path, O_RDWR | O_CLOEXEC);
	must(fd >= 0 && pwrite(fd, &version, sizeof(version), 8) == 4);
	is_int(log_marks_open(&m, dir), -EPROTO,
	       "a file of another version is refused");
	must(pwrite(fd, &version, sizeof(version), 0) == 4);
	is_int(log_marks_open(&m, dir), -EBADMSG, "another file is refused");
	must(!ftruncate(fd, 7));
	is_int(log_marks_open(&m, dir), -EBADMSG,
	       "a file that is too short is refused");
	close(fd);
	free(path);
	free(dir);
}

int main(void)
{
	scratch_make();
	plan(8 + 1 + 4);
	test_slots();
	test_text();
	test_refused();
	return tap_end();
}
