// SPDX-License-Identifier: GPL-2.0
/* The mounts of a container, see mounts.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "base/cleanup.h"
#include "control/mount_choice.h"
#include "mounts.h"
#include "policy.h"
#include "root.h"
#include "run_folder.h"

/* Programs in a volume get no privileges from its owner, and its device nodes are dead. */
#define SAFE (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV)

/* Returns a copy of @text that lives as long as @mounts, or NULL. */
static const char *keep(struct container_mounts *mounts, const char *text)
{
	struct string_list *texts = &mounts->texts;

	return string_list_add(texts, text) ? NULL :
					      texts->strings[texts->n - 1];
}

static int add_volume(const struct supervisor *supervisor, const char *text,
		      struct container_mounts *mounts, struct failure *failure)
{
	struct volume_choice volume __attribute__((cleanup(volume_free)));
	struct place place __attribute__((cleanup(place_free))) = { 0 };
	struct mount_spec *spec = &mounts->specs[mounts->n];
	int err;

	if (volume_parse(text, &volume, failure))
		return -1;
	spec->source = keep(mounts, volume.source);
	spec->target = keep(mounts, volume.target);
	if (!spec->source || !spec->target)
		return failed_errno(failure, -ENOMEM, "volume \"%s\"", text);
	spec->fd = open(volume.source, O_PATH | O_CLOEXEC);
	if (spec->fd < 0)
		return failed_errno(failure, -errno, "volume \"%s\"",
				    volume.source);
	spec->is_open = true;
	spec->no_crossing = true;
	spec->set = SAFE | (volume.read_only ? MOUNT_ATTR_RDONLY : 0);
	mounts->n++;
	err = place_find(spec->fd, &place);
	if (err)
		return failed_errno(failure, err, "volume \"%s\"",
				    volume.source);
	return root_check_own(supervisor, &place, "volume", volume.source,
			      failure);
}

static int add_tmpfs(const char *text, struct container_mounts *mounts,
		     struct failure *failure)
{
	struct tmpfs_choice tmpfs __attribute__((cleanup(tmpfs_free)));
	struct mount_spec *spec = &mounts->specs[mounts->n];

	if (tmpfs_parse(text, &tmpfs, failure))
		return -1;
	*spec = (struct mount_spec){
		.source = "tmpfs",
		.type = "tmpfs",
		.no_crossing = true,
		.target = keep(mounts, tmpfs.target),
		.data = keep(mounts, tmpfs.data),
		.set = SAFE | (tmpfs.exec ? 0 : MOUNT_ATTR_NOEXEC) |
		       (tmpfs.read_only ? MOUNT_ATTR_RDONLY : 0),
	};
	if (!spec->target || !spec->data)
		return failed_errno(failure, -ENOMEM, "tmpfs \"%s\"", text);
	mounts->n++;
	return 0;
}

static size_t depth(const char *path)
{
	size_t n = 0;

	for (; *path; path++)
		n += *path == '/';
	return n;
}

/* Otherwise a mount on /a would hide an earlier one on /a/b. */
static int compare_depth(const void *a, const void *b)
{
	const struct mount_spec *one = a, *two = b;
	size_t d1 = depth(one->target), d2 = depth(two->target);

	if (d1 != d2)
		return d1 < d2 ? -1 : 1;
	return strcmp(one->target, two->target);
}

static int check_twice(const struct container_mounts *mounts, size_t first,
		       struct failure *failure)
{
	for (size_t i = first + 1; i < mounts->n; i++)
		if (!strcmp(mounts->specs[i].target,
			    mounts->specs[i - 1].target))
			return failed(failure, EXIT_FAILED,
				      "two mounts are on \"%s\"",
				      mounts->specs[i].target);
	return 0;
}

int mounts_open(const struct supervisor *supervisor,
		const struct start_request *request,
		struct container_mounts *mounts, struct failure *failure)
{
	const struct string_list *volumes = &request->volumes;
	const struct string_list *tmpfs = &request->tmpfs;

	*mounts = (struct container_mounts){
		.specs = calloc(policy_n_mounts + volumes->n + tmpfs->n +
					N_ETC_FILES,
				sizeof(*mounts->specs)),
	};
	if (!mounts->specs)
		return failed_errno(failure, -ENOMEM, "its mounts");
	memcpy(mounts->specs, policy_mounts,
	       policy_n_mounts * sizeof(*mounts->specs));
	mounts->n = policy_n_mounts;
	for (size_t i = 0; request->privileged && i < mounts->n; i++)
		mounts->specs[i].set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	for (size_t i = 0; i < volumes->n; i++)
		if (add_volume(supervisor, volumes->strings[i], mounts,
			       failure))
			return -1;
	for (size_t i = 0; i < tmpfs->n; i++)
		if (add_tmpfs(tmpfs->strings[i], mounts, failure))
			return -1;
	qsort(mounts->specs + policy_n_mounts, mounts->n - policy_n_mounts,
	      sizeof(*mounts->specs), compare_depth);
	return check_twice(mounts, policy_n_mounts, failure);
}

void mounts_free(struct container_mounts *mounts)
{
	for (size_t i = 0; i < mounts->n; i++)
		if (mounts->specs[i].is_open)
			cleanup_close(&mounts->specs[i].fd);
	free(mounts->specs);
	string_list_free(&mounts->texts);
	*mounts = (struct container_mounts){ 0 };
}
