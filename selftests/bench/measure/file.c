// SPDX-License-Identifier: GPL-2.0
/* Small files, as the kernel has them in /proc, /sys and elsewhere. */
#include <fcntl.h>
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
				fail("measure: no memory");
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
