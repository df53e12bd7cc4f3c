// SPDX-License-Identifier: GPL-2.0
/* The mounts in a request, see mount_choice.h. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "mount_choice.h"

#define TMPFS_SIZE   (64ull << 20)
#define TMPFS_INODES 16384
#define TMPFS_MODE   01777
#define MODE_MAX     07777
#define ID_MAX	     (UINT32_MAX - 1)

static bool is_in(const char *path, const char *folder)
{
	size_t len = strlen(folder);

	return !strncmp(path, folder, len) && (!path[len] || path[len] == '/');
}

/* Components "." and "..", and two slashes, would hide which path is meant. */
static bool is_plain(const char *path)
{
	while (*path == '/') {
		size_t len = strcspn(++path, "/");

		if (!len || (len == 1 && path[0] == '.') ||
		    (len == 2 && path[0] == '.' && path[1] == '.'))
			return false;
		path += len;
	}
	return !*path;
}

/* @what: "volume" or "tmpfs"; the container's own /proc, /sys and /dev must stay. */
static int check_target(const char *what, const char *text, char *target,
			struct failure *failure)
{
	size_t len = strlen(target);

	while (len > 1 && target[len - 1] == '/')
		target[--len] = '\0';
	if (target[0] != '/' || !is_plain(target))
		return failed(
			failure, EXIT_FAILED,
			"%s \"%s\": the path in the container must be absolute, below \"/\", and without \"..\"",
			what, text);
	if (is_in(target, "/proc") || is_in(target, "/sys") ||
	    !strcmp(target, "/dev"))
		return failed(failure, EXIT_FAILED,
			      "%s \"%s\": every container has a %s of its own",
			      what, text, target);
	return 0;
}

static int no_memory(const char *text, struct failure *failure)
{
	return failed_errno(failure, -ENOMEM, "\"%s\"", text);
}

/* Cut "SRC:DST:MODE" at the colons. */
static int cut_volume(const char *text, char *copy, char **target, char **mode,
		      struct failure *failure)
{
	*target = strchr(copy, ':');
	if (copy[0] != '/')
		return failed(
			failure, EXIT_FAILED,
			"volume \"%s\": the source is not an absolute path; a volume is a folder or a file of the host",
			text);
	if (!*target)
		return failed(
			failure, EXIT_FAILED,
			"volume \"%s\": not SRC:DST or SRC:DST:ro, such as /srv/data:/data",
			text);
	*(*target)++ = '\0';
	*mode = strchr(*target, ':');
	if (*mode)
		*(*mode)++ = '\0';
	if (*mode && strcmp(*mode, "ro") && strcmp(*mode, "rw"))
		return failed(failure, EXIT_FAILED,
			      "volume \"%s\": \"%s\" is neither ro nor rw",
			      text, *mode);
	return check_target("volume", text, *target, failure);
}

int volume_parse(const char *text, struct volume_choice *volume,
		 struct failure *failure)
{
	__cleanup_free char *copy = strdup(text);
	char *target, *mode = NULL;

	*volume = (struct volume_choice){ 0 };
	if (!copy)
		return no_memory(text, failure);
	if (cut_volume(text, copy, &target, &mode, failure))
		return -1;
	volume->source = strdup(copy);
	volume->target = strdup(target);
	volume->read_only = mode && !strcmp(mode, "ro");
	if (volume->source && volume->target)
		return 0;
	volume_free(volume);
	return no_memory(text, failure);
}

void volume_free(struct volume_choice *volume)
{
	free(volume->source);
	free(volume->target);
	*volume = (struct volume_choice){ 0 };
}

/** struct tmpfs_numbers - the options with a value */
struct tmpfs_numbers {
	uint64_t size, inodes, mode, uid, gid;
};

static int parse_octal(const char *s, uint64_t *mode)
{
	char *end;

	if (!*s || s[strspn(s, "01234567")])
		return -EINVAL;
	*mode = strtoul(s, &end, 8);
	return *mode > MODE_MAX ? -ERANGE : 0;
}

