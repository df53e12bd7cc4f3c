// SPDX-License-Identifier: GPL-2.0
/* Reading the statistics of a cgroup, see stats.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/paths.h"
#include "stats.h"

/* A missing file is no error: a controller is not on, or the kernel is too old. */
static int unless_missing(int err)
{
	return err == -ENOENT || err == -EOPNOTSUPP ? 0 : err;
}

/* Read a file with one number, or "max". *@v stays as it is if there is no such file. */
static int read_number(int folder, const char *file, uint64_t *v)
{
	char text[32];
	ssize_t n = file_read(folder, file, text, sizeof(text));

	if (n < 0)
		return unless_missing(n);
	if (!strcmp(text, "max")) {
		*v = CGROUP_NO_LIMIT;
		return 0;
	}
	return parse_u64(text, 0, UINT64_MAX, v);
}

/* Call @fn for each line of a file, without the newline. */
static int each_line(int folder, const char *file,
		     int (*fn)(char *line, void *arg), void *arg)
{
	FILE *f __cleanup_fclose = file_stream(
		file_open(folder, file, O_RDONLY));
	__cleanup_free char *line = NULL;
	size_t room = 0;
	int err = 0;

	if (!f)
		return unless_missing(-errno);
	while (!err && (errno = 0, getline(&line, &room, f) > 0)) {
		line[strcspn(line, "\n")] = '\0';
		err = fn(line, arg);
	}
	return err ? err : unless_missing(-errno);
}

/** struct key - where the number of a line "NAME NUMBER" goes */
struct key {
	const char *name;
	uint64_t *to;
};

/** struct keys - the keys of one file */
struct keys {
	const struct key *keys;
	size_t n;
};

static int take_key(char *line, void *arg)
{
	const struct keys *keys = arg;
	char *space = strchr(line, ' ');

	if (!space)
		return 0;
	*space = '\0';
	for (size_t i = 0; i < keys->n; i++) {
		if (!strcmp(line, keys->keys[i].name))
			return parse_u64(space + 1, 0, UINT64_MAX,
					 keys->keys[i].to);
	}
	return 0;
}

static int read_keys(int folder, const char *file, const struct key *keys,
		     size_t n)
{
	struct keys all = { keys, n };

	return each_line(folder, file, take_key, &all);
}

/* Make room for one more element of an array that grows; NULL: no memory. */
static void *grow(void *array, size_t *n, size_t size)
{
	char *all = *(void **)array;

	/* At 0, 8, 16, 32 ... */
	if (!*n || (*n >= 8 && !(*n & (*n - 1)))) {
		all = reallocarray(all, *n ? 2 * *n : 8, size);
		if (!all)
			return NULL;
		*(void **)array = all;
	}
	memset(all + *n * size, 0, size);
	return all + (*n)++ * size;
}

static int take_memory_stat(char *line, void *arg)
{
	struct cgroup_stats *stats = arg;
	struct cgroup_stat *stat;
	char *space = strchr(line, ' ');

	if (!space || (size_t)(space - line) >= sizeof(stat->name))
		return 0;
	*space = '\0';
	stat = grow(&stats->memory_stat, &stats->n_memory_stat, sizeof(*stat));
	if (!stat)
		return -ENOMEM;
	snprintf(stat->name, sizeof(stat->name), "%s", line);
	return parse_u64(space + 1, 0, UINT64_MAX, &stat->value);
}

/* "MAJOR:MINOR rbytes=1 wbytes=2 ..."; other words are those of a policy. */
static int take_io(char *line, void *arg)
{
	struct cgroup_stats *stats = arg;
	struct cgroup_io_stats *io;
	unsigned int major, minor;
	char *word, *rest, *value;

	if (sscanf(line, "%u:%u", &major, &minor) != 2)
		return 0;
	io = grow(&stats->io, &stats->n_io, sizeof(*io));
	if (!io)
		return -ENOMEM;
	io->major = major;
	io->minor = minor;

	const struct key keys[] = {
		{ "rbytes", &io->read_bytes },
		{ "wbytes", &io->write_bytes },
		{ "rios", &io->reads },
		{ "wios", &io->writes },
		{ "dbytes", &io->discard_bytes },
		{ "dios", &io->discards },
	};

	strtok_r(line, " ", &rest);
	while ((word = strtok_r(NULL, " ", &rest))) {
		value = strchr(word, '=');
		if (!value)
			continue;
		*value = '\0';
		for (size_t i = 0; i < ARRAY_SIZE(keys); i++) {
			if (!strcmp(word, keys[i].name))
				parse_u64(value + 1, 0, UINT64_MAX, keys[i].to);
		}
	}
	return 0;
}

