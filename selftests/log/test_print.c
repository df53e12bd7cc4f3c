// SPDX-License-Identifier: GPL-2.0
/* Printing log files as plain text. */
#include "log/print.h"
#include "log_test.h"

#define T   "2026-01-31T12:00:00.000000000Z "
#define OUT T "stdout "
#define ERR T "stderr "
#define MIB (1 << 20)

static const struct log_print everything;

/* Print a log file with these bytes; returns the output, for free(). */
static char *print(const char *log, size_t len, size_t *out_len)
{
	char *path = scratch_path("read.log"), *out;
	struct log_files files;
	FILE *f;
	int fd;

	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && write_all(fd, log, len));
	must(!close(fd));
	must(!log_files_open(&files, path));
	f = open_memstream(&out, out_len);
	must(f);
	must(!log_print(&files, &everything, f));
	must(!fclose(f));
	log_files_close(&files);
	free(path);
	return out;
}

static void prints(const char *log, const char *want, const char *name)
{
	size_t len;
	char *got = print(log, strlen(log), &len);

	is_str(got, want, "%s", name);
	free(got);
}

static void test_lines(void)
{
	prints("", "", "an empty file");
	prints(OUT "F one\n" ERR "F two\n", "one\ntwo\n", "two lines");
	prints(OUT "F \n" OUT "F  x \n", "\n x \n",
	       "a line without text, and text with blanks");
	prints(OUT "P one \n" OUT "P line\n" OUT "F .\n" OUT "F next\n",
	       "one line.\nnext\n", "parts are joined");
	prints(OUT "P a\n" ERR "F x\n" OUT "P b\n" ERR "P y\n" OUT "F c\n" OUT
		   "F d\n" ERR "F z\n" ERR "F end\n",
	       "abc\nx\nyz\nd\nend\n", "parts are joined if streams alternate");
	prints(OUT "P a\n" ERR "P x\n" OUT "F b\n" OUT "P c\n" ERR "F y\n" OUT
		   "F d\n" ERR "F z\n",
	       "ab\nxy\ncd\nz\n", "parts are joined if long lines overlap");
	prints(OUT "P a\n" ERR "F x\n", "ax\n",
	       "a line without its last part has no newline");
	prints(OUT "P a\n", "a", "nor has a part alone");
	prints(OUT "P a\n" OUT "F \n" OUT "F b\n", "a\nb\n",
	       "a last part that is empty");
}

/* The container ended without a newline, or has not written it yet. */
static void test_open(void)
{
	prints(OUT "F a\n" OUT "P b\n", "a\nb",
	       "a last line without a newline");
	prints(OUT "P a\n" ERR "F x\n" OUT "P b\n", "abx\n",
	       "one that another stream follows");
	prints(OUT "P \n", "", "an empty part");
}

static void test_malformed(void)
{
	prints("plain\n", "plain\n", "a line without a prefix");
	prints("plain", "plain", "a line without a prefix and a newline");
	prints("\n\n" OUT "F x\n\n", "\n\nx\n\n", "empty lines");
	prints(OUT "F x\nplain\n" ERR "F y\n" T "stdx F z\n",
	       "x\nplain\ny\n" T "stdx F z\n",
	       "lines without a prefix between others");
	prints(OUT "P a\nplain\n" OUT "F b\n", "ab\nplain\n",
	       "a line without a prefix between the parts of a line");
	prints(OUT "F torn", "torn\n", "a line without a newline");
	prints(OUT "F whole\n" OUT "F", "whole\n" OUT "F",
	       "a prefix that is cut off");
	prints("2026-01-31T12:00:00.1+02:00 stderr F:tag x\n", "x\n",
	       "a prefix that another program wrote");
}

/* Lines and prefixes at all positions relative to the buffer of log_scan. */
static void test_long(void)
{
	const size_t text = 5 * MIB;
	size_t len, used, lines;
	char *log = malloc(text + MIB), *got;
	bool good = true;

	must(log);
	memset(log, 'x', text);
	log[text] = '\n';
	got = print(log, text + 1, &len);
	ok(len == text + 1 && !memcmp(got, log, len),
	   "a line of 5 MiB without a prefix");
	free(got);

	memcpy(log, OUT "F ", 40);
	got = print(log, text + 1, &len);
	ok(len == text - 40 + 1 && !memcmp(got, log + 40, len),
	   "a line of 5 MiB with a prefix");
	free(got);

	for (size_t at = 65536 - 150; at < 65536 + 10; at++) {
		memcpy(log, OUT "F ", 40);
		memset(log + 40, 'x', at - 41);
		log[at - 1] = '\n';
		memcpy(log + at, ERR "F y\nplain\n", 40 + 8);
		got = print(log, at + 48, &len);
		good = good && len == at - 40 + 8 &&
		       !memcmp(got, log + 40, at - 40) &&
		       !memcmp(got + at - 40, "y\nplain\n", 8);
		free(got);
	}
	ok(good, "lines that cross the end of a read");

	for (used = 0, lines = 0; used < text; lines++) {
		memcpy(log + used, OUT "F \n", 41);
		used += 41;
	}
	got = print(log, used, &len);
	ok(len == lines && strspn(got, "\n") == len, "many empty lines");
	free(got);

	memset(log, 0, 1000);
	memcpy(log, OUT "F ", 40);
	log[1000] = '\n';
	got = print(log, 1001, &len);
	ok(len == 961 && !memcmp(got, log + 40, len), "NUL bytes");
	free(got);
	free(log);
}

static void test_round_trip(void)
{
	char *path = scratch_path("trip.log"), *text, *got;
	struct log_pipeline *p;
	size_t size = 3 * MIB, len;
	struct log_files files;
	struct ends e;
	uint64_t key;
	FILE *f;

	text = malloc(size);
	must(text);
	for (size_t i = 0; i < size; i++)
		text[i] = i * 7 + i / 251;
	/* And a line of many parts. */
	memset(text + MIB, 'x', MIB);
	text[size - 1] = '\n';
	p = make_pipeline(65536);
	e = add_source(p, 1, path);
	must(write_all(e.fd[0], text, size));
	close_ends(&e);
	must(!log_pipeline_finish(p, 1));
	must(!wait_finished(p, &key));
	log_pipeline_destroy(p);

	must(!log_files_open(&files, path));
	f = open_memstream(&got, &len);
	must(f);
	must(!log_print(&files, &everything, f));
	must(!fclose(f));
	ok(len == size && !memcmp(got, text, size),
	   "bytes that went through the pipeline are printed unchanged");
	free(got);

	f = fopen("/dev/full", "w");
	must(f);
	is_int(log_print(&files, &everything, f), -ENOSPC,
	       "an error of the output is returned");
	fclose(f);
	log_files_close(&files);

	must(!unlink(path) && !mkdir(path, 0700));
	must(!log_files_open(&files, path));
	is_int(log_print(&files, &everything, stderr), -EISDIR,
	       "an error of the file is returned");
	log_files_close(&files);
	free(text);
	free(path);
}

int main(void)
{
	scratch_make();
	plan(28);
	test_lines();
	test_open();
	test_malformed();
	test_long();
	test_round_trip();
	return tap_end();
}
