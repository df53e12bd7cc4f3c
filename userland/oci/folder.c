// SPDX-License-Identifier: GPL-2.0
/* State folders, see folder.h. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/file.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/paths.h"
#include "base/trust.h"
#include "folder.h"

#define DEFAULT_ROOT "/run/purser-oci"
#define ROOT_MODE    0700

char *folder_default_root(void)
{
	const char *dir = getenv("XDG_RUNTIME_DIR");

	/* Callers set the variable for root as well, who does not mean it. */
	if (geteuid() && dir && *dir)
		return path_join(dir, "purser-oci", "");
	return strdup(DEFAULT_ROOT);
}

static int open_root(const char *root, int *fd, struct failure *failure)
{
	__cleanup_free char *why = NULL;

	*fd = trust_make(root, ROOT_MODE, true, &why);
	if (*fd >= 0)
		return 0;
	if (*fd == -EPERM && why)
		return failed(failure, EXIT_NO_PERMISSION,
			      "the folder of states %s cannot be trusted: %s",
			      root, why);
	return failed_errno(failure, *fd, "opening the folder of states %s",
			    root);
}

static int begin(struct oci_folder *folder, const char *root, const char *id,
		 struct failure *failure)
{
	__cleanup_free char *absolute = NULL;
	int err;

	*folder = (struct oci_folder){ .id = id, .root = -1, .fd = -1 };
	if (check_container_name(id))
		return failed(
			failure, EXIT_FAILED,
			"\"%s\" is not a container id: it must have 1 to 127 letters, digits, \"_\", \".\", \"+\" and \"-\", a letter or digit first",
			id);
	err = path_absolute(root, &absolute);
	if (!err) {
		folder->path = path_join(absolute, id, "");
		err = folder->path ? 0 : -ENOMEM;
	}
	if (err)
		return failed_errno(failure, err, "opening %s", root);
	return open_root(absolute, &folder->root, failure);
}

int folder_lock(struct oci_folder *folder, struct failure *failure)
{
	int r;

	do {
		r = flock(folder->fd, LOCK_EX);
	} while (r && errno == EINTR);
	return r ? failed_errno(failure, -errno, "locking %s", folder->path) :
		   0;
}

/* Its own descriptor: an O_PATH one has no lock. */
static int open_folder(struct oci_folder *folder)
{
	folder->fd = file_open(folder->root, folder->id,
			       O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
	return folder->fd < 0 ? folder->fd : 0;
}

static int make(struct oci_folder *folder, struct failure *failure)
{
	int err;

	if (mkdirat(folder->root, folder->id, 0700)) {
		err = -errno;
		if (err == -EEXIST)
			return failed(
				failure, EXIT_FAILED,
				"container \"%s\" already exists: %s is its state folder",
				folder->id, folder->path);
		return failed_errno(failure, err, "making the state folder %s",
				    folder->path);
	}
	err = open_folder(folder);
	if (err)
		failed_errno(failure, err, "opening %s", folder->path);
	else
		err = folder_lock(folder, failure);
	if (err)
		unlinkat(folder->root, folder->id, AT_REMOVEDIR);
	return err ? -1 : 0;
}

int folder_make(struct oci_folder *folder, const char *root, const char *id,
		struct failure *failure)
{
	if (!begin(folder, root, id, failure) && !make(folder, failure))
		return 0;
	folder_close(folder);
	return -1;
}

int folder_open(struct oci_folder *folder, const char *root, const char *id,
		struct failure *failure)
{
	int err;

	/* Callers recognize "does not exist". */
	if (access(root, F_OK) && errno == ENOENT) {
		*folder = (struct oci_folder){ .root = -1, .fd = -1 };
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" does not exist", id);
	}
	if (!begin(folder, root, id, failure)) {
		err = open_folder(folder);
		if (!err)
			return 0;
		if (err == -ENOENT)
			failed(failure, EXIT_FAILED,
			       "container \"%s\" does not exist", id);
		else
			failed_errno(failure, err,
				     "opening the state folder %s",
				     folder->path);
	}
	folder_close(folder);
	return -1;
}

bool folder_is_locked(const struct oci_folder *folder)
{
	int fd __cleanup_close = file_open(folder->root, folder->id,
					   O_RDONLY | O_DIRECTORY | O_NOFOLLOW);

	return fd >= 0 && flock(fd, LOCK_SH | LOCK_NB) && errno == EWOULDBLOCK;
}

static int remove_entry(int folder, const struct dirent *entry, void *arg)
{
	(void)arg;
	return unlinkat(folder, entry->d_name, 0) ? -errno : 0;
}

int folder_remove(struct oci_folder *folder, struct failure *failure)
{
	int err = path_each_entry(folder->root, folder->id, remove_entry, NULL);

	if (!err && unlinkat(folder->root, folder->id, AT_REMOVEDIR))
		err = -errno;
	if (err && err != -ENOENT)
		return failed_errno(failure, err,
				    "removing the state folder %s",
				    folder->path);
	return 0;
}

void folder_close(struct oci_folder *folder)
{
	free(folder->path);
	folder->path = NULL;
	cleanup_close(&folder->root);
	cleanup_close(&folder->fd);
}

int folder_write(const struct oci_folder *folder, const char *name,
		 const char *text, size_t len, struct failure *failure)
{
	__cleanup_free char *new = path_join("", name, ".new");
	int fd __cleanup_close = -1;
	int err = new ? 0 : -ENOMEM;

	if (!err) {
		fd = openat(folder->fd, new + 1,
			    O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
		err = fd < 0 ? -errno : file_write_all(fd, text, len);
	}
	if (!err && renameat(folder->fd, new + 1, folder->fd, name))
		err = -errno;
	if (!err)
		return 0;
	return failed_errno(failure, err, "writing %s/%s", folder->path, name);
}

/** struct walk - see folder_each() */
struct walk {
	int (*fn)(const char *id, void *arg, struct failure *failure);
	void *arg;
	struct failure *failure;
};

static int each(int folder, const struct dirent *entry, void *arg)
{
	const struct walk *walk = arg;

	(void)folder;
	if (check_container_name(entry->d_name))
		return 0;
	return walk->fn(entry->d_name, walk->arg, walk->failure) ? 1 : 0;
}

int folder_each(const char *root,
		int (*fn)(const char *id, void *arg, struct failure *failure),
		void *arg, struct failure *failure)
{
	struct walk walk = { .fn = fn, .arg = arg, .failure = failure };
	int err = path_each_entry(AT_FDCWD, root, each, &walk);

	if (err > 0)
		return -1;
	if (err && err != -ENOENT)
		return failed_errno(failure, err, "reading %s", root);
	return 0;
}
