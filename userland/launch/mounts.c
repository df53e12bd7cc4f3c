// SPDX-License-Identifier: GPL-2.0
/* The child's part of mounts: making them and attaching them to their targets. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

/* In an earlier mount no symbolic link is followed: mounts there have the paths asked for. */
static uint64_t resolve_flags(const struct mount_plan *m)
{
	const bool no_crossing = m->spec->no_crossing && !m->target.mount;

	return (m->no_symlinks ? RESOLVE_NO_SYMLINKS : 0) |
	       (no_crossing ? RESOLVE_NO_XDEV : 0);
}

static bool has_mode(const struct mount_plan *m)
{
	size_t i;

	for (i = 0; i < m->n_options; i++)
		if (!strcmp(m->options[i].key, "mode"))
			return true;
	return false;
}

/* Add the mode of the target, if that exists; plan_options() left a place for it. */
static int keep_mode(struct child *c, struct mount_plan *m)
{
	int fd __cleanup_raw_close = child_open_target(
		c, &m->target, O_PATH | O_DIRECTORY, resolve_flags(m));
	char *digit = m->mode + sizeof(m->mode) - 1;
	struct statx st;
	unsigned int mode;
	long r;

	if (fd == -ENOENT)
		return 0;
	r = fd < 0 ? fd :
		     raw(SYS_statx, fd, "", AT_EMPTY_PATH, STATX_MODE, &st);
	if (r)
		return (int)r;
	*digit = '\0';
	for (mode = st.stx_mode & 07777; mode; mode >>= 3)
		*--digit = (char)('0' + (mode & 7));
	*--digit = '0';
	m->options[m->n_options++] = (struct mount_option){ "mode", digit };
	return 0;
}

/* It becomes read-only later, see child_seal_mounts(). */
static int make_mount(struct child *c, struct mount_plan *m)
{
	const struct mount_spec *spec = m->spec;
	int r = 0;

	/* The parent has made it. */
	if (!spec->type)
		return 0;
	if (m->tree >= 0)
		return plan_set_tree(m->tree, 0, 0, spec->propagation, 0);
	if (spec->keep_mode && !has_mode(m))
		r = keep_mode(c, m);
	if (r)
		return r;
	m->tree = child_new_mount(spec->type, m->options, m->n_options,
				  spec->set & ~(uint64_t)MOUNT_ATTR_RDONLY);
	if (m->tree < 0)
		return m->tree;
	return plan_set_tree(m->tree, 0, 0, spec->propagation, 0);
}

/* Copy the content of the target, before the mount hides it. */
static int copy_up(struct child *c, const struct mount_plan *m, int target)
{
	int from __cleanup_raw_close = -1;
	int to __cleanup_raw_close = -1;

	c->stage = STAGE_COPY_UP;
	from = (int)raw(SYS_openat, target, ".",
			O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (from < 0)
		return from;
	to = (int)raw(SYS_openat, m->tree, ".",
		      O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	return to < 0 ? to : child_copy_up(from, to);
}

/* Whether the folder of the target is there. */
static bool has_folder(const struct child *c, struct mount_plan *m)
{
	struct target *target = &m->target;
	char *path = target->mount ? target->below : target->path;
	char *slash = strrchr(path, '/');
	int fd;

	if (!slash || slash == path)
		return true;
	*slash = '\0';
	fd = child_open_target(c, target, O_PATH | O_DIRECTORY,
			       resolve_flags(m));
	*slash = '/';
	raw_close(fd);
	return fd >= 0;
}

static int child_mount(struct child *c, struct mount_plan *m)
{
	int target __cleanup_raw_close = -1;
	int folder, r;

	c->stage = STAGE_MOUNT;
	c->index = (uint32_t)(m - c->plan->mounts);
	r = make_mount(c, m);
	if (r)
		return r;
	folder = m->spec->type ? 1 : child_is_folder(m->tree);
	if (folder < 0)
		return folder;
	target = child_make_target(c, &m->target, folder, resolve_flags(m));
	if (target < 0)
		return target;
	r = folder ? child_mask_mount(c, m) : 0;
	if (!r && m->spec->copy_up)
		r = copy_up(c, m, target);
	if (r)
		return r;
	c->stage = STAGE_MOUNT;
	c->index = (uint32_t)(m - c->plan->mounts);
	return child_attach(m->tree, target);
}

int child_mounts(struct child *c)
{
	size_t i;
	int r;

	for (i = 0; i < c->plan->spec->n_mounts; i++) {
		struct mount_plan *m = &c->plan->mounts[i];
		const bool optional = m->spec->optional;

		if (optional && !has_folder(c, m))
			continue;
		r = child_mount(c, m);
		if (r && !optional)
			return r;
	}
	return 0;
}

int child_seal_mounts(struct child *c)
{
	const struct mount_plan *m;
	int r = 0;

	for (c->index = 0; c->index < c->plan->spec->n_mounts; c->index++) {
		m = &c->plan->mounts[c->index];
		if (m->spec->type && m->spec->set & MOUNT_ATTR_RDONLY)
			r = child_set_attributes(m->tree, MOUNT_ATTR_RDONLY, 0);
		if (r)
			return r;
	}
	return 0;
}

/* Check that the path in the container leads to the mount. */
static int check_mount(const struct child *c, const struct mount_plan *m)
{
	int fd __cleanup_raw_close = child_open(c->root, m->target.path,
						O_PATH | O_DIRECTORY,
						resolve_flags(m));
	int r = fd < 0 ? fd : child_is_same(fd, m->tree);

	return r ? r : -ESTALE;
}

/*
 * The owner of the root may have moved a target meanwhile, even out of the root. The
 * masks move with their file system. But do not start a container whose /proc is not
 * proc.
 */
int child_check_mounts(struct child *c)
{
	const struct mount_plan *m;
	int r;

	for (c->index = 0; c->index < c->plan->spec->n_mounts; c->index++) {
		m = &c->plan->mounts[c->index];
		if (m->covered || (!m->masked && !m->devices))
			continue;
		r = check_mount(c, m);
		if (r < 0)
			return r;
	}
	return 0;
}
