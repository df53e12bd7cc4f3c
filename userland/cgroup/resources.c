// SPDX-License-Identifier: GPL-2.0
/* Writing the resources of the OCI runtime-spec to a cgroup of v2, see resources.h. */
#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "resources.h"

/* Room for a number, or "max". */
#define NUMBER_LEN 24

/** struct writer - where writes go */
struct writer {
	int cgroup;
	cgroup_write_fn fn;
	void *arg;
	struct failure *failure;
};

/* Write a short text. */
static int __attribute__((format(printf, 4, 5)))
put(struct writer *w, const char *file, bool optional, const char *fmt, ...)
{
	char text[256];
	va_list ap;
	int n;

	va_start(ap, fmt);
	n = vsnprintf(text, sizeof(text), fmt, ap);
	va_end(ap);
	if (n < 0 || (size_t)n >= sizeof(text))
		return failed(w->failure, EXIT_FAILED,
			      "the value for %s of the cgroup is too long",
			      file);
	return w->fn(file, text, optional, w->arg, w->failure);
}

static bool is_set(const struct cgroup_number *number)
{
	return number->given && number->value;
}

/* A limit as the files of cgroup v2 have it. @text: NUMBER_LEN bytes */
static const char *limit_text(int64_t limit, char *text)
{
	if (limit < 0)
		return "max";
	snprintf(text, NUMBER_LEN, "%" PRId64, limit);
	return text;
}

static int put_limit(struct writer *w, const char *file,
		     const struct cgroup_number *limit)
{
	char text[NUMBER_LEN];

	return put(w, file, false, "%s", limit_text(limit->value, text));
}

/*
 * Read a number of the cgroup as it is now. Returns false if there is none: no such
 * file, or "max".
 */
static bool get_number(const struct writer *w, const char *file, uint64_t *v)
{
	char text[NUMBER_LEN];

	return w->cgroup >= 0 &&
	       file_read(w->cgroup, file, text, sizeof(text)) > 0 &&
	       !parse_u64(text, 0, UINT64_MAX, v);
}

/* The limit that swap is counted from: a new one, or the present one; 0: none. */
static int64_t memory_limit(struct writer *w, const struct cgroup_resources *r)
{
	uint64_t now;

	if (is_set(&r->memory_limit))
		return r->memory_limit.value < 0 ? 0 : r->memory_limit.value;
	return get_number(w, "memory.max", &now) && now <= INT64_MAX ? now : 0;
}

/*
 * A kernel may be built without swap accounting. Then there is no file for a limit, and
 * only a limit that would make a difference is an error.
 */
static int put_swap(struct writer *w, const struct cgroup_resources *r)
{
	static const char file[] = "memory.swap.max";
	const struct cgroup_number *swap = &r->memory_swap;
	int64_t memory;

	if (!is_set(swap) &&
	    (!is_set(&r->memory_limit) || r->memory_limit.value > 0))
		return 0;
	if (!is_set(swap) || swap->value < 0)
		return put(w, file, true, "max");
	memory = memory_limit(w, r);
	if (!memory)
		return failed(
			w->failure, EXIT_FAILED,
			"memory.swap needs memory.limit: the limit of memory and swap together is %" PRId64
			", and memory alone has no limit",
			swap->value);
	if (swap->value < memory)
		return failed(
			w->failure, EXIT_FAILED,
			"memory.swap (%" PRId64
			") is the limit of memory and swap together, and must "
			"not be below memory.limit (%" PRId64 ")",
			swap->value, memory);
	return put(w, file, swap->value == memory, "%" PRId64,
		   swap->value - memory);
}

static int check_memory(struct writer *w, const struct cgroup_resources *r)
{
	const struct cgroup_number *const limits[] = { &r->memory_limit,
						       &r->memory_swap };
	uint64_t usage;

	if (!r->memory_check_before_update ||
	    !get_number(w, "memory.current", &usage))
		return 0;
	for (size_t i = 0; i < 2; i++) {
		if (is_set(limits[i]) && limits[i]->value > 0 &&
		    (uint64_t)limits[i]->value < usage)
			return failed(
				w->failure, EXIT_FAILED,
				"cannot limit memory to %" PRId64
				" bytes: the container uses %" PRIu64
				" bytes, and the configuration asks to check that",
				limits[i]->value, usage);
	}
	return 0;
}

static int put_memory(struct writer *w, const struct cgroup_resources *r)
{
	if (check_memory(w, r) || put_swap(w, r))
		return -1;
	if (is_set(&r->memory_limit) &&
	    put_limit(w, "memory.max", &r->memory_limit))
		return -1;
	if (!is_set(&r->memory_reservation))
		return 0;
	return put_limit(w, "memory.low", &r->memory_reservation);
}

