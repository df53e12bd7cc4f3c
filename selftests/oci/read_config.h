/* SPDX-License-Identifier: GPL-2.0 */
/* Reading the configurations of this folder. */
#ifndef SELFTESTS_OCI_READ_CONFIG_H
#define SELFTESTS_OCI_READ_CONFIG_H

#include <linux/capability.h>
#include <string.h>

#include "data.h"
#include "oci/config.h"

#define CAP(name) (UINT64_C(1) << CAP_##name)

/** read_config() - read one that must be right, for oci_config_free() */
static inline struct oci_config read_config(const char *name)
{
	char *text = data_read(name);
	struct oci_config config;
	struct failure failure;

	if (oci_config_parse(&config, text, strlen(text), &failure))
		bail("%s: %s", name, failure.text);
	free(text);
	return config;
}

/** joined() - the strings of a list, with a bar behind each */
static inline const char *joined(char *const *list)
{
	static char text[1024];
	size_t n = 0;

	for (; list && *list; list++)
		n += (size_t)snprintf(text + n, sizeof(text) - n, "%s|", *list);
	text[n] = '\0';
	return text;
}

#endif /* SELFTESTS_OCI_READ_CONFIG_H */
