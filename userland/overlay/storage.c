// SPDX-License-Identifier: GPL-2.0
/* Size limits of writable layers, see storage.h. */
#include <errno.h>
#include <fcntl.h>
#include <linux/dqblk_xfs.h>
#include <linux/fs.h>
#include <linux/quota.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "image.h"
#include "storage.h"

/* Our first project id. Other programs are known to use ids from 1 on. */
#define PROJECT_FIRST 0x50000000u
#define PROJECT_MASK  0x0fffffffu

/* Give up the search if this many consecutive ids are in use. */
#define PROJECT_TRIES 65536

#define QUOTA_BLOCK 1024

static int open_folder(const char *path)
{
	return file_open(AT_FDCWD, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

static int quota(int fd, int command, uint32_t id, void *arg)
{
	return syscall(SYS_quotactl_fd, fd, QCMD(command, PRJQUOTA), id, arg) <
			       0 ?
		       -errno :
		       0;
}

/* Whether project quotas are accounted and enforced. */
static bool has_quota(int fd)
{
	struct fs_quota_stat st = { .qs_version = FS_QSTAT_VERSION };
	const unsigned int on = FS_QUOTA_PDQ_ACCT | FS_QUOTA_PDQ_ENFD;

	return !quota(fd, Q_XGETQSTAT, 0, &st) && (st.qs_flags & on) == on;
}

void storage_probe(struct storage *s, const char *dir)
{
	int fd __cleanup_close = open_folder(dir);
	uint32_t random = 0;

	s->kind = STORAGE_NONE;
	if (fd >= 0 && has_quota(fd)) {
		s->kind = STORAGE_QUOTA;
		/* Start at a random id, so that two supervisors rarely use the same ids. */
		(void)!getrandom(&random, sizeof(random), 0);
		s->next_project = random & PROJECT_MASK;
		return;
	}
	s->lacks = image_lacks();
	if (!s->lacks)
		s->kind = STORAGE_IMAGE;
}

/* A project without files is free, even if an earlier one has left its limit. */
static int is_free(int fd, uint32_t project)
{
	struct if_dqblk block;
	int err = quota(fd, Q_GETQUOTA, project, &block);

	if (err == -ENOENT || err == -ESRCH)
		return 1;
	if (err)
		return err;
	return !block.dqb_curinodes && !block.dqb_curspace;
}

static int pick_project(struct storage *s, int fd, uint32_t *project)
{
	for (int i = 0; i < PROJECT_TRIES; i++) {
		int ret;

		*project = PROJECT_FIRST | (s->next_project++ & PROJECT_MASK);
		ret = is_free(fd, *project);
		if (ret)
			return ret < 0 ? ret : 0;
	}
	return -EBUSY;
}

static int set_limit(int fd, uint32_t project, uint64_t bytes, uint64_t inodes)
{
	struct if_dqblk block = {
		.dqb_bhardlimit = bytes / QUOTA_BLOCK,
		.dqb_ihardlimit = inodes,
		.dqb_valid = QIF_LIMITS,
	};

	return quota(fd, Q_SETQUOTA, project, &block);
}

static uint64_t inodes_of(uint64_t bytes)
{
	const uint64_t inodes = bytes / STORAGE_BYTES_PER_INODE;

	return inodes < STORAGE_INODES_MIN ? STORAGE_INODES_MIN : inodes;
}

/* The flag makes new files in the folder part of the project. */
static int set_project(int fd, uint32_t project)
{
	struct fsxattr attr;

	if (ioctl(fd, FS_IOC_FSGETXATTR, &attr) < 0)
		return -errno;
	attr.fsx_projid = project;
	attr.fsx_xflags |= FS_XFLAG_PROJINHERIT;
	return ioctl(fd, FS_IOC_FSSETXATTR, &attr) < 0 ? -errno : 0;
}

int storage_bound_again(const char *path, uint64_t bytes)
{
	const uint32_t project = storage_project(path);
	int fd __cleanup_close = open_folder(path);

	if (fd < 0)
		return fd;
	return project ? set_limit(fd, project, bytes, inodes_of(bytes)) :
			 -ENODATA;
}

int storage_bound(struct storage *s, const char *path, uint64_t bytes)
{
	int fd __cleanup_close = open_folder(path);
	uint32_t project;
	int err;

	if (fd < 0)
		return fd;
	err = pick_project(s, fd, &project);
	if (!err)
		err = set_limit(fd, project, bytes, inodes_of(bytes));
	return err ? err : set_project(fd, project);
}

uint32_t storage_project(const char *path)
{
	int fd __cleanup_close = open_folder(path);
	struct fsxattr attr;

	if (fd < 0 || ioctl(fd, FS_IOC_FSGETXATTR, &attr) < 0 ||
	    (attr.fsx_projid & ~PROJECT_MASK) != PROJECT_FIRST)
		return 0;
	return attr.fsx_projid;
}

void storage_forget(const char *path, uint32_t project)
{
	const char *slash = strrchr(path, '/');
	__cleanup_free char *above = slash ? strndup(path, slash - path) : NULL;
	int fd __cleanup_close = above ? open_folder(above) : -1;

	/* It does not matter if this fails: the next project of that id sets its limit. */
	if (fd >= 0)
		(void)set_limit(fd, project, 0, 0);
}
