/* SPDX-License-Identifier: GPL-2.0 */
/* Files of this folder, for the tests of configurations. */
#ifndef SELFTESTS_OCI_DATA_H
#define SELFTESTS_OCI_DATA_H

#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tap.h"

/** data_path() - the path of a file of this folder; the program is in build/tests/ */
static inline const char *data_path(const char *name)
{
	static char path[PATH_MAX];
	char *build;
	ssize_t n = readlink("/proc/self/exe", path, sizeof(path) - 1);

	path[n < 0 ? 0 : n] = '\0';
	build = strstr(path, "/build/");
	if (!build)
		bail("%s is not below build/", path);
	snprintf(build, sizeof(path) - (size_t)(build - path),
		 "/selftests/oci/%s", name);
	return path;
}

/** data_read() - read such a file to a string, for free() */
static inline char *data_read(const char *name)
{
	FILE *f = fopen(data_path(name), "re");
	struct stat st;
	char *text;

	if (!f || fstat(fileno(f), &st))
		bail("cannot open %s", data_path(name));
	text = calloc(1, (size_t)st.st_size + 1);
	if (!text ||
	    fread(text, 1, (size_t)st.st_size, f) != (size_t)st.st_size)
		bail("cannot read %s", data_path(name));
	fclose(f);
	return text;
}

#endif /* SELFTESTS_OCI_DATA_H */
