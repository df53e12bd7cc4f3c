// SPDX-License-Identifier: GPL-2.0
/*
 * Finding the user of a process by name, in the container's own /etc/passwd and /etc/group.
 * The child reads these files, in the container's root: a file may be a link to anywhere,
 * of any size, or in a file system that never answers.
 */
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>

#include "base/parse.h"
#include "child.h"
#include "raw.h"

/* No more than that is read of a file. */
#define FILE_MAX (1 << 20)

/* The number -1 means "no id" to the kernel. */
#define ID_MAX (UINT32_MAX - 1)

#define PASSWD_FIELDS 7 /* name:password:UID:GID:comment:home:shell */
#define GROUP_FIELDS  4 /* name:password:GID:member,... */

/** struct lines - a file that is read line by line */
struct lines {
	int fd;
	size_t next, used, total;
	bool skip; /* the rest of a line that does not fit */
	char text[8192];
};

static int open_lines(const struct child *c, const char *path,
		      struct lines *lines)
{
	struct statx st;
	long r;

	*lines = (struct lines){ 0 };
	lines->fd = child_open(c->root, path, O_RDONLY | O_NONBLOCK | O_NOCTTY,
			       0);
	if (lines->fd < 0)
		return lines->fd;
	r = raw(SYS_statx, lines->fd, "", AT_EMPTY_PATH, STATX_TYPE, &st);
	if (r)
		return (int)r;
	return S_ISREG(st.stx_mode) ? 0 : -EINVAL;
}

static void close_lines(struct lines *lines)
{
	raw_close(lines->fd);
}

/* Read more; returns how much, 0 at the end, or a negative errno. */
static long fill(struct lines *l)
{
	long n;

	memmove(l->text, l->text + l->next, l->used - l->next);
	l->used -= l->next;
	l->next = 0;
	if (l->used == sizeof(l->text) - 1) {
		l->skip = true;
		l->used = 0;
	}
	if (l->total >= FILE_MAX)
		return 0;
	n = raw(SYS_read, l->fd, l->text + l->used,
		sizeof(l->text) - 1 - l->used);
	if (n > 0) {
		l->used += (size_t)n;
		l->total += (size_t)n;
	}
	return n;
}

/* Returns 1 and the next line, 0 at the end, or a negative errno. */
static long next_line(struct lines *l, char **line)
{
	bool skipped;
	char *end;
	long n;

	for (;;) {
		end = memchr(l->text + l->next, '\n', l->used - l->next);
		if (end) {
			*end = '\0';
			*line = l->text + l->next;
			l->next = (size_t)(end + 1 - l->text);
			skipped = l->skip;
			l->skip = false;
			if (!skipped)
				return 1;
			continue;
		}
		n = fill(l);
		if (n > 0)
			continue;
		/* The last line has no newline. */
		if (n < 0 || !l->used || l->skip || l->total >= FILE_MAX)
			return n;
		l->text[l->used] = '\0';
		*line = l->text;
		l->used = 0;
		return 1;
	}
}

/* Cut a line at its colons; returns how many fields it has, at most @n. */
static int cut(char *line, char **fields, int n)
{
	int i = 0;

	while (line && i < n) {
		fields[i++] = line;
		line = strchr(line, ':');
		if (line)
			*line++ = '\0';
	}
	return i;
}

static bool is_id(const char *text, uint32_t *id)
{
	uint64_t n;

	if (parse_u64(text, 0, ID_MAX, &n))
		return false;
	*id = (uint32_t)n;
	return true;
}

/* Whether a name or a number of a line is the wanted one. */
static bool matches(const char *name, uint32_t id, const char *wanted)
{
	uint32_t number;

	return is_id(wanted, &number) ? id == number : !strcmp(name, wanted);
}

/** struct found - an entry of /etc/passwd, or of /etc/group without the last two */
struct found {
	uint32_t id, group;
	char name[LAUNCH_NAME_MAX + 1];
	char home[LAUNCH_NAME_MAX + 1];
};

static void copy(char *to, const char *from)
{
	size_t len = strlen(from);

	if (len > LAUNCH_NAME_MAX)
		len = 0;
	memcpy(to, from, len);
	to[len] = '\0';
}

