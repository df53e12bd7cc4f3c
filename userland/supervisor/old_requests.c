// SPDX-License-Identifier: GPL-2.0
/* A bound for old requests, see old_requests.h. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "kept.h"
#include "old_requests.h"

struct old_request {
	char *id;
	struct timespec time;
};

int old_requests_add(struct old_requests *old, const char *state,
		     const char *id)
{
	struct old_request *all = reallocarray(old->all, old->n + 1,
					       sizeof(*all));
	struct old_request *one;
	int err;

	if (!all)
		return -ENOMEM;
	old->all = all;
	one = &all[old->n];
	err = kept_time(state, id, &one->time);
	if (err)
		return err;
	one->id = strdup(id);
	if (!one->id)
		return -ENOMEM;
	old->n++;
	return 0;
}

static int compare(const void *a, const void *b)
{
	const struct timespec *x = &((const struct old_request *)a)->time;
	const struct timespec *y = &((const struct old_request *)b)->time;

	if (x->tv_sec != y->tv_sec)
		return x->tv_sec < y->tv_sec ? -1 : 1;
	return (x->tv_nsec > y->tv_nsec) - (x->tv_nsec < y->tv_nsec);
}

int old_requests_trim(struct old_requests *old, const char *state, size_t max)
{
	int first_err = 0;

	if (old->n <= max)
		return 0;
	qsort(old->all, old->n, sizeof(*old->all), compare);
	for (size_t i = 0; i < old->n - max; i++) {
		int err = kept_remove(state, old->all[i].id);

		if (err && err != -ENOENT && !first_err)
			first_err = err;
	}
	return first_err;
}

void old_requests_free(struct old_requests *old)
{
	for (size_t i = 0; i < old->n; i++)
		free(old->all[i].id);
	free(old->all);
	*old = (struct old_requests){ 0 };
}
