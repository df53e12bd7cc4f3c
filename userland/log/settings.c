// SPDX-License-Identifier: GPL-2.0
/* The names of log drivers, see settings.h. */
#include "settings.h"

#include <errno.h>
#include <string.h>

static const char *const names[] = {
	[LOG_DRIVER_CRI] = "cri",
	[LOG_DRIVER_RAW] = "raw",
	[LOG_DRIVER_NONE] = "none",
};

const char *log_driver_name(enum log_driver driver)
{
	return names[driver];
}

int log_driver_parse(const char *name, enum log_driver *driver)
{
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (!strcmp(name, names[i])) {
			*driver = i;
			return 0;
		}
	}
	return -EINVAL;
}
