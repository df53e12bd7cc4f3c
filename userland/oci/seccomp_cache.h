/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A cache of compiled seccomp profiles. libseccomp takes longer for podman's profile than
 * all else that a start needs, and most containers of a machine have the same one.
 *
 * The cache is the folder ".seccomp" in the folder of states, which root alone can write.
 * A file of it holds the text of a profile, what the profile was compiled with, and the
 * program. The program is used only if both texts are the same, byte by byte. Whatever is
 * wrong with a file or with the folder, the profile is compiled then.
 */
#ifndef OCI_SECCOMP_CACHE_H
#define OCI_SECCOMP_CACHE_H

#include "seccomp/profile.h"

#define SECCOMP_CACHE_FOLDER ".seccomp"

/* The newest files are kept. A larger file is not made: the cache has 4 MiB at most. */
#define SECCOMP_CACHE_FILES	 32
#define SECCOMP_CACHE_FILE_BYTES (128 << 10)

/**
 * seccomp_cached() - compile a profile, or find it compiled
 * @states: the open folder of states
 * The rest is as for seccomp_compile(). Programs with a listener are not kept.
 */
int seccomp_cached(struct seccomp_program *program, struct json_object *profile,
		   int states, struct failure *failure);

#endif /* OCI_SECCOMP_CACHE_H */
