// SPDX-License-Identifier: GPL-2.0
/* Requests on disk, see kept.h. */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/fields.h"
#include "base/file.h"
#include "base/parse.h"
#include "base/paths.h"
#include "base/trust.h"
#include "control/protocol.h"
#include "kept.h"

#define SUFFIX ".json"
#define STAGED ".json.new"

/* Enough for an id and the longest suffix. */
#define NAME_ROOM (NAME_MAX + 1)

#define AT(member) .offset = offsetof(struct kept, member)

/* The fields besides those of the request. */
/* clang-format off */
static const struct field fields[] = {
	{ "run", FIELD_STRING, FIELD_NEEDED, AT(run) },
	{ "key", FIELD_U64, FIELD_NEEDED, AT(key) },
	{ "restarts", FIELD_U32, 0, AT(restarts) },
	{ "stopped", FIELD_BOOL, 0, AT(stopped) },
	{ "restarting", FIELD_BOOL, 0, AT(restarting) },
	{ 0 },
};
/* clang-format on */

static int open_folder(const char *state)
{
	int fd __cleanup_close = file_open(AT_FDCWD, state,
					   O_PATH | O_DIRECTORY);

	return fd < 0 ? fd :
			file_open(fd, KEPT_FOLDER,
				  O_RDONLY | O_DIRECTORY | O_NOFOLLOW);
}

/* Returns false if @id cannot be the id of a container. */
static bool make_name(char name[NAME_ROOM], const char *id, const char *suffix)
{
	if (check_container_name(id))
		return false;
	snprintf(name, NAME_ROOM, "%s%s", id, suffix);
	return true;
}

int kept_prepare(const char *state, char **why)
{
	int parent __cleanup_close = file_open(AT_FDCWD, state,
					       O_PATH | O_DIRECTORY);
	int fd __cleanup_close = -1;

	*why = NULL;
	if (parent < 0)
		return parent;
	fd = trust_make_below(parent, KEPT_FOLDER, 0700, why);
	return fd < 0 ? fd : 0;
}

static struct json_object *encode(const struct kept *kept)
{
	struct object o = object_new();

	object_add_int(&o, "v", KEPT_VERSION);
	fields_encode(fields, kept, &o);
	request_encode(&kept->request, &o);
	return object_done(&o);
}

/* Write the file @name, which must not exist. */
static int write_new(int folder, const char *name, const struct kept *kept)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	struct json_object *json = encode(kept);
	size_t len;
	const char *text = json_line(json, &len);
	int fd __cleanup_close = -1;
	int err = text ? 0 : -ENOMEM;

	if (!err) {
		fd = openat(folder, name, flags, 0600);
		err = fd < 0 ? -errno : file_write_all(fd, text, len);
	}
	if (!err)
		err = file_write_all(fd, "\n", 1);
	/* After a reboot, this file starts the container: it must not be empty then. */
	if (!err && kept->request.restart.policy == RESTART_ALWAYS &&
	    fsync(fd) < 0)
		err = -errno;
	json_object_put(json);
	return err;
}

int kept_stage(const char *state, const struct kept *kept)
{
	int folder __cleanup_close = open_folder(state);
	char name[NAME_ROOM];
	int err;

	if (folder < 0)
		return folder;
	if (!make_name(name, kept->request.id, STAGED))
		return -EINVAL;
	if (unlinkat(folder, name, 0) < 0 && errno != ENOENT)
		return -errno;
	err = write_new(folder, name, kept);
	if (err)
		unlinkat(folder, name, 0);
	return err;
}

int kept_commit(const char *state, const char *id)
{
	int folder __cleanup_close = open_folder(state);
	char from[NAME_ROOM], to[NAME_ROOM];

	if (folder < 0)
		return folder;
	if (!make_name(from, id, STAGED) || !make_name(to, id, SUFFIX))
		return -ENOENT;
	return renameat(folder, from, folder, to) < 0 ? -errno : 0;
}

int kept_save(const char *state, const struct kept *kept)
{
	int err = kept_stage(state, kept);

	return err ? err : kept_commit(state, kept->request.id);
}

static int unlink_name(int folder, const char *id, const char *suffix)
{
	char name[NAME_ROOM];

	if (!make_name(name, id, suffix))
		return -ENOENT;
	return unlinkat(folder, name, 0) < 0 ? -errno : 0;
}

void kept_discard(const char *state, const char *id)
{
	int folder __cleanup_close = open_folder(state);

	if (folder >= 0)
		unlink_name(folder, id, STAGED);
}

