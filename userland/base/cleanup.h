/* SPDX-License-Identifier: LGPL-2.1 */
/* Variables that free or close what they hold at the end of their scope. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

/** cleanup_close() - close *@fd unless it is negative, and set it to -1 */
static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
	*fd = -1;
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define __cleanup_free	 __attribute__((cleanup(cleanup_free)))
#define __cleanup_close	 __attribute__((cleanup(cleanup_close)))
#define __cleanup_fclose __attribute__((cleanup(cleanup_fclose)))

/** take_fd() - return *@fd, which the variable does not close any more */
static inline int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

#endif /* BASE_CLEANUP_H */
