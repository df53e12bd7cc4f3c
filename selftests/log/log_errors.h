/* SPDX-License-Identifier: GPL-2.0 */
/* Making log files that cannot be written, and catching what is reported. */
#ifndef SELFTESTS_LOG_ERRORS_H
#define SELFTESTS_LOG_ERRORS_H

#include <sys/resource.h>

#include "log_test.h"

/* A limit on the size of files plays a disk that is full for a while. */
static inline void limit_files(rlim_t bytes)
{
	struct rlimit limit;

	signal(SIGXFSZ, SIG_IGN);
	must(!getrlimit(RLIMIT_FSIZE, &limit));
	limit.rlim_cur = bytes;
	must(!setrlimit(RLIMIT_FSIZE, &limit));
}

/*
 * A log that is longer from the start than the pipeline's own files become: a limit above
 * it affects the log alone.
 */
#define LONG_FILE (16 * 1024 * 1024)

static inline void make_long_file(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);

	must(fd >= 0 && pwrite(fd, "\n", 1, LONG_FILE - 1) == 1);
	must(!close(fd));
}

static int real_stderr = -1;

static inline void capture_start(const char *path)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

	must(fd >= 0);
	fflush(stderr);
	real_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 10);
	must(real_stderr >= 0 && dup2(fd, STDERR_FILENO) >= 0);
	close(fd);
}

static inline char *capture_end(const char *path)
{
	size_t len;
	char *text;

	must(dup2(real_stderr, STDERR_FILENO) >= 0);
	close(real_stderr);
	text = slurp(path, &len);
	return text;
}

#endif /* SELFTESTS_LOG_ERRORS_H */
