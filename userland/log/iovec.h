/* SPDX-License-Identifier: GPL-2.0 */
/* Memory in pieces, as readv(2) and writev(2) take it. */
#ifndef LOG_IOVEC_H
#define LOG_IOVEC_H

#include <stddef.h>
#include <sys/uio.h>

/**
 * iovec_skip() - take the first @len bytes off @n pieces
 * Returns how many pieces at the front are empty then.
 */
static inline size_t iovec_skip(struct iovec *iov, size_t n, size_t len)
{
	size_t i;

	for (i = 0; i < n; i++) {
		size_t part = len < iov[i].iov_len ? len : iov[i].iov_len;

		iov[i].iov_base = (char *)iov[i].iov_base + part;
		iov[i].iov_len -= part;
		len -= part;
		if (iov[i].iov_len)
			break;
	}
	return i;
}

#endif /* LOG_IOVEC_H */
