// SPDX-License-Identifier: GPL-2.0
/* Tests what "purserctl top" draws: its lines fit the terminal, and rows have colours. */
#include "base/utf8.h"
#include "purserctl/top_screen.h"
#include "tap.h"

static struct samples samples;
static const struct purser_info info = {
	.live = 3,
	.ended = 2,
	.members = 7,
	.events = 12,
};

static void add(const char *name, uint64_t usage, uint64_t soft, uint64_t hard)
{
	struct purser_container c = {
		.id = samples.n + 1,
		.usage = usage << 20,
		.soft_limit = soft << 20,
		.hard_limit = hard << 20,
	};

	snprintf(c.name, sizeof(c.name), "%s", name);
	if (samples_add(&samples, &c, 0))
		bail("no memory");
}

static const char *screen(const struct top_view *view)
{
	static char *text;
	size_t size;
	FILE *out;

	free(text);
	out = open_memstream(&text, &size);
	if (!out || top_write_screen(view, &samples, &info, out) || fclose(out))
		bail("no screen");
	return text;
}

/* The longest line without its control sequences, and the number of lines. */
static void measure(const char *text, size_t *width, size_t *lines)
{
	char line[512];
	size_t n = 0;

	*width = 0;
	*lines = 1;
	for (; *text; text++) {
		if (*text == '\033') {
			while (strcspn(text, "HJKm"))
				text++;
			continue;
		}
		if (*text == '\r')
			continue;
		if (*text == '\n') {
			n = 0;
			++*lines;
			continue;
		}
		line[n++] = *text;
		line[n] = '\0';
		if (utf8_length(line) > *width)
			*width = utf8_length(line);
	}
}

static void fits(size_t width, size_t height)
{
	struct top_view view = {
		.by = SAMPLE_USAGE,
		.colours = true,
		.width = width,
		.height = height,
	};
	size_t w, h;

	measure(screen(&view), &w, &h);
	ok(w <= width, "%zu characters fit a terminal of %zu", w, width);
	ok(h <= height, "%zu lines fit a terminal of %zu", h, height);
}

static bool has(const char *text, const char *part)
{
	return strstr(text, part);
}

int main(void)
{
	struct top_view view = { SAMPLE_CPU, true, true, 120, 24 };
	const char *text;

	add("quiet", 1, 100, 200);
	add("warned", 100, 100, 200);
	add("near", 175, 0, 200);
	add("unlimited", 999, 0, 0);

	text = screen(&view);
	ok(has(text,
	       "3 live, 2 ended, 7 processes, 12 events; by cpu, reversed\r"),
	   "the counters and the order");
	ok(has(text, "\033[33mwarned "), "one above its soft limit is yellow");
	ok(has(text, "\033[31mnear "), "one near its hard limit is red");
	ok(has(text, "\033[Kquiet ") && has(text, "\033[Kunlimited "),
	   "others have no colour");
	ok(has(text, "[##########] 100%  [#####-----]  50%"),
	   "a row has bars for both limits");
	ok(has(text, "PEAK") && has(text, "AGE"), "a wide one has all columns");
	ok(has(text, "q quit") && has(text, " u usage") && has(text, " a age"),
	   "the last line has the keys");

	view.colours = false;
	text = screen(&view);
	ok(!has(text, "\033[3") && !has(text, "\033[7m"),
	   "without colours there are none");

	view.height = 5;
	ok(has(screen(&view), ", 2 more below"),
	   "rows that do not fit are counted");
	ok(has(screen(&view), "warned") && !has(screen(&view), "near"),
	   "the first rows are shown");
	fits(120, 24);
	fits(80, 6);
	fits(80, 2);
	fits(30, 5);
	fits(1, 1);

	is_int(top_key('u'), SAMPLE_USAGE, "a key of a column");
	is_int(top_key('x'), -1, "another key");
	is_int(top_key('\0'), -1, "no key");
	free(samples.all);
	return tap_end();
}
