// SPDX-License-Identifier: GPL-2.0
/*
 * Measures how far above its hard limit a container gets, and how soon it is killed.
 *
 * The figures do not come from the module. What a workload has at the start is read
 * from its page tables, what it takes from its record, and the time of SIGKILL from
 * the kernel's tracer.
 */
#include <signal.h>

#include "measure.h"

/* After this time a workload counts as survived. */
#define PATIENCE_MS 60000
#define BATCH	    64

struct scenario {
	const char *name;
	const char *how; /* the first argument of grow */
	unsigned int workers;
	bool own_cgroup;
	bool traced; /* the kernel fills in the pages: trace them */
	bool huge;
};

static const struct scenario scenarios[] = {
	{ .name = "one thread", .how = "threads", .workers = 1 },
	{ .name = "8 threads", .how = "threads", .workers = 8 },
	{ .name = "16 processes", .how = "processes", .workers = 16 },
	{ .name = "huge pages", .how = "huge", .workers = 1, .huge = true },
	{ .name = "MAP_POPULATE",
	  .how = "populate",
	  .workers = 1,
	  .traced = true },
	{ .name = "shared memory", .how = "shared", .workers = 1 },
	{ .name = "copy on write",
	  .how = "unshare",
	  .workers = 16,
	  .own_cgroup = true },
};

/* struct side - what is compared; the most interesting pairs are neighbours */
struct side {
	const char *name;
	unsigned int fault_accounting;
	unsigned int sweep_ms; /* 0: a memory cgroup, and no module */
};

static const struct side sides[] = {
	{ .name = "poll 1 s", .sweep_ms = 1000 },
	{ .name = "poll 100 ms", .sweep_ms = 100 },
	{ .name = "poll 10 ms", .sweep_ms = 10 },
	{ .name = "fault", .fault_accounting = 1, .sweep_ms = 1000 },
	{ .name = "cgroup" },
};

#define N_SCENARIOS (sizeof(scenarios) / sizeof(*scenarios))
#define N_SIDES	    (sizeof(sides) / sizeof(*sides))

static bool cannot[N_SIDES]; /* not supported, and said so already */

struct sample {
	const struct config *config;
	const struct scenario *scenario;
	const struct side *side;
	struct workload workload;
	int cgroup;
	uint64_t room;	 /* how much may be taken below the limit */
	uint64_t before; /* the figure that the limit applies to, at the start */
	uint64_t limit;
	uint64_t usage;		  /* the same figure in the module's record */
	uint64_t taken;		  /* how much was taken until its death */
	uint64_t crossed, killed; /* times in ns; 0: never */
	const char *end;
};

/*
 * Load the module anew for each sample: otherwise a sweep that was put off by a second
 * when the last container ended would be the first sweep of this sample.
 */
static bool prepare(struct sample *s)
{
	const struct side *side = s->side;

	if (!side->sweep_ms)
		return true;
	module_load(s->config->module);
	if (!module_parameter("fault_accounting", side->fault_accounting) &&
	    side->fault_accounting) {
		module_unload();
		return false;
	}
	if (!module_parameter("sweep_ms", side->sweep_ms))
		fail("measure: the module has no sweep_ms");
	return true;
}

/*
 * Kernels count pages in batches of 64 for each thread or CPU: place the limit at
 * random within a batch.
 */
static void choose_room(struct sample *s)
{
	s->room = s->config->room;
	if (!s->scenario->huge)
		s->room -= random() % BATCH * BENCH_PAGE;
}

static void start(struct sample *s)
{
	const struct scenario *scenario = s->scenario;
	unsigned long bytes = s->config->room + s->config->most;
	char workers[16], kib[24];
	char *argv[] = { "grow", (char *)scenario->how, workers, kib, NULL };

	snprintf(workers, sizeof(workers), "%u", scenario->workers);
	snprintf(kib, sizeof(kib), "%lu", bytes / 1024);
	record_clear();
	workload_start(&s->workload, argv, scenario->workers, s->cgroup);
	if (scenario->traced)
		trace_pages(s->workload.pid);
}

/*
 * Count each page once if the processes have a cgroup of their own. Of file pages count
 * only what that cgroup is charged with: the program itself, which other processes have
 * read before, is not charged to it.
 */
static uint64_t each_page_once(const struct sample *s, const struct memory *m)
{
	uint64_t file = cgroup_file(s->cgroup);

	return (m->own + (m->file < file ? m->file : file)) & -BENCH_PAGE;
}

/*
 * Measure the figure that the limit applies to: for a memory cgroup all that it is
 * charged with; for the module the RSS of each process or, see above, each page once.
 */
static void measure_before(struct sample *s)
{
	struct memory memory;

	workload_memory(&s->workload, &memory);
	if (s->scenario->huge && !memory.huge) {
		fprintf(stderr, "measure: this machine gives no huge pages\n");
		exit(1);
	}
	if (!s->side->sweep_ms)
		s->before = cgroup_read(s->cgroup, "memory.current");
	else if (s->scenario->own_cgroup)
		s->before = each_page_once(s, &memory);
	else
		s->before = memory.rss;
	s->limit = s->before + s->room;
}

/*
 * Set the limit. Sleep for a random part of the poll interval, so that the next poll
 * comes at any time after the start. Returns false if the container has died already.
 */
