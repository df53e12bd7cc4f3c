// SPDX-License-Identifier: GPL-2.0
/* Starting programs and reading files. */
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "survive.h"

extern char **environ;

pid_t spawn(const char *output, const char *const words[])
{
	posix_spawn_file_actions_t actions;
	posix_spawnattr_t attr;
	sigset_t none;
	pid_t pid;

	sigemptyset(&none);
	must(!posix_spawnattr_init(&attr) &&
		     !posix_spawnattr_setsigmask(&attr, &none) &&
		     !posix_spawnattr_setflags(&attr, POSIX_SPAWN_SETSIGMASK),
	     "posix_spawnattr_init");
	must(!posix_spawn_file_actions_init(&actions) &&
		     !posix_spawn_file_actions_addopen(&actions, STDIN_FILENO,
						       "/dev/null", O_RDONLY,
						       0) &&
		     !posix_spawn_file_actions_addopen(
			     &actions, STDOUT_FILENO, output,
			     O_WRONLY | O_CREAT | O_APPEND, 0600) &&
		     !posix_spawn_file_actions_adddup2(&actions, STDOUT_FILENO,
						       STDERR_FILENO),
	     "posix_spawn_file_actions_init");
	must(!posix_spawnp(&pid, words[0], &actions, &attr,
			   (char *const *)words, environ),
	     words[0]);
	posix_spawn_file_actions_destroy(&actions);
	posix_spawnattr_destroy(&attr);
	return pid;
}

char *slurp(const char *path, size_t *len)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	struct stat st;
	char *text;
	size_t at = 0;
	ssize_t n = 0;

	if (fd < 0)
		return NULL;
	must(!fstat(fd, &st), path);
	text = malloc(st.st_size + 1);
	must(text, "malloc");
	while (at < (size_t)st.st_size &&
	       (n = read(fd, text + at, st.st_size - at)) > 0)
		at += n;
	must(n >= 0, path);
	close(fd);
	text[at] = '\0';
	if (len)
		*len = at;
	return text;
}
