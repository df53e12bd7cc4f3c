// SPDX-License-Identifier: GPL-2.0
/* Environments of containers, see environment.h. */
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "environment.h"

#define DEFAULT_PATH \
	"PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"

static size_t key_length(const char *entry)
{
	return strcspn(entry, "=");
}

/* Set "KEY=VALUE", and replace an earlier value of that key. */
int environment_set(struct string_list *env, const char *entry)
{
	size_t len = key_length(entry);

	for (size_t i = 0; i < env->n; i++) {
		char *copy;

		if (key_length(env->strings[i]) != len ||
		    memcmp(env->strings[i], entry, len))
			continue;
		copy = strdup(entry);
		if (!copy)
			return -ENOMEM;
		free(env->strings[i]);
		env->strings[i] = copy;
		return 0;
	}
	return string_list_add(env, entry);
}

int environment_make(struct string_list *env, const char *hostname,
		     const struct string_list *more)
{
	char entry[sizeof("HOSTNAME=") + HOST_NAME_MAX];
	int err;

	snprintf(entry, sizeof(entry), "HOSTNAME=%s", hostname);
	err = environment_set(env, DEFAULT_PATH);
	if (!err)
		err = environment_set(env, "HOME=/root");
	if (!err)
		err = environment_set(env, entry);
	if (!err)
		err = environment_set(env, "container=purser");
	for (size_t i = 0; !err && i < more->n; i++)
		err = environment_set(env, more->strings[i]);
	return err;
}
