/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tries of the battery. A try is one attempt to do what no container may do; its
 * outcome is the kernel's answer. Each try is made in a container, and by root of the
 * host without the protection: there it must succeed, or its failure in the container
 * proves nothing.
 */
#ifndef SELFTESTS_ISOLATION_TRY_H
#define SELFTESTS_ISOLATION_TRY_H

#include <errno.h>
#include <stdbool.h>
#include <stddef.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <unistd.h>

#ifndef CLONE_NEWTIME
#define CLONE_NEWTIME 0x00000080
#endif

/* A try returns 0, a negative errno, or this: the file exists, but has only zeros. */
#define NOTHING (-4096)

/* Parts of the wall: the system call filter, and the missing capabilities. */
#define FILTER	     "filter"
#define CAPABILITIES "capabilities"

/**
 * struct attempt - a try, and its expected outcomes
 *
 * An outcome is "success", the name of an errno, "nothing" for NOTHING, or the name of
 * the signal that ends the process.
 */
struct attempt {
	const char *name;
	int (*go)(const struct attempt *t);
	/* The outcome in a container; NULL: the try is not made there. */
	const char *inside;
	/* The outcome for users of the host; NULL: they do not make the try. */
	const char *outside;
	/* The outcome without the protection; NULL: "success". */
	const char *off;
	/*
	 * Outcomes without the protection, separated by "|", which mean that the
	 * kernel does not support the try. ENOSYS always means that.
	 */
	const char *lacks;
	/*
	 * The only part of the wall that stops the try, FILTER or CAPABILITIES;
	 * NULL: another part stops it, too.
	 */
	const char *only;
	const char *path;
	long number;
};

/* An entry of a table: name, function, outcome in a container, other fields. */
#define TRY(title, function, outcome, ...)                              \
	{                                                               \
		.name = (title), .go = (function), .inside = (outcome), \
		##__VA_ARGS__                                           \
	}

/** struct group - a group of tries, in a table that ends with a NULL name */
struct group {
	const char *name;
	const struct attempt *tries;
};

extern const struct attempt files_tries[], nodes_tries[], mounts_tries[],
	proc_tries[], sys_tries[], namespaces_tries[], processes_tries[],
	own_tries[], kernel_tries[], machine_tries[], sockets_tries[],
	netlink_tries[], resources_tries[], fifos_tries[], outside_tries[];

/* There is no protection: the program runs as root of the host. */
extern bool off;

/* The values that the test passes in environment variables; exit if one is not set. */
const char *variable(const char *name);
pid_t variable_pid(const char *name);

/** result() - turn the result of a system call into 0 or a negative errno */
static inline int result(long r)
{
	return r < 0 ? -errno : 0;
}

/* CALL() - define a try that is one system call */
#define CALL(function, call)                         \
	static int function(const struct attempt *t) \
	{                                            \
		(void)t;                             \
		return result(call);                 \
	}

/* try.c: functions that many tries use */

/* Open t->path with the flags t->number. */
int try_open(const struct attempt *t);
/* Read a byte of t->path that is not '\0'. */
int try_read(const struct attempt *t);
/* Give t->path the mode that it has. */
int try_chmod(const struct attempt *t);
/* Make a file in the folder t->path. */
int try_create(const struct attempt *t);

/** write_text() - write to an existing file; 0 or a negative errno */
int write_text(const char *path, const char *text);

/** proc_path() - "/proc/PID/NAME"; valid until the next call */
const char *proc_path(pid_t pid, const char *name);

#endif /* SELFTESTS_ISOLATION_TRY_H */
