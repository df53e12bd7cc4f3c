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
	  "mode=0755,size=64k,nr_inodes=1024" },
	/*
	 * 5 is the group "tty" nearly everywhere. All instances of devpts share the
	 * kernel's limit of terminals, 4096 unless somebody has set another.
	 */
	{ "devpts", "/dev/pts", "devpts", MS_NOSUID | MS_NOEXEC,
	  "newinstance,ptmxmode=0666,mode=0620,gid=5,max=256" },
	{ "shm", "/dev/shm", "tmpfs", KERNEL_FS,
	  "mode=1777,size=64m,nr_inodes=16k" },
	{ "mqueue", "/dev/mqueue", "mqueue", KERNEL_FS, NULL },
};

const size_t launch_n_default_mounts = sizeof(launch_default_mounts) /
				       sizeof(launch_default_mounts[0]);

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
		  struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot mount on \"%s\": %s",
		      spec->target ? QUOTE(spec->target) : "", why);
}

static int plan_attributes(struct mount_plan *m, struct failure *failure)
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
		return refuse(m->spec, "a flag is not supported", failure);
	return 0;
}

/* "a=b,c" to { "a", "b" }, { "c", NULL } */
static int plan_options(struct mount_plan *m, struct failure *failure)
{
	const char *data = m->spec->data ? m->spec->data : "";
	char *text, *item, *rest;
	size_t n = 2;

	for (; *data; data++)
		n += *data == ',';
	m->option_text = strdup(m->spec->data ? m->spec->data : "");
	m->options = calloc(n, sizeof(*m->options));
	if (!m->option_text || !m->options)
		return no_memory(failure);

	if (m->spec->source)
		m->options[m->n_options++] =
			(struct mount_option){ "source", m->spec->source };
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

/* The part of @path below @above, both absolute; NULL: it is not below. */
static char *part_below(char *path, const char *above)
{
	size_t len;

	for (;;) {
		path += strspn(path, "/");
		above += strspn(above, "/");
		len = strcspn(above, "/");
		if (!len)
			return *path ? path : NULL;
		if (strcspn(path, "/") != len || strncmp(path, above, len))
			return NULL;
		path += len;
		above += len;
	}
}

/*
 * The last of them, which covers what was mounted there before. What ".." leads
 * to is not known here.
 */
static void plan_parent(struct mount_plan *m, struct mount_plan *first)
{
	struct mount_plan *above;
	char *below;

	if (strstr(m->target, ".."))
		return;
	for (above = first; above < m; above++) {
		below = part_below(m->target, above->target);
		if (!below)
			continue;
		m->parent = above;
		m->below = below;
	}
	if (m->parent)
		m->no_symlinks = true;
}

static int plan_mount(struct mount_plan *m, const struct mount_spec *spec,
		      struct failure *failure)
{
	int r;

	m->spec = spec;
	m->tree = -1;
	if (!spec->target || spec->target[0] != '/' ||
	    !spec->target[strspn(spec->target, "/")])
		return refuse(spec, "the target is not a path below the root",
			      failure);
	if (!spec->type && !spec->source)
		return refuse(spec, "there is no source to bind", failure);
	m->target = strdup(spec->target);
	if (!m->target)
		return no_memory(failure);
	if (spec->type) {
		m->no_symlinks = !strcmp(spec->type, "proc") ||
				 !strcmp(spec->type, "sysfs");
		m->devices = !strcmp(spec->type, "tmpfs") &&
			     !strcmp(spec->target, "/dev");
	}
	r = plan_attributes(m, failure);
	if (!r && spec->type)
		r = plan_options(m, failure);
	return r;
}

int plan_mounts(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	size_t i;
	int r;

	if (!spec->n_mounts)
		return 0;
	plan->mounts = calloc(spec->n_mounts, sizeof(*plan->mounts));
	if (!plan->mounts)
		return no_memory(failure);
	for (i = 0; i < spec->n_mounts; i++) {
		r = plan_mount(&plan->mounts[i], &spec->mounts[i], failure);
		if (r)
			return r;
		plan_parent(&plan->mounts[i], plan->mounts);
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
		.attr_clr = attributes & MOUNT_ATTR__ATIME ? MOUNT_ATTR__ATIME :
							     0,
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

int child_attach_at(int tree, int folder, const char *name)
{
	return (int)raw(SYS_move_mount, tree, "", folder, name,
			MOVE_MOUNT_F_EMPTY_PATH);
}

static int is_folder(int tree)
{
	struct statx st;
	long r = raw(SYS_statx, tree, "", AT_EMPTY_PATH, STATX_TYPE, &st);

	return r ? (int)r : S_ISDIR(st.stx_mode);
}

static uint64_t resolve_flags(const struct mount_plan *m)
{
	return m->no_symlinks ? RESOLVE_NO_SYMLINKS : 0;
}

/*
 * A target in an earlier mount is found from that mount, whatever has become of
 * the way to it in the root.
 */
static int make_target(const struct child *c, const struct mount_plan *m,
		       bool folder)
{
	if (m->parent)
		return child_make(m->parent->tree, m->below, folder,
				  resolve_flags(m));
	return child_make(c->root, m->target, folder, resolve_flags(m));
}

static int child_mount(struct child *c, struct mount_plan *m)
{
	int target __cleanup_raw_close = -1;
	int folder = 1;
	int r;

	c->index = (uint32_t)(m - c->plan->mounts);
	if (m->spec->type)
		m->tree = child_new_mount(m->spec->type, m->options,
					  m->n_options, m->attributes);
	else
		folder = is_folder(m->tree);
	if (m->tree < 0)
		return m->tree;
	if (folder < 0)
		return folder;
	target = make_target(c, m, folder);
	if (target < 0)
		return target;
	r = folder ? child_masks(c, m) : 0;
	if (r)
		return r;
	c->stage = STAGE_MOUNT;
	c->index = (uint32_t)(m - c->plan->mounts);
	if (m->devices)
		c->devices = m->tree;
	return child_attach(m->tree, target);
}

int child_mounts(struct child *c)
{
	size_t i;
	int r;

	for (i = 0; i < c->plan->spec->n_mounts; i++) {
		r = child_mount(c, &c->plan->mounts[i]);
		if (r)
			return r;
	}
	return 0;
}

int child_is_same(int a, int b)
{
	struct statx one, two;
	long r = raw(SYS_statx, a, "", AT_EMPTY_PATH, STATX_INO | STATX_MNT_ID,
		     &one);

	if (!r)
		r = raw(SYS_statx, b, "", AT_EMPTY_PATH,
			STATX_INO | STATX_MNT_ID, &two);
	if (r)
		return (int)r;
	return one.stx_mnt_id == two.stx_mnt_id && one.stx_ino == two.stx_ino;
}

/* The container's path has to lead to the very mount. */
static int check_mount(const struct child *c, const struct mount_plan *m)
{
	int fd __cleanup_raw_close = child_open(
		c->root, m->target, O_PATH | O_DIRECTORY, resolve_flags(m));
	int r = fd < 0 ? fd : child_is_same(fd, m->tree);

	return r ? r : -ESTALE;
}

/*
 * Whoever owns the root may have moved a target to another place meanwhile, also
 * out of the root. The masks go where their file system goes, but a container
 * whose /proc is not proc is not started.
 */
int child_check_mounts(struct child *c)
{
	const struct mount_plan *m;
	int r;

	for (c->index = 0; c->index < c->plan->spec->n_mounts; c->index++) {
		m = &c->plan->mounts[c->index];
		r = m->masked || m->devices ? check_mount(c, m) : 1;
		if (r < 0)
			return r;
	}
	return 0;
}
