// SPDX-License-Identifier: GPL-2.0
/*
 * HOME, see home_variable.h. The file belongs to the container: it may be a link to
 * anywhere, a FIFO, or of any size.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/openat2.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "home_variable.h"

/* More is not read: root and system users come first. */
#define PASSWD_MAX (1 << 20)

/* Any link leads to somewhere in the container. Not to a device or a FIFO. */
static char *read_passwd(int root)
{
	struct open_how how = {
		.flags = O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	int fd __cleanup_close = (int)syscall(SYS_openat2, root, "etc/passwd",
					      &how, sizeof(how));
	struct stat st;
	size_t room;
	ssize_t n;
	char *text;

	if (fd < 0 || fstat(fd, &st) || !S_ISREG(st.st_mode))
		return NULL;
	room = st.st_size < PASSWD_MAX ? st.st_size : PASSWD_MAX;
	text = malloc(room + 1);
	if (!text)
		return NULL;
	n = read(fd, text, room);
	text[n > 0 ? n : 0] = '\0';
	return text;
}

/* "name:password:UID:GID:comment:HOME:shell"; the home, or NULL of another user */
static const char *home_in(char *line, uid_t uid)
{
	char *fields[7], *rest = line;
	uint64_t its;
	int n = 0;

	while (n < 7 && (fields[n] = strsep(&rest, ":")))
		n++;
	if (n < 6 || parse_u64(fields[2], 0, UINT32_MAX, &its) || its != uid)
		return NULL;
	return fields[5][0] == '/' ? fields[5] : NULL;
}

/* "HOME=...", for free(); NULL: out of memory */
static char *find_home(int root, uid_t uid)
{
	__cleanup_free char *passwd = read_passwd(root);
	char *line, *rest = passwd, *text;
	const char *home = NULL;

	while (!home && (line = strsep(&rest, "\n")))
		home = home_in(line, uid);
	if (asprintf(&text, "HOME=%s", home ? home : "/") < 0)
		return NULL;
	return text;
}

int home_variable_set(struct process_spec *process, int root,
		      struct string_list *env, struct failure *failure)
{
	__cleanup_free char *home = NULL;
	int err = 0;

	for (char *const *e = process->envp; *e; e++) {
		if (!strncmp(*e, "HOME=", strlen("HOME=")))
			return 0;
	}
	home = find_home(root, process->uid);
	if (!home)
		err = -ENOMEM;
	for (char *const *e = process->envp; !err && *e; e++)
		err = string_list_add(env, *e);
	if (!err)
		err = string_list_add(env, home);
	if (err)
		return failed_errno(failure, err, "setting HOME");
	process->envp = env->strings;
	return 0;
}
