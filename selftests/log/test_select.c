// SPDX-License-Identifier: GPL-2.0
/* Selecting lines of a log, compared with a simpler implementation in memory. */
#include "draw.h"
#include "log/print.h"
#include "log_test.h"

#define MAX_LINES 300
#define SEC	  1000000000ll

/** struct piece - one line of a file: a line of the log, or a part of one */
struct piece {
	int64_t time;
	int stream; /* LOG_N_STREAMS: it has no prefix */
	bool partial;
	char text[16];
};

static struct piece pieces[MAX_LINES];
static int n_pieces;

static char path[PATH_MAX + 16];

static unsigned int draw(unsigned int n)
{
	static unsigned int seed = 1;

	return draw_from(&seed, n);
}

static void draw_pieces(bool malformed)
{
	/* Some logs have long runs of one stream, some have long lines. */
	int alternate = 1 + draw(8), parts = draw(4);

	n_pieces = 1 + draw(MAX_LINES);
	for (int i = 0; i < n_pieces; i++) {
		struct piece *p = &pieces[i];

		/* The clock is set back at times. */
		p->time = 1700000000 * SEC + i * SEC / 2 - draw(5) * SEC;
		p->stream = draw(alternate) ? LOG_STDOUT : LOG_STDERR;
		p->partial = draw(4) < (unsigned int)parts;
		if (malformed && i && !draw(10))
			p->stream = LOG_N_STREAMS;
		snprintf(p->text, sizeof(p->text), "%d", i);
	}
}

static int put_piece(const struct piece *p, char *buf, size_t room)
{
	if (p->stream == LOG_N_STREAMS)
		return snprintf(buf, room, "%s\n", p->text);
	return format_piece(buf, room, p->time, p->stream, p->partial, p->text);
}

/* Write the pieces to some of the files with numbers below @numbers. */
static void write_files(int numbers)
{
	char name[PATH_MAX + 32], line[128];
	int written = 0;

	for (int n = numbers - 1; n >= 0; n--) {
		int until = n ? written + (int)draw(n_pieces) : n_pieces;
		FILE *f;

		if (n && !draw(3))
			continue;
		number_path(name, path, n);
		f = fopen(name, "w");
		must(f);
		for (; written < until && written < n_pieces; written++)
			fwrite(line, 1,
			       put_piece(&pieces[written], line, sizeof(line)),
			       f);
		must(!fclose(f));
	}
}

static void remove_files(int numbers)
{
	char name[PATH_MAX + 32];

	for (int n = 0; n < numbers; n++) {
		number_path(name, path, n);
		unlink(name);
	}
}

static bool wants(const struct log_select *s, const struct piece *p)
{
	if (p->stream == LOG_N_STREAMS)
		return !s->one_stream && !s->has_since && !s->has_until;
	return (!s->one_stream || (int)s->stream == p->stream) &&
	       (!s->has_since || p->time >= s->since) &&
	       (!s->has_until || p->time < s->until);
}

static void expect_line(const struct log_print *print, int first, FILE *out)
{
	struct piece *p = &pieces[first];
	struct log_prefix prefix;

	if (print->timestamps && p->stream < LOG_N_STREAMS) {
		log_format_prefix(&prefix, p->time, p->stream);
		fprintf(out, "%.30s ", prefix.full);
	}
	fputs(p->text, out);
	for (int i = first + 1; i < n_pieces && p->partial; i++) {
		if (p->stream == LOG_N_STREAMS ||
		    pieces[i].stream != pieces[first].stream)
			continue;
		p = &pieces[i];
		fputs(p->text, out);
	}
	/* A line whose last part is missing was written without a newline. */
	if (!p->partial)
		fputc('\n', out);
}

/* The output that is expected, computed with all pieces in memory. */
static char *expected(const struct log_print *print, size_t *len)
{
	bool open[LOG_N_STREAMS + 1] = { false };
	int firsts[MAX_LINES], n = 0, from = 0;
	char *text;
	FILE *out = open_memstream(&text, len);

	must(out);
	for (int i = 0; i < n_pieces; i++) {
		int stream = pieces[i].stream;

		if (stream == LOG_N_STREAMS)
			pieces[i].partial = false;
		if (!open[stream] && wants(&print->select, &pieces[i]))
			firsts[n++] = i;
		open[stream] = pieces[i].partial;
	}
	if (print->select.has_tail && print->select.tail < (uint64_t)n)
		from = n - print->select.tail;
	for (int i = from; i < n; i++)
		expect_line(print, firsts[i], out);
	must(!fclose(out));
	return text;
}

static char *printed(const struct log_print *print, size_t *len, int *err)
{
	struct log_files files;
	char *text;
	FILE *out = open_memstream(&text, len);

	must(out);
	must(!log_files_open(&files, path));
	*err = log_print(&files, print, out);
	must(!fclose(out));
	log_files_close(&files);
	return text;
}

