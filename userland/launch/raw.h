/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls as the child of a launch makes them, between clone3() and
 * execve() in a copy of a process that had other threads. The C library's own
 * functions may take a lock that one of those threads held, keep state of the
 * parent, or be replaced by a sanitizer's; these enter the kernel directly and
 * return a negative errno. Reading and writing errno is safe: it is a
 * thread-local variable of the one thread that the child has.
 */
#ifndef LAUNCH_RAW_H
#define LAUNCH_RAW_H

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* Arguments that the kernel reads as long must be given as long here. */
#define raw(...)                                         \
	({                                               \
		long raw_result_ = syscall(__VA_ARGS__); \
		raw_result_ < 0 ? -errno : raw_result_;  \
	})

static inline void raw_close(int fd)
{
	if (fd >= 0)
		raw(SYS_close, fd);
}

static inline void raw_cleanup_close(int *fd)
{
	raw_close(*fd);
}

#define __cleanup_raw_close __attribute__((cleanup(raw_cleanup_close)))

#endif /* LAUNCH_RAW_H */
