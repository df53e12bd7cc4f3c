// SPDX-License-Identifier: GPL-2.0
/*
 * The parent's part of mounts: options, targets, and the sources of bind mounts. A source
 * is a path of the host. The parent opens it as a detached mount, which is private unless
 * the spec says otherwise.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/vfs.h>

#include "child.h"
#include "raw.h"

/* Each mount is compared with all earlier ones. */
#define MOUNTS_MAX 10000

static int refuse(const struct mount_spec *spec, const char *why,
		  struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot mount on \"%s\": %s",
		      spec->target ? QUOTE(spec->target) : "", why);
}

static bool selinux_is_on(void)
{
	struct statfs fs;

	return !statfs("/sys/fs/selinux", &fs) &&
	       (uint32_t)fs.f_type == SELINUX_MAGIC;
}

/* "a=b,c" to { "a", "b" }, { "c", NULL } */
static int plan_options(struct mount_plan *m, struct failure *failure)
{
	const char *data = m->spec->data ? m->spec->data : "";
	char *text, *item, *rest;
	size_t n = 4;

	for (; *data; data++)
		n += *data == ',';
	m->option_text = strdup(m->spec->data ? m->spec->data : "");
	m->options = calloc(n, sizeof(*m->options));
	if (!m->option_text || !m->options)
		return no_memory(failure);

	if (m->spec->source)
		m->options[m->n_options++] =
			(struct mount_option){ "source", m->spec->source };
	/* A context may have commas. */
	if (m->spec->label && selinux_is_on())
		m->options[m->n_options++] =
			(struct mount_option){ "context", m->spec->label };
	for (text = m->option_text; (item = strtok_r(text, ",", &rest));
	     text = NULL) {
		char *value = strchr(item, '=');

		if (value)
			*value++ = '\0';
		m->options[m->n_options++] = (struct mount_option){ item,
								    value };
	}
	return 0;
}

static int set_source(struct mount_plan *m)
{
	const struct mount_spec *s = m->spec;
	unsigned int flags = s->recursive ? AT_RECURSIVE : 0;
	const unsigned long propagation = s->propagation ? s->propagation :
							   MS_PRIVATE;
	int r;

	if (!s->recursive && !s->all_set && !s->all_clear) {
		r = plan_set_tree(m->tree, s->set, s->clear, propagation, 0);
	} else {
		r = plan_set_tree(m->tree, s->all_set, s->all_clear,
				  propagation, flags);
		if (!r)
			r = plan_set_tree(m->tree, s->set, s->clear, 0, 0);
	}
	if (s->map_first)
		flags = 0;
	if (!r && s->is_mapped)
		r = plan_map_as(m->tree, s->userns, flags);
	else if (!r && s->uids && s->gids)
		r = plan_idmap(m->tree, s->uids, s->gids, flags);
	return r;
}

static int open_source(struct mount_plan *m, struct failure *failure)
{
	const struct mount_spec *s = m->spec;
	long r = raw(SYS_open_tree, s->is_open ? s->fd : AT_FDCWD,
		     s->is_open ? "" : s->source,
		     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC |
			     (s->is_open ? AT_EMPTY_PATH : 0) |
			     (s->recursive ? AT_RECURSIVE : 0));

	if (r >= 0) {
		m->tree = (int)r;
		r = set_source(m);
	}
	if (r < 0)
		return failed(failure, EXIT_ENGINE,
			      "cannot bind \"%s\" to \"%s\": %s",
			      QUOTE(s->source), QUOTE(s->target),
			      strerror((int)-r));
	return 0;
}

static int check(const struct mount_spec *spec, struct failure *failure)
{
	if (!spec->target || spec->target[0] != '/' ||
	    plan_path_is_root(spec->target))
		return refuse(spec, "the target is not a path below the root",
			      failure);
	if (!spec->type && !spec->source)
		return refuse(spec, "there is no source to bind", failure);
	if (spec->type && (spec->recursive || spec->clear || spec->all_set ||
			   spec->all_clear || spec->uids || spec->is_mapped))
		return refuse(spec,
			      "an option is asked for that only a bind has",
			      failure);
	if (spec->copy_up && (!spec->type || strcmp(spec->type, "tmpfs")))
		return refuse(spec, "only a tmpfs can start with a copy",
			      failure);
	return 0;
}

/* Mark the earlier mounts that mount @i hides. */
static void plan_cover(struct launch_plan *plan, size_t i)
{
	const char *target = plan->spec->mounts[i].target;
	struct mount_plan *m;

	if (strstr(target, ".."))
		return;
	for (m = plan->mounts; m < plan->mounts + i; m++)
		if (plan_path_is_in(m->spec->target, target))
			m->covered = true;
}

/*
 * A sysfs shows the network namespace of the process that makes it, which must have
 * CAP_SYS_ADMIN over that: root of a user namespace has none over the caller's.
 */
static bool is_sysfs_of_caller(const struct launch_plan *plan,
			       const struct mount_plan *m)
{
	const struct container_spec *spec = plan->spec;
	size_t i;

	if (strcmp(m->spec->type, "sysfs") || !plan->has_userns ||
	    spec->namespaces & CLONE_NEWNET)
		return false;
	for (i = 0; i < spec->n_joined; i++)
		if (spec->joined[i].kind == CLONE_NEWNET)
			return false;
	return true;
}

static int open_sysfs(struct mount_plan *m, struct failure *failure)
{
	m->tree = child_new_mount(m->spec->type, m->options, m->n_options,
				  m->spec->set & ~(uint64_t)MOUNT_ATTR_RDONLY);
	return m->tree < 0 ? refuse(m->spec, strerror(-m->tree), failure) : 0;
}

static int plan_mount(struct launch_plan *plan, size_t i,
		      struct failure *failure)
{
	struct mount_plan *m = &plan->mounts[i];

	m->spec = &plan->spec->mounts[i];
	if (check(m->spec, failure))
		return -1;
	if (plan_target(plan, &m->target, m->spec->target, i))
		return no_memory(failure);
	plan_cover(plan, i);
	if (!m->spec->type)
		return open_source(m, failure);
	m->no_symlinks = !strcmp(m->spec->type, "proc") ||
			 !strcmp(m->spec->type, "sysfs");
	if (plan_options(m, failure))
		return -1;
	return is_sysfs_of_caller(plan, m) ? open_sysfs(m, failure) : 0;
}

int plan_mounts(struct launch_plan *plan, struct failure *failure)
{
	size_t i, n = plan->spec->n_mounts;

	if (!n)
		return 0;
	if (n > MOUNTS_MAX)
		return failed(failure, EXIT_ENGINE,
			      "cannot launch: there are more than %d mounts",
			      MOUNTS_MAX);
	plan->mounts = calloc(n, sizeof(*plan->mounts));
	if (!plan->mounts)
		return no_memory(failure);
	for (i = 0; i < n; i++)
		plan->mounts[i].tree = -1;
	for (i = 0; i < n; i++)
		if (plan_mount(plan, i, failure))
			return -1;
	return 0;
}

void plan_mounts_free(struct launch_plan *plan)
{
	size_t i;

	if (!plan->mounts)
		return;
	for (i = 0; i < plan->spec->n_mounts; i++) {
		free(plan->mounts[i].target.path);
		free(plan->mounts[i].option_text);
		free(plan->mounts[i].options);
	}
	free(plan->mounts);
}
