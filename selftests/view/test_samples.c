// SPDX-License-Identifier: GPL-2.0
/* Tests the samples of what containers use: the part of a CPU, and the order. */
#include "tap.h"
#include "view/samples.h"

static void add(struct samples *to, const char *name, uint64_t id,
		uint64_t cpu_time, uint64_t usage, int64_t at)
{
	struct purser_container c = {
		.id = id,
		.cpu_time = cpu_time,
		.usage = usage,
		.peak = usage + id,
		.processes = id,
		.registered_at = id * 1000,
	};

	snprintf(c.name, sizeof(c.name), "%s", name);
	if (id != 2)
		c.soft_limit = 100 * id;
	c.hard_limit = 200;
	if (samples_add(to, &c, at))
		bail("no memory");
}

/* The names in that order, with a blank after each. */
static const char *order(struct samples *s, enum sample_column by, bool reverse)
{
	static char text[256];
	size_t n = 0;

	samples_sort(s, by, reverse);
	text[0] = '\0';
	for (size_t i = 0; i < s->n; i++)
		n += snprintf(text + n, sizeof(text) - n, "%s ",
			      s->all[i].record.name);
	return text;
}

int main(void)
{
	struct sampler s = { 0 };

	add(&s.before, "b", 1, 1000, 0, 10000);
	add(&s.before, "a", 2, 1000, 0, 10000);
	add(&s.before, "old", 4, 1000, 0, 10000);
	add(&s.now, "b", 1, 1500, 70, 11000);
	add(&s.now, "a", 2, 3000, 50, 11000);
	add(&s.now, "c", 3, 9000, 70, 11000);
	samples_compare(&s.now, &s.before);
	ok(s.now.all[0].has_cpu && s.now.all[0].percent == 50, "half of a CPU");
	ok(s.now.all[1].has_cpu && s.now.all[1].percent == 200, "two CPUs");
	ok(!s.now.all[2].has_cpu, "a new container has no sample before");

	s.before.all[0].record.cpu_time = 2000;
	s.before.all[1].at = 11000;
	samples_compare(&s.now, &s.before);
	ok(!s.now.all[0].has_cpu, "a time that has decreased says nothing");
	ok(!s.now.all[1].has_cpu, "nor do two samples of one time");
	s.before.all[0].record.cpu_time = 1000;
	s.before.all[1].at = 10000;
	samples_compare(&s.now, &s.before);

	is_str(order(&s.now, SAMPLE_NAME, false), "a b c ", "by name");
	is_str(order(&s.now, SAMPLE_NAME, true), "c b a ", "by name, reversed");
	is_str(order(&s.now, SAMPLE_CPU, false), "a b c ",
	       "by CPU; one without a number is the last");
	is_str(order(&s.now, SAMPLE_USAGE, false), "b c a ",
	       "by usage; equal ones by id");
	is_str(order(&s.now, SAMPLE_USAGE, true), "a b c ",
	       "equal ones stay in the order of ids");
	is_str(order(&s.now, SAMPLE_OF_SOFT, false), "b c a ",
	       "by part of the soft limit; one without a limit is the last");
	is_str(order(&s.now, SAMPLE_OF_HARD, false), "b c a ",
	       "by part of the hard limit");
	is_str(order(&s.now, SAMPLE_PEAK, false), "c b a ", "by peak");
	is_str(order(&s.now, SAMPLE_PROCS, false), "c a b ", "by processes");
	is_str(order(&s.now, SAMPLE_AGE, false), "b a c ",
	       "by age, the oldest first");
	s.now.n = 0;
	is_str(order(&s.now, SAMPLE_AGE, false), "", "none can be sorted");
	sampler_free(&s);
	return tap_end();
}
