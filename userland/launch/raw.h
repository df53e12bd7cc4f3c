/* SPDX-License-Identifier: GPL-2.0 */
/*
 * System calls for the child of a launch.
 *
 * Between clone3() and execve(), the child is a copy of a process that had other threads.
 * A function of the C library might need a lock that one of those threads held, use state
 * of the parent, or be replaced by a sanitizer. So the child calls the kernel directly.
 * These functions return a negative errno. Using errno is safe, because it is a
 * thread-local variable of the child's only thread.
 */
#ifndef LAUNCH_RAW_H
#define LAUNCH_RAW_H

#include <errno.h>
#include <stdint.h>
#include <sys/syscall.h>
#include <unistd.h>

/* The caller must pass long arguments for parameters that the kernel reads as long. */
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