/* Map the range of cgroup v1 linearly onto 1 to 10000, with numbers beyond it cut. */
static uint64_t weight_from(int64_t v, int64_t least, int64_t most)
{
	if (v < least)
		v = least;
	if (v > most)
		v = most;
	return 1 + (v - least) * 9999 / (most - least);
}

static int put_idle(struct writer *w, const struct cgroup_resources *r,
		    int64_t when)
{
	const struct cgroup_number *idle = &r->cpu_idle;

	if (!idle->given || idle->value != when)
		return 0;
	return put(w, "cpu.idle", false, "%" PRId64, idle->value);
}

/* The kernel refuses a weight while a cgroup is idle. */
static int put_weight(struct writer *w, const struct cgroup_resources *r)
{
	if (r->cpu_idle.given && r->cpu_idle.value != 0 &&
	    r->cpu_idle.value != 1)
		return failed(w->failure, EXIT_FAILED,
			      "cpu.idle must be 0 or 1, not %" PRId64,
			      r->cpu_idle.value);
	if (put_idle(w, r, 0))
		return -1;
	if (is_set(&r->cpu_shares) &&
	    put(w, "cpu.weight", false, "%" PRIu64,
		weight_from(r->cpu_shares.value, 2, 262144)))
		return -1;
	return put_idle(w, r, 1);
}

/* A quota alone keeps the period that the cgroup has, and a period keeps the quota. */
static int put_cpu_max(struct writer *w, const struct cgroup_resources *r)
{
	char now[2 * NUMBER_LEN] = "max", number[NUMBER_LEN];
	const char *quota = now, *period;

	if (!is_set(&r->cpu_quota) && !is_set(&r->cpu_period))
		return 0;
	if (w->cgroup >= 0 &&
	    file_read(w->cgroup, "cpu.max", now, sizeof(now)) < 0)
		snprintf(now, sizeof(now), "max");
	period = strchrnul(now, ' ');
	if (is_set(&r->cpu_quota))
		quota = limit_text(r->cpu_quota.value, number);
	if (is_set(&r->cpu_period))
		return put(w, "cpu.max", false, "%.*s %" PRId64,
			   (int)strcspn(quota, " "), quota,
			   r->cpu_period.value);
	return put(w, "cpu.max", false, "%s%s", quota, period);
}

/* The kernel refuses a burst above the quota, so neither the old nor the new one may be. */
static int put_bandwidth(struct writer *w, const struct cgroup_resources *r)
{
	static const char file[] = "cpu.max.burst";

	if (r->cpu_burst.given && is_set(&r->cpu_quota) && w->cgroup >= 0 &&
	    put(w, file, false, "0"))
		return -1;
	if (put_cpu_max(w, r))
		return -1;
	if (!r->cpu_burst.given)
		return 0;
	return put(w, file, false, "%" PRId64, r->cpu_burst.value);
}

static int put_text(struct writer *w, const char *file, const char *text)
{
	if (!text || !*text)
		return 0;
	return w->fn(file, text, false, w->arg, w->failure);
}

/* The scheduler BFQ, if it is there, has the range of cgroup v1 from 1 on. */
static int put_io_weights(struct writer *w, const struct cgroup_resources *r)
{
	static const char bfq_file[] = "io.bfq.weight";
	const bool bfq = w->cgroup >= 0 &&
			 !faccessat(w->cgroup, bfq_file, F_OK, 0);
	const char *file = bfq ? bfq_file : "io.weight";

	if (is_set(&r->io_weight)) {
		int64_t v = r->io_weight.value;

		if (put(w, file, false, "%" PRId64,
			bfq ? v : (int64_t)weight_from(v, 10, 1000)))
			return -1;
	}
	for (size_t i = 0; i < r->io_weights.n; i++) {
		const struct cgroup_device_number *d =
			&r->io_weights.devices[i];

		if (put(w, file, false, "%u:%u %" PRIu64, d->major, d->minor,
			bfq ? d->value : weight_from(d->value, 10, 1000)))
			return -1;
	}
	return 0;
}

static int put_rates(struct writer *w, const char *key,
		     const struct cgroup_device_list *list)
{
	char text[NUMBER_LEN];

	for (size_t i = 0; i < list->n; i++) {
		const struct cgroup_device_number *d = &list->devices[i];

		snprintf(text, sizeof(text), "%" PRIu64, d->value);
		if (put(w, "io.max", false, "%u:%u %s=%s", d->major, d->minor,
			key, d->value ? text : "max"))
			return -1;
	}
	return 0;
}