/* "some avg10=0.00 avg60=0.00 avg300=0.00 total=0", and the same for "full" */
static int take_pressure(char *line, void *arg)
{
	struct cgroup_pressure *pressure = arg;
	struct cgroup_stall stall;
	char which[8];

	if (sscanf(line, "%7s avg10=%lf avg60=%lf avg300=%lf total=%" SCNu64,
		   which, &stall.avg10, &stall.avg60, &stall.avg300,
		   &stall.total) != 5)
		return 0;
	pressure->given = true;
	if (!strcmp(which, "some"))
		pressure->some = stall;
	else
		pressure->full = stall;
	return 0;
}

static int read_usage(int folder, const char *name, struct cgroup_usage *usage)
{
	char current[32], peak[32], max[32];
	int err;

	snprintf(current, sizeof(current), "%s.current", name);
	snprintf(peak, sizeof(peak), "%s.peak", name);
	snprintf(max, sizeof(max), "%s.max", name);
	err = read_number(folder, current, &usage->current);
	if (!err)
		err = read_number(folder, peak, &usage->peak);
	return err ? err : read_number(folder, max, &usage->limit);
}

static int read_cpu(int folder, struct cgroup_cpu_stats *cpu)
{
	const struct key keys[] = {
		{ "usage_usec", &cpu->usage },
		{ "user_usec", &cpu->user },
		{ "system_usec", &cpu->system },
		{ "nr_periods", &cpu->periods },
		{ "nr_throttled", &cpu->throttled_periods },
		{ "throttled_usec", &cpu->throttled },
	};

	return read_keys(folder, "cpu.stat", keys, ARRAY_SIZE(keys));
}

static int read_memory(int folder, struct cgroup_stats *stats)
{
	struct cgroup_memory_events *events = &stats->memory_events;
	const struct key keys[] = {
		{ "low", &events->low },	   { "high", &events->high },
		{ "max", &events->max },	   { "oom", &events->oom },
		{ "oom_kill", &events->oom_kill },
	};
	int err = read_usage(folder, "memory", &stats->memory);

	if (!err)
		err = read_usage(folder, "memory.swap", &stats->swap);
	if (!err)
		err = read_keys(folder, "memory.events", keys,
				ARRAY_SIZE(keys));
	return err ? err :
		     each_line(folder, "memory.stat", take_memory_stat, stats);
}

/* Sizes of pages are in the names of the files: "hugetlb.2MB.current". */
static int take_hugetlb(int folder, const struct dirent *entry, void *arg)
{
	static const char prefix[] = "hugetlb.";
	struct cgroup_stats *stats = arg;
	struct cgroup_hugetlb_stats *h;
	const char *size = entry->d_name + strlen(prefix), *dot;
	char file[64];
	int err;

	if (strncmp(entry->d_name, prefix, strlen(prefix)))
		return 0;
	dot = strchr(size, '.');
	if (!dot || strcmp(dot, ".current") ||
	    (size_t)(dot - size) >= sizeof(h->page_size))
		return 0;
	h = grow(&stats->hugetlb, &stats->n_hugetlb, sizeof(*h));
	if (!h)
		return -ENOMEM;
	memcpy(h->page_size, size, dot - size);

	const struct key keys[] = { { "max", &h->failures } };

	err = read_number(folder, entry->d_name, &h->current);
	snprintf(file, sizeof(file), "hugetlb.%s.max", h->page_size);
	if (!err)
		err = read_number(folder, file, &h->limit);
	snprintf(file, sizeof(file), "hugetlb.%s.events", h->page_size);
	return err ? err : read_keys(folder, file, keys, 1);
}

static int read_pressures(int folder, struct cgroup_stats *stats)
{
	int err = each_line(folder, "cpu.pressure", take_pressure,
			    &stats->cpu_pressure);

	if (!err)
		err = each_line(folder, "memory.pressure", take_pressure,
				&stats->memory_pressure);
	return err ? err :
		     each_line(folder, "io.pressure", take_pressure,
			       &stats->io_pressure);
}

static bool has(int folder, const char *file)
{
	return !faccessat(folder, file, F_OK, 0);
}

int cgroup_stats_read(int cgroup, struct cgroup_stats *stats,
		      struct failure *failure)
{
	int err;

	*stats = (struct cgroup_stats){
		.has_memory = has(cgroup, "memory.current"),
		.has_pids = has(cgroup, "pids.current"),
		.has_io = has(cgroup, "io.stat"),
	};
	err = read_cpu(cgroup, &stats->cpu);
	if (!err && stats->has_memory)
		err = read_memory(cgroup, stats);
	if (!err && stats->has_pids)
		err = read_usage(cgroup, "pids", &stats->pids);
	if (!err)
		err = each_line(cgroup, "io.stat", take_io, stats);
	if (!err)
		err = path_each_entry(cgroup, ".", take_hugetlb, stats);
	if (!err)
		err = read_pressures(cgroup, stats);
	if (!err)
		return 0;
	cgroup_stats_free(stats);
	return failed_errno(failure, err, "statistics of the cgroup");
}

void cgroup_stats_free(struct cgroup_stats *stats)
{
	free(stats->memory_stat);
	free(stats->io);
	free(stats->hugetlb);
	*stats = (struct cgroup_stats){ 0 };
}
