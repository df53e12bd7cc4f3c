// SPDX-License-Identifier: GPL-2.0
#include "settings.h"

#include <errno.h>
#include <string.h>

const char *const log_driver_names[] = {
	[LOG_DRIVER_CRI] = "cri",
	[LOG_DRIVER_RAW] = "raw",
	[LOG_DRIVER_NONE] = "none",
	NULL,
};

const char *log_driver_name(enum log_driver driver)
{
	return log_driver_names[driver];
}

int log_driver_parse(const char *name, enum log_driver *driver)
{
	for (size_t i = 0; log_driver_names[i]; i++) {
		if (!strcmp(name, log_driver_names[i])) {
			*driver = i;
			return 0;
		}
	}
	return -EINVAL;
}
