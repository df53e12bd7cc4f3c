// SPDX-License-Identifier: GPL-2.0
/*
 * lines GATE WRITER COUNT BYTES
 *
 * Prints COUNT lines (0: without end) of 100 bytes as fast as it can, BYTES with each
 * write(). BYTES is 100 for a program that flushes each line, and 4096 for stdio
 * into a pipe. GATE is the folder of the gate, see gate.h; WRITER is a number that
 * is in each line.
 */
#include "gate.h"
#include "lines.h"

/* 25 times 4096 bytes, which stay in the processor's cache. */
#define LINES_AT_ONCE 1024

static void write_all(const char *p, size_t len)
{
	ssize_t n;

	for (; len; p += n, len -= n) {
		n = write(STDOUT_FILENO, p, len);
		if (n < 0)
			fail("lines: cannot write");
	}
}

int main(int argc, char **argv)
{
	const char *usage = "lines GATE WRITER COUNT BYTES";
	static char buffer[LINES_AT_ONCE * LINE_BYTES];
	unsigned long writer, count, bytes, done = 0;
	size_t n, len;
	char line[LINE_BYTES];

	if (argc != 5)
		bad_usage(usage);
	writer = number(usage, "WRITER", argv[2], 0, 99);
	count = number(usage, "COUNT", argv[3], 0, 1000000000000);
	bytes = number(usage, "BYTES", argv[4], 1, sizeof(buffer));
	line_make(line, writer);
	gate_pass(argv[1]);
	while (!count || done < count) {
		n = !count || count - done > LINES_AT_ONCE ? LINES_AT_ONCE :
							     count - done;
		len = n * LINE_BYTES;
		for (size_t at = 0; at < len; at += LINE_BYTES) {
			memcpy(buffer + at, line, LINE_BYTES);
			line_next(line);
		}
		for (size_t at = 0; at < len; at += bytes)
			write_all(buffer + at,
				  len - at < bytes ? len - at : bytes);
		done += n;
	}
	return 0;
}
