// SPDX-License-Identifier: GPL-2.0
/* The mounts inside the container: the defaults, and how any is made. */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "plan.h"
#include "raw.h"

#define KERNEL_FS (MS_NOSUID | MS_NODEV | MS_NOEXEC)

const struct mount_spec launch_default_mounts[] = {
	{ "proc", "/proc", "proc", KERNEL_FS, NULL },
	{ "sysfs", "/sys", "sysfs", KERNEL_FS | MS_RDONLY, NULL },
	{ "tmpfs", "/dev", "tmpfs", MS_NOSUID | MS_NOEXEC | MS_STRICTATIME,
	  "mode=0755,size=64k" },
	/* 5 is the group "tty" nearly everywhere. */
	{ "devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	  "newinstance,ptmxmode=0666,mode=0620,gid=5" },
	{ "shm", "/dev/shm", "tmpfs", KERNEL_FS, "mode=1777,size=64m" },
	{ "mqueue", "/dev/mqueue", "mqueue", KERNEL_FS, NULL },
};

const size_t launch_n_default_mounts =
	sizeof(launch_default_mounts) / sizeof(launch_default_mounts[0]);

static const struct {
	unsigned long flag;
	uint64_t attribute;
} attributes[] = {
	/*
	 * Of the mount, never of the file system: sysfs and proc are the same
	 * file system in many mounts, the host's too.
	 */
	{ MS_RDONLY, MOUNT_ATTR_RDONLY },
	{ MS_NOSUID, MOUNT_ATTR_NOSUID },
	{ MS_NODEV, MOUNT_ATTR_NODEV },
	{ MS_NOEXEC, MOUNT_ATTR_NOEXEC },
	{ MS_NOATIME, MOUNT_ATTR_NOATIME },
	{ MS_STRICTATIME, MOUNT_ATTR_STRICTATIME },
	{ MS_NODIRATIME, MOUNT_ATTR_NODIRATIME },
	{ MS_RELATIME, MOUNT_ATTR_RELATIME },
};

static int refuse(const struct mount_spec *spec, const char *why,
		  struct launch_error *err)
{
	return launch_fail(err, 125, -EINVAL, "cannot mount on \"%s\": %s",
			   spec->target ? QUOTE(spec->target) : "", why);
}

static int plan_attributes(struct mount_plan *m, struct launch_error *err)
{
	unsigned long left = m->spec->flags;
	size_t i;

	for (i = 0; i < sizeof(attributes) / sizeof(attributes[0]); i++) {
		if (!(left & attributes[i].flag))
			continue;
		m->attributes |= attributes[i].attribute;
		left &= ~attributes[i].flag;
	}
	if (!m->spec->type) {
		m->recursive = left & MS_REC;
		left &= ~(unsigned long)(MS_BIND | MS_REC);
	}
	if (left)
		return refuse(m->spec, "a flag is not supported", err);
	return 0;
}

/* "a=b,c" to { "a", "b" }, { "c", NULL } */
static int plan_options(struct mount_plan *m, struct launch_error *err)
{
	const char *data = m->spec->data ? m->spec->data : "";
	char *text, *item, *rest;
	size_t n = 2;

	for (; *data; data++)
		n += *data == ',';
	m->option_text = strdup(m->spec->data ? m->spec->data : "");
	m->options = calloc(n, sizeof(*m->options));
	if (!m->option_text || !m->options)
		return launch_fail_memory(err);

	if (m->spec->source)
		m->options[m->n_options++] =
			(struct mount_option){ "source", m->spec->source };
	for (text = m->option_text; (item = strtok_r(text, ",", &rest));
	     text = NULL) {
		char *value = strchr(item, '=');

		if (value)
			*value++ = '\0';
		m->options[m->n_options++] =
			(struct mount_option){ item, value };
	}
	return 0;
}

static int plan_mount(struct mount_plan *m, const struct mount_spec *spec,
		      struct launch_error *err)
{
	int r;

	m->spec = spec;
	m->tree = -1;
	if (!spec->target || spec->target[0] != '/' ||
	    !spec->target[strspn(spec->target, "/")])
		return refuse(spec, "the target is not a path below the root", err);
	if (!spec->type && !spec->source)
		return refuse(spec, "there is no source to bind", err);
	m->target = strdup(spec->target);
	if (!m->target)
		return launch_fail_memory(err);
	if (spec->type) {
		m->no_symlinks = !strcmp(spec->type, "proc") ||
				 !strcmp(spec->type, "sysfs");
		m->devices = !strcmp(spec->type, "tmpfs") &&
			     !strcmp(spec->target, "/dev");
	}
	r = plan_attributes(m, err);
	if (!r && spec->type)
		r = plan_options(m, err);
	return r;
}

int plan_mounts(struct launch_plan *plan, struct launch_error *err)
{
	const struct container_spec *spec = plan->spec;
	size_t i;
	int r;

	if (!spec->n_mounts)
		return 0;
	plan->mounts = calloc(spec->n_mounts, sizeof(*plan->mounts));
	if (!plan->mounts)
		return launch_fail_memory(err);
	for (i = 0; i < spec->n_mounts; i++) {
		r = plan_mount(&plan->mounts[i], &spec->mounts[i], err);
		if (r)
			return r;
	}
	return 0;
}

void plan_mounts_free(struct launch_plan *plan)
{
	size_t i;

	if (!plan->mounts)
		return;
	for (i = 0; i < plan->spec->n_mounts; i++) {
		free(plan->mounts[i].target);
		free(plan->mounts[i].option_text);
		free(plan->mounts[i].options);
	}
	free(plan->mounts);
}

/* Bind mounts: their sources are the host's, so they are opened before pivot. */
int child_mount_sources(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	struct mount_plan *m;
	unsigned int flags;
	long r;

	for (c->index = 0; c->index < spec->n_mounts; c->index++) {
		m = &c->plan->mounts[c->index];
		if (m->spec->type)
			continue;
		flags = m->recursive ? AT_RECURSIVE : 0;
		r = raw(SYS_open_tree, AT_FDCWD, m->spec->source,
			OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | flags);
		if (r < 0)
			return (int)r;
		m->tree = (int)r;
		r = child_set_attributes(m->tree, m->attributes, flags);
		if (r)
			return (int)r;
	}
	return 0;
}

int child_set_attributes(int tree, uint64_t attributes, unsigned int flags)
{
	struct mount_attr attr = {
		.attr_set = attributes,
		/* A number in these bits, not flags: out with the old one. */
		.attr_clr = attributes & MOUNT_ATTR__ATIME ?
			MOUNT_ATTR__ATIME : 0,
	};

	if (!attributes)
		return 0;
	return (int)raw(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | flags,
			&attr, sizeof(attr));
}

int child_new_mount(const char *type, const struct mount_option *options,
		    size_t n_options, uint64_t attributes)
{
	int fs __cleanup_raw_close = (int)raw(SYS_fsopen, type, FSOPEN_CLOEXEC);
	const struct mount_option *o;
	long r;

	if (fs < 0)
		return fs;
	for (o = options; o < options + n_options; o++) {
		r = raw(SYS_fsconfig, fs,
			o->value ? FSCONFIG_SET_STRING : FSCONFIG_SET_FLAG,
			o->key, o->value, 0);
		if (r)
			return (int)r;
	}
	r = raw(SYS_fsconfig, fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r)
		return (int)r;
	return (int)raw(SYS_fsmount, fs, FSMOUNT_CLOEXEC,
			(unsigned int)attributes);
}

int child_attach(int tree, int target)
{
	return (int)raw(SYS_move_mount, tree, "", target, "",
			MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static int is_folder(int tree)
{
	struct statx st;
	long r = raw(SYS_statx, tree, "", AT_EMPTY_PATH, STATX_TYPE, &st);

	return r ? (int)r : S_ISDIR(st.stx_mode);
}

static int child_mount(struct child *c, struct mount_plan *m)
{
	int target __cleanup_raw_close = -1;
	int folder = 1;
	int r;

	if (m->spec->type)
		m->tree = child_new_mount(m->spec->type, m->options,
					  m->n_options, m->attributes);
	else
		folder = is_folder(m->tree);
	if (m->tree < 0)
		return m->tree;
	if (folder < 0)
		return folder;
	target = child_make(m->target, folder,
			    m->no_symlinks ? RESOLVE_NO_SYMLINKS : 0);
	if (target < 0)
		return target;
	r = child_attach(m->tree, target);
	if (!r && m->devices)
		c->devices = m->tree;
	else
		raw_close(m->tree);
	return r;
}

int child_mounts(struct child *c)
{
	int r;

	for (c->index = 0; c->index < c->plan->spec->n_mounts; c->index++) {
		r = child_mount(c, &c->plan->mounts[c->index]);
		if (r)
			return r;
	}
	return 0;
}
