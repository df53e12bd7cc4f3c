/* SPDX-License-Identifier: GPL-2.0 */
/* A log of several files, for tests that read it. */
#ifndef SELFTESTS_ROTATED_LOG_H
#define SELFTESTS_ROTATED_LOG_H

#include "log/settings.h"
#include "log_test.h"

static char path[PATH_MAX + 16];

/* Rename all files, the highest number first, up to the first free number. */
static inline void rotate(int max_files)
{
	char from[PATH_MAX + 32], to[PATH_MAX + 32];
	int free_number = 0;

	do {
		number_path(to, path, ++free_number);
	} while (free_number < max_files && !access(to, F_OK));
	if (free_number == max_files)
		free_number--;
	for (int n = free_number; n > 0; n--) {
		number_path(from, path, n - 1);
		number_path(to, path, n);
		must(!rename(from, to));
	}
	if (max_files == 1)
		must(!unlink(path));
}

static inline void remove_all(void)
{
	char name[PATH_MAX + 32];

	for (int n = 0; n <= LOG_MAX_FILES_MAX; n++) {
		number_path(name, path, n);
		unlink(name);
	}
}

static inline int open_file(void)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_APPEND | O_CLOEXEC,
		      0600);

	must(fd >= 0);
	return fd;
}

static inline int put_piece(char *buf, size_t room, bool partial,
			    const char *text)
{
	return format_piece(buf, room, 1700000000000000000, LOG_STDOUT, partial,
			    text);
}

static inline void append_piece(int fd, bool partial, const char *text)
{
	char buf[256];

	must(write_all(fd, buf, put_piece(buf, sizeof(buf), partial, text)));
}

/* Make the folder for the log. */
static inline void log_set_up(void)
{
	scratch_make();
	snprintf(path, sizeof(path), "%s/web.log", scratch);
}

#endif /* SELFTESTS_ROTATED_LOG_H */
