// SPDX-License-Identifier: GPL-2.0
/* The names of log files, see logfile.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

#include "cleanup.h"
#include "logfile.h"

/* No id's log can have these names: each of those ends in ".log". */
#define ASIDE ".prev"
#define OLD   ".1"

static int rename_suffix(const char *path, const char *from, const char *to)
{
	__cleanup_free char *old = NULL;
	__cleanup_free char *new = NULL;

	if (asprintf(&old, "%s%s", path, from) < 0)
		old = NULL;
	if (asprintf(&new, "%s%s", path, to) < 0)
		new = NULL;
	if (!old || !new)
		return -ENOMEM;
	return rename(old, new) < 0 ? -errno : 0;
}

int logfile_claim(const char *path, bool *had_old)
{
	int err;

	/* A supervisor that died between claim and commit left one aside. */
	err = rename_suffix(path, ASIDE, OLD);
	if (err && err != -ENOENT)
		return err;
	err = rename_suffix(path, "", ASIDE);
	*had_old = !err;
	return err == -ENOENT ? 0 : err;
}

int logfile_commit(const char *path, bool had_old)
{
	return had_old ? rename_suffix(path, ASIDE, OLD) : 0;
}

int logfile_undo(const char *path, bool had_old)
{
	if (unlink(path) < 0 && errno != ENOENT)
		return -errno;
	return had_old ? rename_suffix(path, ASIDE, "") : 0;
}
