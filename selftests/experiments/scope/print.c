// SPDX-License-Identifier: GPL-2.0
/* Prints the lines of CSV and of the live view. */
#include <inttypes.h>

#include "scope.h"

void print_usage(const struct scope *s, const struct subject *subject,
		 const char *kind, uint64_t now)
{
	const struct usage *u = &subject->now;

	printf("%s,%s,%s,%" PRIu64 ",%" PRIu64 ",%" PRIu64 ",%" PRIu64
	       ",%" PRIu64 ",%" PRIu64 "\n",
	       s->label, subject->name, kind, (now - s->start) / 1000,
	       u->cpu / 1000, u->wait / 1000, u->slices, u->voluntary,
	       u->involuntary);
}

void print_live(struct scope *s, uint64_t now)
{
	if (!s->live || now <= s->shown_at)
		return;
	fprintf(stderr, "live\t%s", s->label);
	for (size_t i = 0; i < s->n; i++) {
		struct subject *subject = &s->subjects[i];
		uint64_t ran = subject->now.cpu - subject->shown_cpu;

		fprintf(stderr, "\t%s\t%" PRIu64, subject->name,
			100 * ran / (now - s->shown_at));
		subject->shown_cpu = subject->now.cpu;
	}
	fprintf(stderr, "\n");
	s->shown_at = now;
}
