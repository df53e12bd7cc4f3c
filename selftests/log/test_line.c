// SPDX-License-Identifier: GPL-2.0
/* Turning bytes into lines. */
#include "log/line.h"
#include "log_test.h"

/* The bytes of all batches so far. */
struct output {
	char *text;
	size_t len;
	size_t size;
};

static struct log_prefix prefix;

static char *extend(struct output *o, size_t len)
{
	if (o->len + len > o->size) {
		o->size = 2 * (o->len + len);
		o->text = realloc(o->text, o->size);
		must(o->text);
	}
	o->len += len;
	return o->text + o->len - len;
}

static void flush(struct output *o, struct log_batch *b)
{
	for (size_t i = b->first; i < b->n; i++)
		memcpy(extend(o, b->iov[i].iov_len), b->iov[i].iov_base,
		       b->iov[i].iov_len);
	log_batch_reset(b);
}

/* Feed @len bytes, @step at a time, and then the end of the stream. */
static struct output feed(const char *p, size_t len, size_t step)
{
	struct log_batch *b = malloc(sizeof(*b));
	struct log_line line = { 0 };
	struct output o = { 0 };

	must(b);
	log_batch_reset(b);
	while (len) {
		size_t n = len < step ? len : step;

		p += n;
		len -= n;
		while (n) {
			n -= log_line_feed(&line, b, &prefix, p - n, n);
			if (n)
				flush(&o, b);
		}
		/* The memory that the batch refers to may be gone later. */
		if (step < 4096)
			flush(&o, b);
	}
	while (!log_line_end(&line, b, &prefix))
		flush(&o, b);
	flush(&o, b);
	must(!line.text && !line.len);
	free(b);
	return o;
}

static void add(struct output *o, bool partial, const char *p, size_t len)
{
	char *to = extend(o, LOG_PREFIX_LEN + len + 1);

	memcpy(to, partial ? prefix.partial : prefix.full, LOG_PREFIX_LEN);
	memcpy(to + LOG_PREFIX_LEN, p, len);
	to[LOG_PREFIX_LEN + len] = '\n';
}

/* Compute the same result in the simplest way: one line after the other. */
static struct output expect(const char *p, size_t len)
{
	struct output o = { 0 };

	while (len) {
		const char *newline = memchr(p, '\n', len);
		size_t line = newline ? (size_t)(newline - p) : len;

		len -= line + !!newline;
		for (; line > LOG_TEXT_MAX; line -= LOG_TEXT_MAX) {
			add(&o, true, p, LOG_TEXT_MAX);
			p += LOG_TEXT_MAX;
		}
		add(&o, !newline, p, line);
		p += line + !!newline;
	}
	return o;
}

static bool same(const char *p, size_t len, size_t step)
{
	struct output got = feed(p, len, step);
	struct output want = expect(p, len);
	bool good = got.len == want.len &&
		    (!got.len || !memcmp(got.text, want.text, got.len));

	free(got.text);
	free(want.text);
	return good;
}

static bool same_in_any_steps(const char *p, size_t len)
{
	static const size_t steps[] = { 1,    2,     3,	    7,	   1000,
					4096, 16383, 16384, 16385, 1 << 30 };

	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
		if (!same(p, len, steps[i])) {
			printf("# differs in steps of %zu\n", steps[i]);
			return false;
		}
	}
	return true;
}

static void test_length(size_t len)
{
	char *p = malloc(len + 5);

	must(p);
	memset(p, 'x', len);
	memcpy(p + len, "\nend\n", 5);
	ok(same_in_any_steps(p, len + 5), "a line of %zu bytes", len);
	ok(same_in_any_steps(p, len), "a last line of %zu bytes, no newline",
	   len);
	free(p);
}

static size_t count(const struct output *o, const char *what)
{
	size_t n = 0;
	const char *p = o->text;

	while ((p = memmem(p, o->text + o->len - p, what, strlen(what)))) {
		n++;
		p++;
	}
	return n;
}

/* Compare with numbers that do not depend on expect(). */
static void test_parts(void)
{
	static char p[3 * LOG_TEXT_MAX + 1];
	struct output o;

	memset(p, 'x', sizeof(p));
	o = feed(p, LOG_TEXT_MAX, 1000);
	ok(o.len == 40 + 16384 + 1 && count(&o, " P x") == 1,
	   "16384 bytes are one part");
	free(o.text);

	p[LOG_TEXT_MAX] = '\n';
	o = feed(p, LOG_TEXT_MAX + 1, 16384);
	ok(o.len == 40 + 16384 + 1 && count(&o, " F x") == 1,
	   "16384 bytes and a newline are one whole line");
	free(o.text);

	p[LOG_TEXT_MAX] = 'x';
	o = feed(p, LOG_TEXT_MAX + 1, 16384);
	ok(o.len == 40 + 16384 + 1 + 40 + 1 + 1 && count(&o, " P x") == 2 &&
		   count(&o, " P x\n") == 1,
	   "16385 bytes are two parts");
	free(o.text);

	o = feed(p, sizeof(p), 65536);
	ok(count(&o, " P x") == 4 && count(&o, " P x\n") == 1,
	   "49153 bytes are four parts");
	free(o.text);
}

static void test_bytes(void)
{
	static char p[1 << 18];
	unsigned int seed = 1;

	ok(same_in_any_steps("", 0), "no byte makes no line");
	ok(same_in_any_steps("\n", 1), "an empty line");
	ok(same_in_any_steps("\n\n\na\n\n", 6), "empty lines");
	ok(same_in_any_steps("a\0b\0\n\0\n\0", 8), "NUL bytes");
	ok(same_in_any_steps("\xff\xfe\xc3\n\xc3\x28\n\xed\xa0\x80", 9),
	   "bytes that are not UTF-8");
	ok(same_in_any_steps("a\r\nb\r", 5), "carriage returns");

	for (int i = 0; i < 256; i++)
		p[i] = i;
	ok(same_in_any_steps(p, 256), "every value of a byte");

	memset(p, '\n', sizeof(p));
	ok(same(p, sizeof(p), 1 << 30), "more empty lines than a batch holds");

	for (size_t i = 0; i < sizeof(p); i++)
		p[i] = i % 1500 == 1499 ? '\n' : 'y';
	ok(same(p, sizeof(p), 1 << 30), "more long lines than a batch holds");

	for (size_t i = 0; i < sizeof(p); i++) {
		seed = seed * 1103515245 + 12345;
		p[i] = seed >> 16 & (i < sizeof(p) / 2 ? 0x1f : 0xff);
		/* Every second 40000 bytes have no newline. */
		if (p[i] == '\n' && i / 40000 % 2)
			p[i] = 'z';
	}
	ok(same_in_any_steps(p, sizeof(p)),
	   "random bytes, in lines of all lengths");
}

int main(void)
{
	static const size_t lengths[] = { 1,	 1023,	1024,  1025,  16383,
					  16384, 16385, 32767, 32768, 32769 };

	plan(34);
	log_format_prefix(&prefix, 1234567890123456789, LOG_STDOUT);
	for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++)
		test_length(lengths[i]);
	test_parts();
	test_bytes();
	return tap_end();
}
