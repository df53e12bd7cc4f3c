// SPDX-License-Identifier: GPL-2.0
/* The files of a log: their order, the time they begin, and raw logs. */
#include <stdlib.h>

#include "base/report.h"
#include "log/files.h"
#include "log/print.h"
#include "rotated_log.h"

/* Files whose numbers have gaps, and files that have no number. */
static void test_names(void)
{
	static const char *const names[] = { ".7", ".3",  "",	  ".1001",
					     ".x", ".03", ".1.gz" };
	char name[PATH_MAX + 32], *text;
	const struct log_print print = { 0 };
	struct log_files files;
	size_t len;
	FILE *out;
	int fd;

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		snprintf(name, sizeof(name), "%s%s", path, names[i]);
		fd = open(name, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
		must(fd >= 0);
		append_piece(fd, false, names[i]);
		close(fd);
	}
	must(!log_files_open(&files, path));
	out = open_memstream(&text, &len);
	must(out);
	must(!log_print(&files, &print, out));
	fclose(out);
	is_str(text, ".7\n.3\n\n", "files in the order of their numbers");
	free(text);
	log_files_close(&files);

	must(!unlink(path));
	must(!log_files_open(&files, path));
	is_int(files.n, 2, "the file that is being written may be missing");
	log_files_close(&files);
	remove_all();
	must(!log_files_open(&files, path));
	is_int(files.n, 0, "no file at all");
	log_files_close(&files);
	is_int(log_files_open(&files, "/nowhere/web.log"), -ENOENT,
	       "no folder");
	log_files_close(&files);
}

/* Leaving out the files that were begun before a container. */
static void test_since(void)
{
	struct log_files files;
	int fd;

	for (int i = 0; i < 3; i++) {
		struct log_prefix prefix;

		if (i)
			rotate(5);
		fd = open_file();
		log_format_prefix(&prefix, 1000 + 10 * i, LOG_STDOUT);
		dprintf(fd, "%.*s%d\n", LOG_PREFIX_LEN, prefix.full, i);
		close(fd);
	}
	for (int since = 1000; since <= 1030; since += 5) {
		int want = since <= 1000 ? 3 : since <= 1010 ? 2 : 1;

		must(!log_files_open(&files, path));
		must(!log_files_since(&files, since));
		is_int(files.n, want, "files that were begun at %d or later",
		       since);
		log_files_close(&files);
	}
	remove_all();
}

static void test_detect(void)
{
	struct log_files files;
	int fd = open_file();

	must(!log_files_open(&files, path));
	ok(!log_files_detect(&files) && !files.raw, "an empty log is not raw");
	log_files_close(&files);
	write_text(fd, "bytes");
	close(fd);
	rotate(5);
	fd = open_file();
	append_piece(fd, false, "x");
	must(!log_files_open(&files, path));
	ok(log_files_end(&files) == 5 + 1 + 42,
	   "in a log that is not raw a line ends with its file");
	ok(!log_files_detect(&files) && files.raw &&
		   log_files_end(&files) == 5 + 42,
	   "in a raw log it does not");
	log_files_close(&files);
	close(fd);
	remove_all();
}

int main(void)
{
	report_program("test_files");
	log_set_up();
	test_names();
	test_since();
	test_detect();
	return tap_end();
}