static bool hold_to_limit(struct sample *s)
{
	struct purser_container record;
	struct workload *w = &s->workload;

	if (!s->side->sweep_ms) {
		cgroup_write(s->cgroup, "memory.swap.max", 0);
		cgroup_write(s->cgroup, "memory.oom.group", 1);
		cgroup_write(s->cgroup, "memory.max", s->limit);
		return true;
	}
	if (!module_register("sample", w->pid, s->limit))
		return false;
	sleep_for(random() % s->side->sweep_ms);
	module_record("sample", &record);
	s->usage = record.usage;
	return record.state != PURSER_STATE_KILLING &&
	       record.state != PURSER_STATE_EXITED;
}

/* The last time in @times that is not after @end, or 0. */
static uint64_t last_before(const uint64_t *times, size_t n, uint64_t end)
{
	while (n && times[n - 1] > end)
		n--;
	return n ? times[n - 1] : 0;
}

/*
 * A memory cgroup refuses the page that would exceed its limit. Therefore the crossing
 * is the last page that was touched before the kill.
 */
static void find_crossing(struct sample *s, const uint64_t *times, size_t n)
{
	size_t crossing = s->room / BENCH_PAGE;

	if (!s->side->sweep_ms)
		s->crossed = last_before(times, n, s->killed);
	else if (n > crossing)
		s->crossed = times[crossing];
}

static void read_record(struct sample *s)
{
	uint64_t *times;
	size_t n = record_stamps(&times), all = n;

	if (s->scenario->traced)
		n = trace_page_times(times, RECORD_SLOTS, &all);
	find_crossing(s, times, n);
	free(times);
	s->taken = all * BENCH_PAGE;
	if (s->scenario->huge)
		s->taken = (s->taken + BENCH_HUGE - 1) & -BENCH_HUGE;
	if (!s->side->sweep_ms)
		s->taken = cgroup_read(s->cgroup, "memory.peak") - s->before;
}

static void run(struct sample *s)
{
	trace_kills();
	workload_go(&s->workload);
	s->end = "killed";
	if (!workload_ended(&s->workload, PATIENCE_MS)) {
		s->end = "survived";
		kill(s->workload.pid, SIGKILL);
	}
	workload_reap(&s->workload);
	if (!strcmp(s->end, "killed"))
		s->killed = trace_first_kill("grow");
	read_record(s);
	/* It had taken all its memory before the kill: the overshoot could be larger. */
	if (!strcmp(s->end, "killed") &&
	    s->taken + BENCH_HUGE >= s->config->room + s->config->most)
		s->end = "full";
}

/* Fail if the container has ended for another reason than its limit. */
static void check_end(struct sample *s)
{
	struct purser_container record;

	if (!s->side->sweep_ms || !strcmp(s->end, "survived"))
		return;
	module_record("sample", &record);
	if (record.reason == PURSER_REASON_HARD_LIMIT_KILLED)
		return;
	fprintf(stderr,
		"measure: %s, %s: the container ended for another reason: %s\n",
		s->scenario->name, s->side->name,
		purser_reason_name(record.reason));
	exit(1);
}

static void print(const struct sample *s, unsigned long round)
{
	bool early = !strcmp(s->end, "early");

	printf("limit\t%s\t%s\t%lu\t%s\t%llu\t%llu\t", s->scenario->name,
	       s->side->name, round, s->end, (unsigned long long)s->before,
	       (unsigned long long)s->limit);
	if (s->usage)
		printf("%llu\t", (unsigned long long)s->usage);
	else
		printf("-\t");
	if (early)
		printf("-\t");
	else
		printf("%lld\t", (long long)(s->taken - s->room));
	if (s->killed && s->crossed && s->killed > s->crossed)
		say("%llu\n", (unsigned long long)(s->killed - s->crossed));
	else
		say("%s\n", s->killed && s->crossed ? "0" : "-");
}

static void take(struct sample *s, unsigned long round)
{
	if (s->scenario->own_cgroup || !s->side->sweep_ms)
		s->cgroup = cgroup_make();
	choose_room(s);
	start(s);
	measure_before(s);
	if (hold_to_limit(s)) {
		run(s);
	} else {
		s->end = "early";
		workload_reap(&s->workload);
		read_record(s);
	}
	check_end(s);
	print(s, round);
	if (s->cgroup >= 0)
		cgroup_remove(s->cgroup);
	if (s->side->sweep_ms)
		module_unload();
}

static bool has_cgroups(void)
{
	int dir = cgroup_make();

	if (dir >= 0)
		cgroup_remove(dir);
	return dir >= 0;
}

static void take_one(const struct config *config, size_t scenario, size_t side,
		     unsigned long round)
{
	struct sample s = {
		.config = config,
		.scenario = &scenarios[scenario],
		.side = &sides[side],
		.cgroup = -1,
	};

	if (cannot[side])
		return;
	if (prepare(&s)) {
		take(&s, round);
		return;
	}
	cannot[side] = true;
	say("cannot\t%s\tthis module has no fault accounting\n", s.side->name);
}

void measure_limits(const struct config *config)
{
	if (!has_cgroups()) {
		fprintf(stderr, "measure: there is no memory controller in "
				"/sys/fs/cgroup (version 2)\n");
		exit(1);
	}
	record_make();
	trace_start();
	for (unsigned long round = 1; round <= config->count; round++) {
		for (size_t i = 0; i < N_SCENARIOS; i++)
			for (size_t j = 0; j < N_SIDES; j++)
				take_one(config, i, j, round);
		fprintf(stderr, "# limits: round %lu of %lu\n", round,
			config->count);
	}
}
