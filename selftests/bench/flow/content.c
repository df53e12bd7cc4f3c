// SPDX-License-Identifier: GPL-2.0
/* Compares a log file with what its writer has written. */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "flow.h"

struct content {
	const char *path;
	char line[LINE_BYTES]; /* the next line that is expected */
	size_t at;	       /* how much of it the file has had */
	uint64_t number;       /* its number */
};

static void __attribute__((noreturn))
wrong(const struct content *c, const char *what)
{
	fprintf(stderr, "flow: %s: line %" PRIu64 ": %s\n", c->path, c->number,
		what);
	exit(1);
}

/* Compare the next bytes of the output, newlines included. */
static void take(struct content *c, const char *p, size_t len)
{
	size_t n;

	for (; len; p += n, len -= n) {
		n = LINE_BYTES - c->at < len ? LINE_BYTES - c->at : len;
		if (memcmp(p, c->line + c->at, n))
			wrong(c, "this is not what was written");
		c->at += n;
		if (c->at == LINE_BYTES) {
			c->at = 0;
			c->number++;
			line_next(c->line);
		}
	}
}

/* Compare a line "TIME stdout F text\n"; P instead of F marks a part of a line. */
static const char *take_prefixed(struct content *c, const char *p,
				 const char *end)
{
	static const char stream[] = " stdout ";
	const char *newline = memchr(p, '\n', end - p);
	const char *text = newline ? memchr(p, ' ', newline - p) : NULL;

	if (!newline)
		wrong(c, "the file does not end with a newline");
	if (!text || newline - text < (long)sizeof(stream) + 1 ||
	    memcmp(text, stream, sizeof(stream) - 1))
		wrong(c, "the prefix is not that of the CRI format");
	text += sizeof(stream) - 1;
	if ((text[0] != 'F' && text[0] != 'P') || text[1] != ' ')
		wrong(c, "the prefix is not that of the CRI format");
	take(c, text + 2, newline - (text + 2) + (text[0] == 'F'));
	return newline + 1;
}

void content_check(const char *path, bool prefixed, unsigned int writer,
		   uint64_t count)
{
	struct content c = { .path = path };
	const char *map, *p, *end;
	struct stat st;
	int fd;

	line_make(c.line, writer);
	fd = open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0 || fstat(fd, &st))
		fail("flow: cannot open %s", path);
	if (!st.st_size)
		wrong(&c, "the file is empty");
	map = mmap(NULL, st.st_size, PROT_READ, MAP_SHARED, fd, 0);
	if (map == MAP_FAILED)
		fail("flow: cannot read %s", path);
	p = map;
	end = map + st.st_size;
	if (!prefixed)
		take(&c, p, st.st_size);
	else
		while (p < end)
			p = take_prefixed(&c, p, end);
	if (c.number != count || c.at)
		wrong(&c, "the file ends here, too early or too late");
	munmap((void *)map, st.st_size);
	close(fd);
}
