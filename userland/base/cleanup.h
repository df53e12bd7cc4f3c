/* SPDX-License-Identifier: LGPL-2.1 */
/* Scope-bound cleanup: __cleanup_free, __cleanup_close, __cleanup_fclose. */
#ifndef BASE_CLEANUP_H
#define BASE_CLEANUP_H

#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static inline void cleanup_free(void *p)
{
	free(*(void **)p);
}

static inline void cleanup_close(int *fd)
{
	if (*fd >= 0)
		close(*fd);
}

static inline void cleanup_fclose(FILE **f)
{
	if (*f)
		fclose(*f);
}

#define __cleanup_free	 __attribute__((cleanup(cleanup_free)))
#define __cleanup_close	 __attribute__((cleanup(cleanup_close)))
#define __cleanup_fclose __attribute__((cleanup(cleanup_fclose)))

#endif /* BASE_CLEANUP_H */
