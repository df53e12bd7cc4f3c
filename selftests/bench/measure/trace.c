// SPDX-License-Identifier: GPL-2.0
/*
 * Reads from instances of the kernel's tracer when SIGKILL was sent and, for memory
 * that the kernel fills in, when each page was allocated. The clock is
 * CLOCK_MONOTONIC, in microseconds.
 */
#include <fcntl.h>
#include <unistd.h>

#include "measure.h"

#define INSTANCES "/sys/kernel/tracing/instances"

static int kills = -1, pages = -1;

static void must_write(int dir, const char *path, const char *text)
{
	if (!file_write(dir, path, text))
		fail("measure: the tracer has no %s", path);
}

static int make_instance(const char *name)
{
	char path[96];
	int dir;

	snprintf(path, sizeof(path), INSTANCES "/%s", name);
	dir = folder_make(path);
	must_write(dir, "trace_clock", "mono");
	return dir;
}

static void remove_instances(void)
{
	close(kills);
	close(pages);
	rmdir(INSTANCES "/purser-bench-kills");
	rmdir(INSTANCES "/purser-bench-pages");
}

/*
 * Trace only movable pages, which are those of programs: pages that the kernel takes
 * for itself, such as page tables, are not movable. The trace keeps the times of the
 * first pages; of the others the tracer's statistics give the number.
 */
void trace_start(void)
{
	kills = make_instance("purser-bench-kills");
	pages = make_instance("purser-bench-pages");
	atexit(remove_instances);
	must_write(kills, "buffer_size_kb", "64");
	must_write(kills, "events/signal/signal_generate/filter", "sig == 9");
	must_write(kills, "events/signal/signal_generate/enable", "1");
	must_write(pages, "buffer_size_kb", "512");
	must_write(pages, "options/overwrite", "0");
	must_write(pages, "events/kmem/mm_page_alloc/filter",
		   "order == 0 && migratetype == 1");
}

void trace_kills(void)
{
	must_write(kills, "trace", "");
}

void trace_pages(pid_t pid)
{
	char text[32];

	snprintf(text, sizeof(text), "%d", pid);
	must_write(pages, "trace", "");
	must_write(pages, "set_event_pid", text);
	must_write(pages, "events/kmem/mm_page_alloc/enable", "1");
}

/* A line of the trace has the time before the event: "... 12.345678: EVENT: ..." */
static uint64_t time_of(const char *line, const char *event)
{
	const char *p = strstr(line, event);
	unsigned long long s, us;

	if (!p)
		return 0;
	while (p > line && strchr("0123456789.", p[-1]))
		p--;
	if (sscanf(p, "%llu.%6llu", &s, &us) != 2)
		return 0;
	return s * 1000000000ULL + us * 1000;
}

static char *next_line(char **at)
{
	char *line;

	do
		line = strsep(at, "\n");
	while (line && *line == '#');
	return line;
}

uint64_t trace_first_kill(const char *comm)
{
	char *text = file_read(kills, "trace"), *at = text, *line, want[32];
	uint64_t time = 0;

	snprintf(want, sizeof(want), " comm=%s ", comm);
	while (!time && (line = next_line(&at)))
		if (strstr(line, want))
			time = time_of(line, ": signal_generate:");
	free(text);
	return time;
}

/* The number after @what in the statistics of one CPU. */
static size_t counted(const char *stats, const char *what)
{
	const char *p = strstr(stats, what);

	return p ? strtoul(p + strlen(what), NULL, 10) : 0;
}

static size_t count_pages(void)
{
	size_t n = 0;
	char path[64], *stats;

	for (unsigned int cpu = 0;; cpu++) {
		snprintf(path, sizeof(path), "per_cpu/cpu%u/stats", cpu);
		stats = file_read(pages, path);
		if (!stats)
			return n;
		n += counted(stats, "entries: ") +
		     counted(stats, "dropped events: ");
		free(stats);
	}
}

size_t trace_page_times(uint64_t *times, size_t most, size_t *n)
{
	char *text, *at, *line;
	size_t i = 0;

	must_write(pages, "events/kmem/mm_page_alloc/enable", "0");
	*n = count_pages();
	text = at = file_read(pages, "trace");
	while (i < most && (line = next_line(&at)))
		if (strstr(line, "mm_page_alloc"))
			times[i++] = time_of(line, ": mm_page_alloc:");
	free(text);
	return i;
}
