/* SPDX-License-Identifier: GPL-2.0 */
/* The command line: commands, their options, and what was given. */
#ifndef PURSERCTL_ARGS_H
#define PURSERCTL_ARGS_H

#include <stdbool.h>
#include <stdint.h>

#include "libpurser/purser.h"

/* One bit each, for "may be given" and for "was given". */
enum option_bit {
	OPT_JSON = 1 << 0,
	OPT_STATE = 1 << 1,
	OPT_ID = 1 << 2,
	OPT_PID = 1 << 3,
	OPT_SOFT = 1 << 4,
	OPT_HARD = 1 << 5,
	OPT_SIGNAL = 1 << 6,
	OPT_TIME = 1 << 7,
	OPT_NO_WAIT = 1 << 8,
	OPT_SINCE = 1 << 9,
	OPT_READY_FD = 1 << 10,
	OPT_RCVBUF = 1 << 11,
	OPT_PIDFD = 1 << 12,
	OPT_HELP = 1 << 13,
	OPT_VERSION = 1 << 14,
};

struct args;

/** struct command - one command of the tool */
struct command {
	const char *name;
	const char *synopsis; /* what follows the name */
	const char *about;
	unsigned int options; /* the &enum option_bit it takes */
	bool takes_ref;	      /* NAME, or --id or --pid instead */
	bool takes_pid;	      /* a process after the NAME, or --pidfd */
	int (*run)(const struct args *args); /* returns an exit code */
};

/** struct args - a command line that makes sense */
struct args {
	const struct command *command; /* NULL: --help or --version alone */
	unsigned int given;	       /* &enum option_bit */
	struct purser_ref ref;	       /* exactly one, where it takes_ref */
	pid_t pid;		       /* 0: that of @pidfd */
	int pidfd;		       /* -1: none */
	enum purser_state state;       /* 0: all */
	uint64_t soft_limit;
	uint64_t hard_limit;
	int signal; /* 0: the kernel's default */
	unsigned int grace_ms;
	uint64_t since;
	int ready_fd; /* -1: none */
	int rcvbuf;   /* bytes; 0: the default */
};

/** args_parse() - 0, or EXIT_USAGE when the reason has been printed */
int args_parse(struct args *args, int argc, char **argv,
	       const struct command *commands, size_t n_commands);

#endif /* PURSERCTL_ARGS_H */
