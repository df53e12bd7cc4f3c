// SPDX-License-Identifier: GPL-2.0
/* Names of the cgroups of OCI containers, see home_name.h. */
#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "folder.h"
#include "home_name.h"

#define DEFAULT_FOLDER "purser-oci"
#define DEFAULT_PREFIX "purser"
#define SCOPE	       ".scope"

/*
 * Append the components of @from to @to, which has room for them, without empty ones and
 * ".". Returns how many there were, or -EINVAL for "..".
 */
static int append_components(char *to, const char *from)
{
	char *end = to + strlen(to);
	int n = 0;

	for (;;) {
		size_t len;

		from += strspn(from, "/");
		len = strcspn(from, "/");
		if (!len)
			return n;
		if (len == 2 && !memcmp(from, "..", 2))
			return -EINVAL;
		if (len != 1 || *from != '.') {
			*end++ = '/';
			end = mempcpy(end, from, len);
			*end = '\0';
			n++;
		}
		from += len;
	}
}

int cgroup_home_path(const char *mount, const char *cgroups_path,
		     const char *id, char **path, struct failure *failure)
{
	__cleanup_free char *root = NULL;
	char *clean;
	int n;

	if (!cgroups_path || !*cgroups_path) {
		root = path_join(mount, DEFAULT_FOLDER, "");
		*path = root ? cgroup_folder_path(root, id) : NULL;
		return *path ? 0 : failed_errno(failure, -ENOMEM, "cgroup");
	}
	clean = malloc(strlen(mount) + strlen(cgroups_path) + 2);
	if (!clean)
		return failed_errno(failure, -ENOMEM, "cgroup");
	n = strcmp(mount, "/") ? (int)strlen(mount) : 0;
	memcpy(clean, mount, n);
	clean[n] = '\0';
	n = append_components(clean, cgroups_path);
	if (n <= 0) {
		free(clean);
		return failed(failure, EXIT_FAILED,
			      "linux.cgroupsPath: \"%s\" %s", cgroups_path,
			      n ? "has \"..\" in it" :
				  "is the root of all cgroups");
	}
	*path = clean;
	return 0;
}

/*
 * Copy @from; write a byte that no name of a unit may have as systemd does, "\x2b" for a
 * "+" in an id. @to: room for four bytes each
 */
static char *append_escaped(char *to, const char *from)
{
	for (; *from; from++) {
		const unsigned char c = *from;

		if (isascii(c) && (isalnum(c) || strchr(":-_.\\@", c)))
			*to++ = c;
		else
			to += snprintf(to, 5, "\\x%02x", c);
	}
	*to = '\0';
	return to;
}

static bool ends_in_scope(const char *name)
{
	const size_t len = strlen(name);

	return len >= strlen(SCOPE) &&
	       !strcmp(name + len - strlen(SCOPE), SCOPE);
}

/* "PREFIX-NAME.scope" */
static char *scope_name(const char *prefix, size_t prefix_len, const char *name)
{
	const size_t len = prefix_len + strlen(name);
	__cleanup_free char *plain = NULL;
	char *scope;

	if (asprintf(&plain, "%.*s%s%s%s", (int)prefix_len, prefix,
		     prefix_len ? "-" : "", name,
		     ends_in_scope(name) ? "" : SCOPE) < 0)
		return NULL;
	scope = malloc(4 * (len + sizeof("-" SCOPE)));
	if (scope)
		append_escaped(scope, plain);
	return scope;
}

int cgroup_home_unit(const char *cgroups_path, const char *id, bool user,
		     struct cgroup_unit *unit, struct failure *failure)
{
	const char *const slice = user ? "user.slice" : "system.slice";
	const char *prefix, *name;

	*unit = (struct cgroup_unit){ NULL, NULL };
	if (!cgroups_path || !*cgroups_path) {
		unit->slice = strdup(slice);
		unit->name = scope_name(DEFAULT_PREFIX, strlen(DEFAULT_PREFIX),
					id);
	} else {
		prefix = strchr(cgroups_path, ':');
		name = prefix ? strchr(prefix + 1, ':') : NULL;
		if (!name || !name[1] || strchr(name + 1, ':') ||
		    strchr(cgroups_path, '/'))
			return failed(
				failure, EXIT_FAILED,
				"linux.cgroupsPath: with systemd it must have the form \"slice:prefix:name\", and it is \"%s\"",
				cgroups_path);
		unit->slice = prefix == cgroups_path ?
				      strdup(slice) :
				      strndup(cgroups_path,
					      prefix - cgroups_path);
		unit->name = scope_name(prefix + 1, name - prefix - 1,
					name + 1);
	}
	if (unit->slice && unit->name)
		return 0;
	cgroup_unit_free(unit);
	return failed_errno(failure, -ENOMEM, "scope");
}

void cgroup_unit_free(struct cgroup_unit *unit)
{
	free(unit->slice);
	free(unit->name);
	*unit = (struct cgroup_unit){ NULL, NULL };
}
