// SPDX-License-Identifier: GPL-2.0
/*
 * Mounting a layer. The options of the overlay name folders by descriptor, as in
 * /proc/thread-self/fd/5. A path of the host might contain characters with a meaning in
 * these options, or might lead to another folder by then.
 *
 * The kernel requires folders in the caller's mount namespace, and a detached image is
 * in none, nor is a mount with mapped ids. So a thread makes a mount namespace of its own
 * and attaches image and base there. The overlay does not need that namespace afterwards.
 *
 * The kernel changes the layer with the ids that the thread has now. If the layer's ids are
 * mapped, these must be ids that have a place there: those of the container's root.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <pthread.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/file.h"
#include "base/quote.h"
#include "image.h"
#include "overlay.h"

static const char *const folders[] = {
	OVERLAY_UPPER,
	OVERLAY_WORK,
};

/** struct layer - a layer that is being mounted */
struct layer {
	int base;
	int state; /* the folder with upper and work: the state folder, or the image */
	bool reuse;
	bool is_image;
	const struct overlay_map *map; /* NULL: none */
	int result;
};

static int refuse(const char *what, const char *path, int err,
		  struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot use the %s \"%s\": %s",
		      what, QUOTE(path), strerror(-err));
}

/* The container sees owner and mode of the upper folder at "/": copy those of the base. */
static int copy_mode(int state, const char *name, int base)
{
	struct stat st;

	if (fstat(base, &st) ||
	    fchownat(state, name, st.st_uid, st.st_gid, AT_SYMLINK_NOFOLLOW) ||
	    fchmodat(state, name, st.st_mode & 07777, 0))
		return -errno;
	return 0;
}

static void remove_folders(int state, size_t n)
{
	while (n--)
		unlinkat(state, folders[n], AT_REMOVEDIR);
}

static int make_folders(const struct layer *layer)
{
	bool is_new = true;
	size_t i;
	int err = 0;

	for (i = 0; i < ARRAY_SIZE(folders); i++) {
		if (!mkdirat(layer->state, folders[i], 0700))
			continue;
		if (errno != EEXIST || !layer->reuse) {
			err = -errno;
			break;
		}
		is_new = false;
	}
	if (!err && is_new)
		err = copy_mode(layer->state, OVERLAY_UPPER, layer->base);
	if (err)
		remove_folders(layer->state, i);
	return err;
}

static int set_folder(int fs, const char *key, int folder)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/thread-self/fd/%d", folder);
	return fsconfig(fs, FSCONFIG_SET_STRING, key, path, 0) ? -errno : 0;
}

static int open_folder(int folder, const char *name)
{
	return file_open(folder, name, O_PATH | O_DIRECTORY | O_NOFOLLOW);
}

/* @lower, @state: folders in the caller's mount namespace */
static int make_overlay(int lower, int state)
{
	int upper __cleanup_close = open_folder(state, OVERLAY_UPPER);
	int work __cleanup_close = open_folder(state, OVERLAY_WORK);
	int fs __cleanup_close = -1;
	int err = upper < 0 ? upper : work < 0 ? work : 0;
	int tree;

	if (err)
		return err;
	fs = fsopen("overlay", FSOPEN_CLOEXEC);
	if (fs < 0 || fsconfig(fs, FSCONFIG_SET_STRING, "source", "overlay", 0))
		return -errno;
	err = set_folder(fs, "lowerdir", lower);
	if (!err)
		err = set_folder(fs, "upperdir", upper);
	if (!err)
		err = set_folder(fs, "workdir", work);
	if (err)
		return err;
	if (fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0))
		return -errno;
	tree = fsmount(fs, FSMOUNT_CLOEXEC, MOUNT_ATTR_NODEV);
	return tree < 0 ? -errno : tree;
}

/* Attach @tree over "/". Its folders are then used by descriptor, not by path. */
static int attach(int tree)
{
	return move_mount(tree, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH) ?
		       -errno :
		       0;
}

/*
 * The copy of a shared mount is shared, too: what is mounted on it would appear on the
 * original.
 */
static int clone_folder(int folder)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };
	int tree __cleanup_close = open_tree(
		folder, "",
		OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);

	if (tree < 0 ||
	    mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)))
		return -errno;
	return take_fd(&tree);
}