static void draw_print(struct log_print *print)
{
	int64_t middle = 1700000000 * SEC + draw(n_pieces) * SEC / 2;

	*print = (struct log_print){
		.select = {
			.one_stream = !draw(3),
			.stream = draw(2),
			.has_since = !draw(3),
			.since = middle,
			.has_until = !draw(3),
			.until = middle + draw(60) * SEC,
			.has_tail = draw(2),
			.tail = draw(2) ? draw(5) : draw(n_pieces + 5),
		},
		.timestamps = draw(2),
	};
}

static void test_random(bool malformed, const char *name)
{
	bool good = true;

	for (int i = 0; i < 1000 && good; i++) {
		int numbers = 1 + draw(6), err;
		size_t want_len, got_len;
		struct log_print print;
		char *want, *got;

		draw_pieces(malformed);
		write_files(numbers);
		draw_print(&print);
		want = expected(&print, &want_len);
		got = printed(&print, &got_len, &err);
		good = !err && want_len == got_len &&
		       !memcmp(want, got, got_len);
		if (!good)
			printf("# run %d: error %d, tail %d %ju, stream %d %d, since %d, until %d\n# got %s\n# want %s\n",
			       i, err, print.select.has_tail,
			       (uintmax_t)print.select.tail,
			       print.select.one_stream, print.select.stream,
			       print.select.has_since, print.select.has_until,
			       got, want);
		free(want);
		free(got);
		remove_files(numbers);
	}
	ok(good, "%s", name);
}

/* Write a file of @lines numbered lines. */
static void write_numbered(int number, int lines)
{
	char name[PATH_MAX + 32];
	struct log_prefix prefix;
	FILE *f;

	log_format_prefix(&prefix, SEC, LOG_STDOUT);
	number_path(name, path, number);
	f = fopen(name, "w");
	must(f);
	for (int i = 0; i < lines; i++)
		fprintf(f, "%.*s%d\n", LOG_PREFIX_LEN, prefix.full, i);
	must(!fclose(f));
}

/* Bytes far from the end are not read: they are cut off before. */
static void test_from_the_end(void)
{
	struct log_print print = { .select = { .has_tail = true, .tail = 2 } };
	char name[PATH_MAX + 32], *text;
	struct log_files files;
	size_t len;
	FILE *out;

	write_numbered(1, 1000);
	write_numbered(0, 50000);
	must(!log_files_open(&files, path));
	number_path(name, path, 1);
	must(!truncate(name, 0));

	out = open_memstream(&text, &len);
	must(out);
	is_int(log_print(&files, &print, out), 0, "the last lines are printed");
	must(!fclose(out));
	is_str(text, "49998\n49999\n",
	       "the last lines are found without reading the file before");
	free(text);

	out = open_memstream(&text, &len);
	must(out);
	print.select.has_tail = false;
	is_int(log_print(&files, &print, out), -ESTALE,
	       "a file that was cut after it was opened is an error");
	must(!fclose(out));
	free(text);
	log_files_close(&files);
	remove_files(2);
}

/* A line that is longer than any buffer, and a line after it. */
static void test_long(void)
{
	struct log_print print = { .select = { .has_tail = true, .tail = 2 } };
	const int parts = 200, text = LOG_TEXT_MAX;
	char name[PATH_MAX + 32], *got;
	struct log_prefix prefix;
	size_t len;
	FILE *f;
	int err;

	log_format_prefix(&prefix, SEC, LOG_STDOUT);
	for (int n = 1; n >= 0; n--) {
		number_path(name, path, n);
		f = fopen(name, "w");
		must(f);
		if (n)
			fprintf(f, "%.*sfirst\n", LOG_PREFIX_LEN, prefix.full);
		for (int i = 0; i < parts; i++)
			fprintf(f, "%.*s%0*d\n", LOG_PREFIX_LEN, prefix.partial,
				text, i);
		if (!n)
			fprintf(f, "%.*send\n%.*slast\n", LOG_PREFIX_LEN,
				prefix.full, LOG_PREFIX_LEN, prefix.full);
		must(!fclose(f));
	}
	got = printed(&print, &len, &err);
	ok(!err && len == (size_t)parts * text * 2 + 4 + 5 &&
		   !strcmp(got + len - 9, "end\nlast\n"),
	   "a line of 6 MiB in two files, and the line after it");
	free(got);
	print.select.tail = 1;
	got = printed(&print, &len, &err);
	is_str(got, "last\n", "the line after it alone");
	free(got);
	print.select.tail = 0;
	got = printed(&print, &len, &err);
	is_str(got, "", "no line at all");
	free(got);
	remove_files(2);
}

int main(void)
{
	scratch_make();
	snprintf(path, sizeof(path), "%s/web.log", scratch);
	plan(8);
	test_random(false, "random selections of random logs");
	test_random(true, "of logs with lines without a prefix, too");
	test_from_the_end();
	test_long();
	return tap_end();
}