/* Returns 1 if an entry was found, 0 if there is none, or a negative errno. */
static long find_user(const struct child *c, const char *wanted,
		      struct found *found)
{
	struct lines lines __attribute__((cleanup(close_lines)));
	char *line, *f[PASSWD_FIELDS];
	long r = open_lines(c, "/etc/passwd", &lines);

	if (r)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	while ((r = next_line(&lines, &line)) > 0) {
		if (cut(line, f, PASSWD_FIELDS) < 6 ||
		    !is_id(f[2], &found->id) || !is_id(f[3], &found->group) ||
		    !matches(f[0], found->id, wanted))
			continue;
		copy(found->name, f[0]);
		copy(found->home, f[5]);
		return 1;
	}
	return r;
}

static long find_group(const struct child *c, const char *wanted, gid_t *gid)
{
	struct lines lines __attribute__((cleanup(close_lines)));
	char *line, *f[GROUP_FIELDS];
	long r = open_lines(c, "/etc/group", &lines);

	if (r)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	while ((r = next_line(&lines, &line)) > 0) {
		if (cut(line, f, GROUP_FIELDS) >= 3 && is_id(f[2], gid) &&
		    matches(f[0], *gid, wanted))
			return 1;
	}
	return r;
}

static bool lists(const char *members, const char *name)
{
	const size_t len = strlen(name);

	for (; len && *members; members += *members == ',') {
		size_t n = strcspn(members, ",");

		if (n == len && !memcmp(members, name, n))
			return true;
		members += n;
	}
	return false;
}

/* The other groups that have the user as a member. */
static long find_groups(struct child *c, const char *name)
{
	struct lines lines __attribute__((cleanup(close_lines)));
	struct launch_ids *ids = &c->plan->ids;
	char *line, *f[GROUP_FIELDS];
	long r = open_lines(c, "/etc/group", &lines);

	if (r)
		return r == -ENOENT || r == -ENOTDIR ? 0 : r;
	ids->groups = c->plan->found_groups;
	ids->n_groups = 0;
	while (ids->n_groups < LAUNCH_GROUPS_MAX &&
	       (r = next_line(&lines, &line)) > 0) {
		gid_t *gid = &c->plan->found_groups[ids->n_groups];

		if (cut(line, f, GROUP_FIELDS) == GROUP_FIELDS &&
		    is_id(f[2], gid) && lists(f[3], name))
			ids->n_groups++;
	}
	return r < 0 ? r : 0;
}

/* Replace HOME, if the spec says so. Without an absolute @home it is "/". */
static void set_home(struct child *c, const char *home)
{
	const struct process_spec *p = c->plan->process;
	char **e = (char **)(uintptr_t)p->envp;

	if (!p->home_of_user)
		return;
	if (home[0] != '/')
		home = "/";
	for (; *e; e++) {
		if (strncmp(*e, "HOME=", 5))
			continue;
		memcpy(c->plan->home, "HOME=", 5);
		memcpy(c->plan->home + 5, home, strlen(home) + 1);
		*e = c->plan->home;
	}
}

static int take_group(struct child *c, const char *group)
{
	gid_t gid = 0;
	long r;

	if (is_id(group, &gid)) {
		c->plan->ids.gid = gid;
		return 0;
	}
	c->index = 1;
	r = find_group(c, group, &gid);
	if (r > 0)
		c->plan->ids.gid = gid;
	return r > 0 ? 0 : r ? (int)r : -ESRCH;
}

/* "USER[:GROUP]", each a name or a number. A number needs no entry. */
int child_find_user(struct child *c)
{
	const char *text = c->plan->process->user, *group;
	struct launch_ids *ids = &c->plan->ids;
	char user[LAUNCH_NAME_MAX + 1];
	struct found found = { 0 };
	size_t len;
	long r;

	if (!text)
		return 0;
	len = strcspn(text, ":");
	group = text[len] ? text + len + 1 : NULL;
	if (len >= sizeof(user))
		return -ENAMETOOLONG;
	memcpy(user, text, len);
	user[len] = '\0';
	c->index = 0;
	r = find_user(c, user, &found);
	if (r < 0)
		return (int)r;
	if (!r && !is_id(user, &found.id))
		return -ESRCH;
	ids->uid = found.id;
	ids->gid = r ? found.group : 0;
	/* Root without an entry keeps the usual home. */
	if (r || ids->uid)
		set_home(c, r ? found.home : "");
	if (group)
		return take_group(c, group);
	return r ? (int)find_groups(c, found.name) : 0;
}
