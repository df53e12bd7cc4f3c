/* SPDX-License-Identifier: GPL-2.0 */
/*
 * "engine check": what the machine has of what engine needs. Each function here looks at
 * one subject and adds a finding for each thing that it has looked for. They read files
 * and change nothing.
 */
#ifndef ENGINE_CHECK_H
#define ENGINE_CHECK_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/strings.h"

/**
 * enum finding_state
 * @FINDING_WARNING: engine works, but not all of it
 * @FINDING_MISSING: engine cannot start containers
 */
enum finding_state {
	FINDING_OK,
	FINDING_WARNING,
	FINDING_MISSING,
};

/** struct finding - one line of the table */
struct finding {
	const char *name; /* of what was looked for */
	enum finding_state state;
	char *found;
	char *remedy; /* the command that mends it, or NULL */
};

/** struct findings - all zero at first; for findings_free() */
struct findings {
	struct finding *list;
	size_t n;
	bool no_memory; /* some are not in the list */
};

/**
 * struct machine - where to look
 * @root: an open folder; all paths without a slash in front begin there
 * @version: of the programs
 * @run_dir: of the supervisor; the settings of the service may name another one
 * @records: the names of the kernel's records; NULL: they are not known
 * @unreachable: why the kernel's table cannot be reached, or NULL
 */
struct machine {
	int root;
	const char *version;
	const char *run_dir;
	const struct string_list *records;
	const char *unreachable;
};

/** findings_add() - add a finding; returns it, for finding_remedy() */
struct finding *findings_add(struct findings *f, const char *name,
			     enum finding_state state, const char *found, ...)
	__attribute__((format(printf, 4, 5)));
/** finding_remedy() - set the command; @finding may be NULL */
void finding_remedy(struct finding *finding, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** findings_add_name() - add " NAME" to a text, for free(), which may be NULL at first */
void findings_add_name(char **text, const char *name);
/** findings_miss() - tell whether anything that is needed is missing */
bool findings_miss(const struct findings *f);
void findings_free(struct findings *f);
/** finding_state_name() - "ok", "warning" or "missing" */
const char *finding_state_name(enum finding_state state);

/* Reading files of the machine. Paths are printf() formats. */

/** machine_read() - read a short file; its length or a negative errno */
ssize_t machine_read(const struct machine *m, char *text, size_t room,
		     const char *path, ...)
	__attribute__((format(printf, 4, 5)));
/** machine_has() - tell whether there is such a file */
bool machine_has(const struct machine *m, const char *path, ...)
	__attribute__((format(printf, 2, 3)));
/** machine_line() - find the first line with @text in a file; NULL, or for free() */
char *machine_line(const struct machine *m, const char *text, const char *path,
		   ...) __attribute__((format(printf, 3, 4)));

/**
 * machine_setting() - find the value that a file of settings for systemd gives a variable
 *
 * Return: NULL, or for free(). The last line NAME=VALUE counts.
 */
char *machine_setting(const struct machine *m, const char *name,
		      const char *path);

/* Of the kernel */
void check_kernel(const struct machine *m, struct findings *f);
/* The module, its version, and what is needed to build and to load it */
void check_module(const struct machine *m, struct findings *f);
void check_cgroups(const struct machine *m, struct findings *f);
/* Overlay, seccomp, namespaces */
void check_features(const struct machine *m, struct findings *f);
void check_permissions(const struct machine *m, struct findings *f);
/* The supervisor, and what dead ones and ended containers have left */
void check_leftovers(const struct machine *m, struct findings *f);

/** check_machine() - all of these */
void check_machine(const struct machine *m, struct findings *f);

#endif /* ENGINE_CHECK_H */
