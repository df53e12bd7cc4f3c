// SPDX-License-Identifier: GPL-2.0
/*
 * The program of --init, see init_program.h. The linker puts it into this program. A
 * sealed file in memory has it for execveat(): so the roots of containers need no file of
 * it, and a new version of the package changes nothing under a running supervisor.
 */
#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "init_program.h"

/* Older headers lack it. Kernels before 6.3 do not know it, and need no flag. */
#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U
#endif

extern const char init_image[], init_image_end[];

__asm__(".pushsection .rodata\n"
	".balign 16\n"
	"init_image: .incbin \"" INIT_FILE "\"\n"
	"init_image_end: .byte 0\n"
	".popsection\n");

static int make_file(void)
{
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	int fd __cleanup_close = memfd_create("purser-init", flags | MFD_EXEC);
	const char *next = init_image;
	ssize_t n;

	if (fd < 0 && errno == EINVAL)
		fd = memfd_create("purser-init", flags);
	if (fd < 0)
		return -errno;
	while (next < init_image_end) {
		n = write(fd, next, init_image_end - next);
		if (n < 0)
			return -errno;
		next += n;
	}
	if (fcntl(fd, F_ADD_SEALS,
		  F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE) < 0)
		return -errno;
	return take_fd(&fd);
}

int init_program(struct failure *failure)
{
	static int fd = -1;

	if (fd < 0)
		fd = make_file();
	if (fd < 0)
		return failed_errno(failure, fd,
				    "making the program of --init");
	return fd;
}
