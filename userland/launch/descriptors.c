// SPDX-License-Identifier: GPL-2.0
/*
 * The descriptors that the child keeps, and their numbers:
 *
 *	0, 1, 2		stdio
 *	3 ...		the descriptors in the spec
 *	then		sync socket, report and gate, close-on-exec
 *	then		descriptors for assembling the root, closed at the start gate
 */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>

#include "child.h"
#include "raw.h"

static size_t n_inherited(const struct launch_plan *plan)
{
	return 3 + plan->process->n_fds;
}

static void keep(struct launch_plan *plan, int *fd)
{
	if (*fd >= 0)
		plan->kept[plan->n_kept++] = fd;
}

int plan_descriptors(struct launch_plan *plan, struct failure *failure)
{
	const struct process_spec *process = plan->process;
	size_t n_mounts = plan->spec ? plan->spec->n_mounts : 0;
	size_t i;

	plan->fds = calloc(process->n_fds + 1, sizeof(*plan->fds));
	plan->kept = calloc(n_inherited(plan) + 5 + plan->n_joins + n_mounts,
			    sizeof(*plan->kept));
	if (!plan->fds || !plan->kept)
		return no_memory(failure);
	for (i = 0; i < 3; i++)
		plan->kept[plan->n_kept++] = &plan->stdio[i];
	for (i = 0; i < process->n_fds; i++) {
		plan->fds[i] = process->fds[i];
		plan->kept[plan->n_kept++] = &plan->fds[i];
	}
	/* The socket does not exist yet. */
	plan->kept[plan->n_kept++] = &plan->child_sync;
	keep(plan, &plan->report_fd);
	keep(plan, &plan->gate);
	keep(plan, &plan->init_fd);
	plan->n_kept_at_gate = plan->n_kept;
	keep(plan, &plan->root_tree);
	for (i = 0; i < plan->n_joins; i++)
		keep(plan, &plan->joins[i].fd);
	for (i = 0; i < n_mounts; i++)
		keep(plan, &plan->mounts[i].tree);
	return 0;
}

/*
 * Do this before the first gate: while this process has the sync socket of another launch
 * open, the parent cannot see the end of file of that launch.
 */
static int take(struct launch_plan *plan)
{
	const int n = (int)plan->n_kept;
	int i;
	long r;

	/* They may have any numbers: first move all of them out of the way. */
	for (i = 0; i < n; i++) {
		if (*plan->kept[i] == -1)
			continue;
		r = raw(SYS_fcntl, *plan->kept[i], F_DUPFD_CLOEXEC,
			(unsigned long)n);
		if (r < 0)
			return (int)r;
		*plan->kept[i] = (int)r;
	}
	for (i = 0; i < n; i++) {
		if (*plan->kept[i] == -1) {
			raw_close(i);
			continue;
		}
		r = raw(SYS_dup3, *plan->kept[i], i,
			i < (int)n_inherited(plan) ? 0 : O_CLOEXEC);
		if (r < 0)
			return (int)r;
		*plan->kept[i] = i;
	}
	return (int)raw(SYS_close_range, (unsigned int)n, ~0U, 0U);
}

/*
 * Keep 0 to 2 occupied. If stdio will be the null device or a terminal, which cannot be
 * opened yet, use a copy of the sync socket in its place.
 */
static int hold_stdio(const struct launch_plan *plan)
{
	long r = 0;
	int i;

	for (i = 0; r >= 0 && i < 3; i++)
		if (plan->stdio[i] == -1)
			r = raw(SYS_dup3, plan->child_sync, i, O_CLOEXEC);
	return r < 0 ? (int)r : 0;
}

int child_take_descriptors(struct child *c)
{
	int r = take(c->plan);

	return r ? r : hold_stdio(c->plan);
}

int child_close_rest(struct child *c)
{
	c->host = -1;
	c->scaffold = -1;
	c->place = -1;
	c->root = -1;
	return (int)raw(SYS_close_range, (unsigned int)c->plan->n_kept_at_gate,
			~0U, 0U);
}

int child_null_stdio(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	int fd __cleanup_raw_close = -1;
	long r = 0;
	int i;

	for (i = 0; r >= 0 && i < 3; i++) {
		if (plan->stdio[i] != -1 || plan->process->terminal)
			continue;
		if (fd < 0)
			fd = child_open_null(c);
		r = fd < 0 ? fd : raw(SYS_dup3, fd, i, 0);
	}
	return r < 0 ? (int)r : 0;
}
