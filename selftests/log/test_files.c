// SPDX-License-Identifier: GPL-2.0
/* The files of a log: their order, their container, and raw logs. */
#include <stdlib.h>

#include "base/report.h"
#include "log/files.h"
#include "log/names.h"
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

/* A file of @lines lines, written at @time by the clock of that moment. */
static void add_file(int64_t time, int lines, const char *text)
{
	const struct timespec times[2] = { { time, 0 }, { time, 0 } };
	int fd = open_file();

	for (int i = 0; i < lines; i++) {
		char line[128];

		must(write_all(fd, line,
			       format_piece(line, sizeof(line),
					    time * 1000000000, LOG_STDOUT,
					    false, text)));
	}
	must(!futimens(fd, times));
	close(fd);
}

/* Returns what is printed of the files, which are closed then; for free(). */
static char *print_files(struct log_files *files)
{
	const struct log_print print = { 0 };
	size_t len;
	char *text;
	FILE *out;

	out = open_memstream(&text, &len);
	must(out && !log_print(files, &print, out));
	fclose(out);
	log_files_close(files);
	return text;
}

/* Returns what "engine logs" prints of the last container; for free(). */
static char *print_last(bool all)
{
	struct log_files files;
	char *text, *text2;

	must(!log_files_open(&files, path));
	if (!all)
		log_files_last(&files);
	text = print_files(&files);
	if (all)
		return text;
	must(!log_files_open_last(&files, path));
	text2 = print_files(&files);
	is_str(text2, text, "only the last container's files are opened");
	free(text2);
	return text;
}

/* Two containers with two files each; between them the clock is set. */
static void test_last(int64_t first, int64_t second)
{
	bool had_old;
	char *text;

	add_file(first, 1, "old 1");
	rotate(5);
	add_file(first + 1, 1, "old 2");
	text = print_last(false);
	is_str(text, "old 1\nold 2\n", "a container has two files");
	free(text);
	must(!logfile_claim(path, &had_old) && had_old);
	add_file(second, 1, "new 1");
	text = print_last(false);
	is_str(text, "new 1\n", "the next one has its own file");
	free(text);
	rotate(5);
	add_file(second + 1, 1, "new 2");
	text = print_last(false);
	is_str(text, "new 1\nnew 2\n", "the next one has its own two");
	free(text);
	text = print_last(true);
	is_str(text, "old 1\nold 2\nnew 1\nnew 2\n", "all files together");
	free(text);
	remove_all();
}

/* The clock is set in the life of a container. */
static void test_clock_steps(void)
{
	struct log_files files;
	char *text;

	for (int i = 0; i < 4; i++) {
		if (i)
			rotate(5);
		add_file(i % 2 ? 9000 : 5000 - i, 1, i % 2 ? "late" : "early");
	}
	text = print_last(false);
	is_str(text, "early\nlate\nearly\nlate\n",
	       "the clock is set in the life of a container");
	free(text);
	must(!log_files_open(&files, path));
	is_int(files.n, 4, "four files");
	log_files_close(&files);
	remove_all();
}

/* A last line without a newline belongs to its container alone. */
static void test_open_line(void)
{
	char line[128], *text;
	bool had_old;
	int fd = open_file();

	append_piece(fd, true, "open");
	close(fd);
	must(!logfile_claim(path, &had_old));
	fd = open_file();
	must(write_all(fd, line,
		       format_piece(line, sizeof(line), 1, LOG_STDERR, false,
				    "error")));
	append_piece(fd, false, "new");
	close(fd);
	text = print_last(true);
	is_str(text, "openerror\nnew\n", "an open line of another container");
	free(text);
	text = print_last(false);
	is_str(text, "error\nnew\n", "it is not the last one's");
	free(text);
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
	test_last(1000, 2000);
	test_last(2000, 1000);
	test_clock_steps();
	test_open_line();
	test_detect();
	return tap_end();
}
