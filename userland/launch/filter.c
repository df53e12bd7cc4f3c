// SPDX-License-Identifier: GPL-2.0
/* Exporting the program of a filter from libseccomp, which writes it to a file. */
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "filter.h"

int filter_export(scmp_filter_ctx rules, struct sock_fprog *program)
{
	int fd __cleanup_close = memfd_create("seccomp", MFD_CLOEXEC);
	void *memory __cleanup_free = NULL;
	struct stat st;
	ssize_t n;
	int r;

	if (fd < 0)
		return -errno;
	r = seccomp_export_bpf(rules, fd);
	if (r)
		return r;
	if (fstat(fd, &st))
		return -errno;
	if (!st.st_size || (size_t)st.st_size % sizeof(struct sock_filter) ||
	    (size_t)st.st_size / sizeof(struct sock_filter) > BPF_MAXINSNS)
		return -E2BIG;
	memory = malloc((size_t)st.st_size);
	if (!memory)
		return -ENOMEM;
	n = pread(fd, memory, (size_t)st.st_size, 0);
	if (n != st.st_size)
		return n < 0 ? -errno : -EIO;
	program->len = (unsigned short)((size_t)n / sizeof(struct sock_filter));
	program->filter = memory;
	memory = NULL;
	return 0;
}
