/* SPDX-License-Identifier: GPL-2.0 */
/* The names that a seccomp profile has for actions, operators, flags and architectures. */
#ifndef SECCOMP_NAMES_H
#define SECCOMP_NAMES_H

#include <linux/seccomp.h>
#include <stdint.h>

#include "document/reader.h"

/* Older headers lack it. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

extern const struct reader_name seccomp_actions[];   /* SCMP_ACT_*, errno 0 */
extern const struct reader_name seccomp_operators[]; /* SCMP_CMP_* */
extern const struct reader_name seccomp_flags[];     /* SECCOMP_FILTER_FLAG_* */

/** seccomp_architectures - the names in the runtime-spec, NULL at the end */
extern const char *const seccomp_architectures[];

/** seccomp_architecture() - SCMP_ARCH_* by name; 0: libseccomp does not know it */
uint32_t seccomp_architecture(const char *name);

#endif /* SECCOMP_NAMES_H */
