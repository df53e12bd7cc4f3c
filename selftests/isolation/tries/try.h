/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The tries of the battery. A try does one thing that no container may do, and
 * tells what the kernel said. It is made in a container, and in a place where the
 * protection is off; there it has to come through, or it proves nothing in the
 * container.
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

/* What a try returns beside 0 and negative errnos. */
#define NOTHING (-4096) /* the file is there, and holds nothing but zeros */

/* Parts of the wall. */
#define FILTER	     "filter"
#define CAPABILITIES "capabilities"

/**
 * struct attempt - a try, and what must come of it
 * Outcomes are "success", the name of an errno, "nothing", or "SIG" and the name of
 * the signal that ends the process.
 */
struct attempt {
	const char *name;
	int (*go)(const struct attempt *t);
	/* The outcome in a container; NULL: it is not made there. */
	const char *inside;
	/* For users of the host; NULL: it is not made by them. */
	const char *outside;
	/* Where the protection is off; NULL: "success". */
	const char *off;
	/* There if the kernel has no such thing, beside ENOSYS; "|" between two. */
	const char *lacks;
	/*
	 * The part of the wall that holds it alone, FILTER or CAPABILITIES; NULL:
	 * another part holds it, too.
	 */
	const char *only;
	const char *path;
	long number;
};

/* For the tables: a name, what makes it, the outcome in a container, and the rest. */
#define TRY(title, function, outcome, ...)                              \
	{                                                               \
		.name = (title), .go = (function), .inside = (outcome), \
		##__VA_ARGS__                                           \
	}

/** struct group - a kind of tries; an entry without a name ends it */
struct group {
	const char *name;
	const struct attempt *tries;
};

extern const struct attempt files_tries[], nodes_tries[], mounts_tries[],
	proc_tries[], sys_tries[], namespaces_tries[], processes_tries[],
	own_tries[], kernel_tries[], machine_tries[], sockets_tries[],
	netlink_tries[], resources_tries[], fifos_tries[], outside_tries[];

/* The protection is off: who makes the tries is root of the host. */
extern bool off;

/* What the test tells by the environment. */
const char *told(const char *name);
pid_t told_pid(const char *name);

/** result() - of a system call: 0 or a negative errno */
static inline int result(long r)
{
	return r < 0 ? -errno : 0;
}

/* For tries of one line. */
#define CALL(function, call)                         \
	static int function(const struct attempt *t) \
	{                                            \
		(void)t;                             \
		return result(call);                 \
	}

/* In try.c: what many tries do. */

/* Open t->path with the flags t->number. */
int try_open(const struct attempt *t);
/* Read a byte of t->path that is not '\0'. */
int try_read(const struct attempt *t);
/* Give t->path the mode that it has. */
int try_chmod(const struct attempt *t);
/* Make a file in the folder t->path. */
int try_create(const struct attempt *t);

/** write_text() - to a file that is there */
int write_text(const char *path, const char *text);

/** proc_path() - "/proc/PID/NAME"; a text that stays until the next call */
const char *proc_path(pid_t pid, const char *name);

#endif /* SELFTESTS_ISOLATION_TRY_H */
