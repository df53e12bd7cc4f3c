/* SPDX-License-Identifier: GPL-2.0 */
/*
 * ENOSYS for system calls that are newer than a seccomp profile.
 *
 * The C library tries a new system call and, at ENOSYS, the old way. At EPERM, which is
 * the default of docker's profile, it gives up. So a call with a number above those of
 * all calls that the profile names fails with ENOSYS, as with runc.
 */
#ifndef SECCOMP_ENOSYS_H
#define SECCOMP_ENOSYS_H

#include <linux/filter.h>
#include <stddef.h>
#include <stdint.h>

/* More than libseccomp knows. */
#define ENOSYS_ARCHES 32

/** struct enosys - the architectures of a profile, and the highest number for each */
struct enosys {
	struct {
		uint32_t arch; /* SCMP_ARCH_* */
		int highest;   /* -1: none */
	} list[ENOSYS_ARCHES];
	size_t n;
};

/** enosys_add_architecture() - add @arch; adding it twice does nothing */
void enosys_add_architecture(struct enosys *e, uint32_t arch);
/** enosys_add_name() - add a call that the profile names; call it last */
void enosys_add_name(struct enosys *e, const char *name);
/**
 * enosys_prepend() - put the instructions in front of @program
 * Returns 0, -ENOMEM, or -E2BIG: the kernel takes no program of that size.
 */
int enosys_prepend(const struct enosys *e, struct sock_fprog *program);

#endif /* SECCOMP_ENOSYS_H */