static int map_ids(int tree, const struct overlay_map *map)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP };

	if (!map)
		return 0;
	attr.userns_fd = (uint64_t)map->userns;
	return mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr)) ?
		       -errno :
		       0;
}

/*
 * Change the ids of this thread for files, and keep its capabilities. The functions of the C
 * library would change the ids of all threads.
 */
static int become(uid_t id)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct caps[_LINUX_CAPABILITY_U32S_3];

	if (syscall(SYS_capget, &header, caps))
		return -errno;
	syscall(SYS_setfsgid, id);
	syscall(SYS_setfsuid, id);
	return syscall(SYS_capset, &header, caps) ? -errno : 0;
}

static int mount_attached(const struct layer *layer)
{
	int base __cleanup_close = clone_folder(layer->base);
	int copy __cleanup_close = layer->is_image ? -1 :
						     clone_folder(layer->state);
	const int state = layer->is_image ? layer->state : copy;
	int err = base < 0 ? base : state < 0 ? state : 0;

	if (!err)
		err = map_ids(base, layer->map);
	if (!err)
		err = map_ids(state, layer->map);
	if (!err && (unshare(CLONE_NEWNS) ||
		     mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL)))
		err = -errno;
	if (!err)
		err = attach(state);
	if (!err)
		err = attach(base);
	if (!err && layer->map)
		err = become(layer->map->root);
	return err ? err : make_overlay(base, state);
}

/* The namespace ends with the thread. */
static void *mount_main(void *arg)
{
	struct layer *layer = arg;

	layer->result = mount_attached(layer);
	return NULL;
}

static int mount_in_thread(struct layer *layer)
{
	pthread_t thread;
	int err = pthread_create(&thread, NULL, mount_main, layer);

	if (err)
		return -err;
	pthread_join(thread, NULL);
	return layer->result;
}

static int open_base(const struct overlay_spec *spec)
{
	int fd;

	if (spec->base_fd < 0)
		return file_open(AT_FDCWD, spec->base, O_PATH | O_DIRECTORY);
	fd = fcntl(spec->base_fd, F_DUPFD_CLOEXEC, 0);
	return fd < 0 ? -errno : fd;
}

static int check_base(int base)
{
	struct stat st;

	if (base < 0)
		return base;
	if (fstat(base, &st))
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

static int mount_in(const struct overlay_spec *spec, int base, int state,
		    struct failure *failure)
{
	int image __cleanup_close = -1;
	struct layer layer = { .base = base,
			       .state = state,
			       .reuse = spec->reuse,
			       .is_image = spec->image_bytes,
			       .map = spec->map };
	int err = 0;

	if (spec->image_bytes)
		layer.state = image = err = image_mount(state,
							spec->image_bytes);
	if (err >= 0)
		err = make_folders(&layer);
	if (err == -EEXIST)
		return failed(
			failure, EXIT_ENGINE,
			"cannot use the state folder \"%s\": it holds an earlier container's files",
			QUOTE(spec->state_dir));
	if (err < 0) {
		if (image >= 0)
			unlinkat(state, IMAGE_NAME, 0);
		return refuse("state folder", spec->state_dir, err, failure);
	}
	err = image < 0 && !layer.map ? make_overlay(base, state) :
					mount_in_thread(&layer);
	if (err >= 0)
		return err;
	if (image >= 0)
		unlinkat(state, IMAGE_NAME, 0);
	else
		remove_folders(state, ARRAY_SIZE(folders));
	return failed(
		failure, EXIT_ENGINE,
		"cannot mount an overlay of \"%s\" in \"%s\": %s%s",
		QUOTE(spec->base), QUOTE(spec->state_dir), strerror(-err),
		err == -EINVAL ?
			" (can the file system of the state folder be the upper one?)" :
			"");
}

int overlay_mount(const struct overlay_spec *spec, struct failure *failure)
{
	int base __cleanup_close = open_base(spec);
	int state __cleanup_close = -1;
	int err = check_base(base);

	if (err)
		return refuse("base folder", spec->base, err, failure);
	state = open(spec->state_dir,
		     O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
	if (state < 0)
		return refuse("state folder", spec->state_dir, -errno, failure);
	return mount_in(spec, base, state, failure);
}
