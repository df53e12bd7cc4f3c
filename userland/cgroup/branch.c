// SPDX-License-Identifier: GPL-2.0
/* Making a cgroup, and those above it that are missing, see branch.h. */
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "branch.h"
#include "controllers.h"

/* Make the one whose path has @len bytes; that of the one above has @above bytes. */
static int make_one(struct cgroup_branch *b, size_t above, size_t len)
{
	char *path = b->path;
	const char next = path[len];
	int err;

	path[above] = '\0';
	err = cgroup_turn_on_all(*path ? path : "/");
	if (err && !b->controllers)
		b->controllers = err;
	path[above] = '/';
	path[len] = '\0';
	err = mkdir(path, 0755) ? -errno : 0;
	if (!err && !b->made)
		b->made = len;
	path[len] = next;
	return err == -EEXIST ? 0 : err;
}

int cgroup_branch_make(struct cgroup_branch *branch)
{
	size_t above = branch->mount, len;
	int err;

	branch->made = 0;
	branch->controllers = 0;
	do {
		len = above + 1 + strcspn(branch->path + above + 1, "/");
		err = make_one(branch, above, len);
		above = len;
	} while (!err && branch->path[len]);
	return err;
}

void cgroup_branch_remove(struct cgroup_branch *branch)
{
	while (branch->made && strlen(branch->path) >= branch->made) {
		rmdir(branch->path);
		*strrchr(branch->path, '/') = '\0';
	}
}
