// SPDX-License-Identifier: GPL-2.0
/* Reads and writes small files and makes folders of the kernel, as in /proc and /sys. */
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "measure.h"

char *file_read(int dir, const char *path)
{
	int fd = openat(dir, path, O_RDONLY | O_CLOEXEC);
	size_t len = 0, room = 0;
	char *text = NULL;
	ssize_t n = 0;

	if (fd < 0)
		return NULL;
	do {
		len += n;
		if (len + 1 >= room) {
			room = room ? 2 * room : 16384;
			text = realloc(text, room);
			if (!text)
				fail("measure: out of memory");
		}
		n = read(fd, text + len, room - len - 1);
	} while (n > 0);
	close(fd);
	if (n < 0) {
		free(text);
		return NULL;
	}
	text[len] = '\0';
	return text;
}

bool file_write(int dir, const char *path, const char *text)
{
	int fd = openat(dir, path, O_WRONLY | O_CLOEXEC | O_TRUNC);

	if (fd < 0 && errno == ENOENT)
		return false;
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		fail("measure: cannot write \"%s\" to %s", text, path);
	close(fd);
	return true;
}

/** folder_make() - make a folder, in place of one that a killed run has left */
int folder_make(const char *path)
{
	int dir;

	rmdir(path);
	if (mkdir(path, 0755))
		fail("measure: cannot make %s", path);
	dir = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (dir < 0)
		fail("measure: cannot open %s", path);
	return dir;
}
