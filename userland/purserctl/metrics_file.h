/* SPDX-License-Identifier: GPL-2.0 */
/* "purserctl metrics --textfile": a file that always has a whole text. */
#ifndef PURSERCTL_METRICS_FILE_H
#define PURSERCTL_METRICS_FILE_H

#include <stddef.h>

#include "base/failure.h"

/**
 * metrics_file_replace() - replace a file at once, or make it
 * Another program that opens @path gets the old text or the new one as a whole, also
 * after a crash of the machine. The temporary file is in the same folder; its name begins
 * with "." and does not end in ".prom". Returns 0, or -1 with @failure filled.
 */
int metrics_file_replace(const char *path, const char *text, size_t len,
			 struct failure *failure);

#endif /* PURSERCTL_METRICS_FILE_H */