int kept_time(const char *state, const char *id, struct timespec *time)
{
	int folder __cleanup_close = open_folder(state);
	char name[NAME_ROOM];
	struct stat st;

	if (folder < 0)
		return folder;
	if (!make_name(name, id, SUFFIX))
		return -ENOENT;
	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	*time = st.st_mtim;
	return 0;
}

int kept_remove(const char *state, const char *id)
{
	int folder __cleanup_close = open_folder(state);

	if (folder < 0)
		return folder;
	unlink_name(folder, id, STAGED);
	return unlink_name(folder, id, SUFFIX);
}

/* Whether only root, or the user of this program, can have written the file. */
static int check_file(int fd, struct stat *st)
{
	if (fstat(fd, st) < 0)
		return -errno;
	if (!S_ISREG(st->st_mode) || (st->st_mode & (S_IWGRP | S_IWOTH)) ||
	    (st->st_uid && st->st_uid != geteuid()))
		return -EPERM;
	/* The request came in a message, to which this file adds a few fields. */
	return st->st_size > 2 * PROTOCOL_REQUEST_MAX ? -EBADMSG : 0;
}

/* Read a whole file into @text, for free(); returns its length or a negative errno. */
static ssize_t read_file(int folder, const char *name, char **text)
{
	int fd __cleanup_close = file_open(folder, name,
					   O_RDONLY | O_NOFOLLOW | O_NONBLOCK);
	struct stat st;
	ssize_t n, len = 0;
	int err = fd < 0 ? fd : check_file(fd, &st);

	/* A symbolic link is not a file that this program wrote. */
	if (err)
		return err == -ELOOP ? -EPERM : err;
	*text = malloc(st.st_size + 1);
	if (!*text)
		return -ENOMEM;
	while ((n = read(fd, *text + len, st.st_size - len)) > 0)
		len += n;
	if (n < 0) {
		err = -errno;
		free(*text);
		return err;
	}
	return len;
}

static int decode(struct json_object *o, const char *id, struct kept *kept)
{
	struct failure failure;
	const char *key;
	int version, err;

	if (object_get_int(o, "v", &version))
		return -EBADMSG;
	if (version != KEPT_VERSION)
		return -EPROTO;
	err = fields_decode(fields, o, kept, &key);
	if (!err && request_decode(o, &kept->request, &failure))
		err = -EBADMSG;
	if (!err && strcmp(kept->request.id, id))
		err = -EBADMSG;
	return err == -ENOENT || err == -EINVAL ? -EBADMSG : err;
}

static int read_kept(const char *state, const char *id, const char *suffix,
		     struct kept *kept)
{
	int folder __cleanup_close = open_folder(state);
	__cleanup_free char *text = NULL;
	struct json_object *o;
	char name[NAME_ROOM];
	ssize_t len;
	int err;

	*kept = (struct kept){ 0 };
	if (folder < 0)
		return folder;
	if (!make_name(name, id, suffix))
		return -ENOENT;
	len = read_file(folder, name, &text);
	if (len < 0)
		return len;
	o = object_parse(text, len);
	err = o ? decode(o, id, kept) : -EBADMSG;
	json_object_put(o);
	if (err)
		kept_free(kept);
	return err;
}

int kept_read(const char *state, const char *id, struct kept *kept)
{
	return read_kept(state, id, SUFFIX, kept);
}

int kept_read_staged(const char *state, const char *id, struct kept *kept)
{
	return read_kept(state, id, STAGED, kept);
}

void kept_free(struct kept *kept)
{
	request_free(&kept->request);
	fields_free(fields, kept);
	*kept = (struct kept){ 0 };
}

struct each {
	int (*fn)(const char *id, void *arg);
	void *arg;
};

static int each_entry(int folder, const struct dirent *entry, void *arg)
{
	const size_t len = strlen(entry->d_name);
	const struct each *each = arg;
	char id[NAME_ROOM];

	(void)folder;
	if (len <= strlen(SUFFIX) ||
	    strcmp(entry->d_name + len - strlen(SUFFIX), SUFFIX))
		return 0;
	snprintf(id, sizeof(id), "%.*s", (int)(len - strlen(SUFFIX)),
		 entry->d_name);
	return check_container_name(id) ? 0 : each->fn(id, each->arg);
}

int kept_each(const char *state, int (*fn)(const char *id, void *arg),
	      void *arg)
{
	int folder __cleanup_close = open_folder(state);
	struct each each = { fn, arg };

	return folder < 0 ? folder :
			    path_each_entry(folder, ".", each_entry, &each);
}