static int put_io(struct writer *w, const struct cgroup_resources *r)
{
	if (put_io_weights(w, r) || put_rates(w, "rbps", &r->rbps) ||
	    put_rates(w, "wbps", &r->wbps) ||
	    put_rates(w, "riops", &r->riops) ||
	    put_rates(w, "wiops", &r->wiops))
		return -1;
	return 0;
}

static bool is_page_size(const char *s)
{
	const char *p = s;

	while (isalnum((unsigned char)*p))
		p++;
	return p != s && !*p && p - s < 16;
}

/* Limit what is used, and, since Linux 5.7, what is reserved. */
static int put_hugetlb(struct writer *w, const struct cgroup_hugetlb *h)
{
	char file[64];

	if (!is_page_size(h->page_size))
		return failed(w->failure, EXIT_FAILED,
			      "\"%s\" is not a size of huge pages",
			      h->page_size);
	snprintf(file, sizeof(file), "hugetlb.%s.max", h->page_size);
	if (put(w, file, false, "%" PRIu64, h->limit))
		return -1;
	snprintf(file, sizeof(file), "hugetlb.%s.rsvd.max", h->page_size);
	return put(w, file, true, "%" PRIu64, h->limit);
}

static int put_rdma(struct writer *w, const struct cgroup_rdma *r)
{
	char handles[NUMBER_LEN], objects[NUMBER_LEN];

	return put(
		w, "rdma.max", false, "%s%s%s%s%s", r->device,
		r->handles.given ? " hca_handle=" : "",
		r->handles.given ? limit_text(r->handles.value, handles) : "",
		r->objects.given ? " hca_object=" : "",
		r->objects.given ? limit_text(r->objects.value, objects) : "");
}

/* Some files take one line at a time. */
static int put_unified(struct writer *w, const struct cgroup_pair *pair)
{
	const char *dot = strchr(pair->key, '.');
	__cleanup_free char *lines = NULL;
	char *line, *rest;

	if (strchr(pair->key, '/') || !dot || dot == pair->key)
		return failed(
			w->failure, EXIT_FAILED,
			"unified: \"%s\" is not the name of a file of a cgroup",
			pair->key);
	lines = strdup(pair->value);
	if (!lines)
		return failed_errno(w->failure, -ENOMEM, "unified");
	for (line = strtok_r(lines, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		if (put_text(w, pair->key, line))
			return -1;
	}
	return 0;
}

int cgroup_resources_each(int cgroup, const struct cgroup_resources *resources,
			  cgroup_write_fn fn, void *arg,
			  struct failure *failure)
{
	const struct cgroup_resources *r = resources;
	struct writer w = { cgroup, fn, arg, failure };

	if (put_memory(&w, r) || put_weight(&w, r) || put_bandwidth(&w, r) ||
	    put_text(&w, "cpuset.cpus", r->cpus) ||
	    put_text(&w, "cpuset.mems", r->mems))
		return -1;
	if (is_set(&r->pids_limit) && put_limit(&w, "pids.max", &r->pids_limit))
		return -1;
	if (put_io(&w, r))
		return -1;
	for (size_t i = 0; i < r->n_hugetlb; i++) {
		if (put_hugetlb(&w, &r->hugetlb[i]))
			return -1;
	}
	for (size_t i = 0; i < r->n_rdma; i++) {
		if (put_rdma(&w, &r->rdma[i]))
			return -1;
	}
	for (size_t i = 0; i < r->n_unified; i++) {
		if (put_unified(&w, &r->unified[i]))
			return -1;
	}
	return 0;
}

static int write_one(const char *file, const char *text, bool optional,
		     void *arg, struct failure *failure)
{
	const int *cgroup = arg;
	int err = file_write(*cgroup, file, text);

	if (!err || (err == -ENOENT && optional))
		return 0;
	if (err == -ENOENT)
		return failed(
			failure, EXIT_FAILED,
			"cannot write \"%s\" to %s: the cgroup has no such file; the "
			"controller \"%.*s\" may not be on",
			text, file, (int)strcspn(file, "."), file);
	return failed_errno(failure, err, "cannot write \"%s\" to %s", text,
			    file);
}

int cgroup_resources_set(int cgroup, const struct cgroup_resources *resources,
			 struct failure *failure)
{
	return cgroup_resources_each(cgroup, resources, write_one, &cgroup,
				     failure);
}
