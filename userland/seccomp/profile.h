/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Compiling the seccomp profile of a configuration to the program that the kernel takes.
 *
 * Names of system calls that libseccomp does not know are ignored: profiles list calls
 * that are newer than the library, and the calls of all architectures.
 */
#ifndef SECCOMP_PROFILE_H
#define SECCOMP_PROFILE_H

#include <json-c/json.h>
#include <linux/filter.h>

#include "base/failure.h"

/**
 * struct seccomp_program - a compiled profile, for seccomp_program_free()
 * If a rule has SCMP_ACT_NOTIFY, @flags has SECCOMP_FILTER_FLAG_NEW_LISTENER and
 * @listener_path is the socket that must be given the notify descriptor. Otherwise
 * @listener_path is NULL, whatever the profile has.
 */
struct seccomp_program {
	struct sock_fprog filter;      /* for struct process_spec */
	unsigned int flags;	       /* SECCOMP_FILTER_FLAG_*, likewise */
	const char *listener_path;     /* or NULL */
	const char *listener_metadata; /* or NULL; both belong to the JSON */
};

/**
 * seccomp_compile() - compile the object linux.seccomp of a configuration
 * Returns 0, or -1 with @failure filled, which names the field that is wrong.
 */
int seccomp_compile(struct seccomp_program *program,
		    struct json_object *profile, struct failure *failure);
/** seccomp_program_free() - free what @program holds; may be called again */
void seccomp_program_free(struct seccomp_program *program);

#endif /* SECCOMP_PROFILE_H */
