/* SPDX-License-Identifier: GPL-2.0 */
/* The hooks of a configuration. */
#ifndef OCI_CONFIG_HOOKS_H
#define OCI_CONFIG_HOOKS_H

#include "document/reader.h"

/** enum hook_kind - the six kinds of hooks */
enum hook_kind {
	HOOK_PRESTART,
	HOOK_CREATE_RUNTIME,
	HOOK_CREATE_CONTAINER,
	HOOK_START_CONTAINER,
	HOOK_POSTSTART,
	HOOK_POSTSTOP,
	HOOK_KINDS,
};

extern const char *const hook_names[HOOK_KINDS]; /* as config.json has them */

/** struct hook - a program to be run */
struct hook {
	const char *path;     /* absolute */
	char *const *argv;    /* NULL-terminated, at least one */
	char *const *envp;    /* NULL-terminated; NULL: as the runtime has it */
	unsigned int timeout; /* seconds; 0: none */
};

struct hook_list {
	const struct hook *hooks;
	size_t n;
};

/** read_hooks() - read "hooks" */
void read_hooks(struct reader *r, const struct node *document,
		struct hook_list lists[HOOK_KINDS]);

#endif /* OCI_CONFIG_HOOKS_H */
