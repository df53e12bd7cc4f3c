// SPDX-License-Identifier: GPL-2.0
/* Mounts by descriptor: making, changing, attaching and comparing them. */
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

/* MOUNT_ATTR__ATIME is a number, not flags: to set it, clear the old value. */
static uint64_t cleared(uint64_t set, uint64_t clear)
{
	const uint64_t times = MOUNT_ATTR__ATIME;

	return (set | clear) & times ? clear | times : clear;
}

int plan_set_tree(int tree, uint64_t set, uint64_t clear,
		  unsigned long propagation, unsigned int flags)
{
	struct mount_attr attr = {
		.attr_set = set,
		.attr_clr = cleared(set, clear),
		.propagation = propagation,
	};

	if (!set && !clear && !propagation)
		return 0;
	return (int)raw(SYS_mount_setattr, tree, "", AT_EMPTY_PATH | flags,
			&attr, sizeof(attr));
}

int child_set_attributes(int tree, uint64_t attributes, unsigned int flags)
{
	return plan_set_tree(tree, attributes, 0, 0, flags);
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

int child_stat(int fd, struct stat *st)
{
	return (int)raw(SYS_fstat, fd, st);
}

int child_is_folder(int fd)
{
	struct stat st;
	int r = child_stat(fd, &st);

	return r ? r : S_ISDIR(st.st_mode);
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
