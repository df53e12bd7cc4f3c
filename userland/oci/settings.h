/* SPDX-License-Identifier: GPL-2.0 */
/* What the machine's administrator sets for all containers: /etc/purser/oci.conf. */
#ifndef OCI_SETTINGS_H
#define OCI_SETTINGS_H

#include <stdbool.h>

#include "config.h"
#include "record.h"

#define SETTINGS_FILE	       "/etc/purser/oci.conf"
#define SETTINGS_FILE_VARIABLE "PURSER_OCI_CONF"

/** struct limit_setting - bytes, or a part of the memory limit; all zero: none */
struct limit_setting {
	uint64_t bytes;
	unsigned int percent;
};

/** struct settings - see above */
struct settings {
	struct limit_setting soft, hard;
	bool kill_without_handler; /* stop.no_handler = kill */
};

/** settings_read() - read the file; it need not be there */
int settings_read(struct settings *settings, struct failure *failure);

/**
 * settings_limits() - the module's limits for a container
 * The annotations io.purser.soft-limit and io.purser.hard-limit come first, then
 * memory.reservation for the soft limit, then the settings.
 */
int settings_limits(const struct settings *settings,
		    const struct oci_config *config,
		    struct record_limits *limits, struct failure *failure);

#endif /* OCI_SETTINGS_H */