/* 0 would mean that there is no limit. */
static int parse_bound(const char *s, uint64_t *n)
{
	int err = parse_size(s, n);

	return !err && !*n ? -ERANGE : err;
}

/* Returns -ENOENT for an option that there is not. */
static int take_value(const char *option, struct tmpfs_numbers *n)
{
	const char *value = strchr(option, '=');
	size_t len;

	if (!value)
		return -ENOENT;
	len = (size_t)(value++ - option);
	if (len == 4 && !memcmp(option, "size", len))
		return parse_bound(value, &n->size);
	if (len == 9 && !memcmp(option, "nr_inodes", len))
		return parse_bound(value, &n->inodes);
	if (len == 4 && !memcmp(option, "mode", len))
		return parse_octal(value, &n->mode);
	if (len == 3 && !memcmp(option, "uid", len))
		return parse_u64(value, 0, ID_MAX, &n->uid);
	if (len == 3 && !memcmp(option, "gid", len))
		return parse_u64(value, 0, ID_MAX, &n->gid);
	return -ENOENT;
}

static int take_option(const char *option, struct tmpfs_choice *tmpfs,
		       struct tmpfs_numbers *n)
{
	if (!strcmp(option, "ro") || !strcmp(option, "rw"))
		tmpfs->read_only = option[1] == 'o';
	else if (!strcmp(option, "exec") || !strcmp(option, "noexec"))
		tmpfs->exec = option[0] == 'e';
	else if (strcmp(option, "nosuid") && strcmp(option, "nodev"))
		return take_value(option, n);
	return 0;
}

static int take_options(const char *text, char *options,
			struct tmpfs_choice *tmpfs, struct tmpfs_numbers *n,
			struct failure *failure)
{
	char *option, *rest;

	for (option = strtok_r(options, ",", &rest); option;
	     option = strtok_r(NULL, ",", &rest)) {
		int err = take_option(option, tmpfs, n);

		if (err == -ENOENT)
			return failed(
				failure, EXIT_FAILED,
				"tmpfs \"%s\": \"%s\" is not one of size=, nr_inodes=, mode=, uid=, gid=, ro, rw, exec, noexec, nosuid, nodev",
				text, option);
		if (err)
			return failed(
				failure, EXIT_FAILED,
				"tmpfs \"%s\": \"%s\" is not a valid value",
				text, option);
	}
	return 0;
}

int tmpfs_parse(const char *text, struct tmpfs_choice *tmpfs,
		struct failure *failure)
{
	struct tmpfs_numbers n = { TMPFS_SIZE, TMPFS_INODES, TMPFS_MODE, 0, 0 };
	__cleanup_free char *copy = strdup(text);
	char *options;

	*tmpfs = (struct tmpfs_choice){ 0 };
	if (!copy)
		return no_memory(text, failure);
	options = strchr(copy, ':');
	if (options)
		*options++ = '\0';
	if (check_target("tmpfs", text, copy, failure) ||
	    (options && take_options(text, options, tmpfs, &n, failure)))
		return -1;
	tmpfs->target = strdup(copy);
	if (tmpfs->target &&
	    asprintf(&tmpfs->data,
		     "size=%" PRIu64 ",nr_inodes=%" PRIu64 ",mode=%04" PRIo64
		     ",uid=%" PRIu64 ",gid=%" PRIu64,
		     n.size, n.inodes, n.mode, n.uid, n.gid) >= 0)
		return 0;
	tmpfs->data = NULL;
	tmpfs_free(tmpfs);
	return no_memory(text, failure);
}

void tmpfs_free(struct tmpfs_choice *tmpfs)
{
	free(tmpfs->target);
	free(tmpfs->data);
	*tmpfs = (struct tmpfs_choice){ 0 };
}
