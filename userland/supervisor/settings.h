/* SPDX-License-Identifier: GPL-2.0 */
/* The settings of a supervisor, which the command line fills. */
#ifndef SUPERVISOR_SETTINGS_H
#define SUPERVISOR_SETTINGS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "control/request.h"
#include "id_pool.h"
#include "log/settings.h"

#define DEFAULT_RUN_DIR	  "/run/purser"
#define DEFAULT_STATE_DIR "/var/lib/purser"
#define DEFAULT_LOG_DIR	  "/var/log/purser"

/* The default grace period of a stop, the same as the kernel's. */
#define DEFAULT_GRACE_MS 10000

/* Each of them is read when a supervisor starts. */
#define KEEP_REQUESTS_MAX 1000000

/** struct supervisor_options - the strings must outlive the supervisor */
struct supervisor_options {
	const char *run_dir;
	const char *state_dir;
	const char *log_dir;
	const char *cgroup_root; /* NULL: below the mount of cgroup v2 */
	const char *base;
	size_t log_buffer;	 /* bytes */
	struct log_settings log; /* if the request has no settings */
	int64_t log_give_up_ms;	 /* or LOG_NEVER */
	uint64_t max_requests;	 /* of containers without a record */
	uint64_t storage_max;	 /* if the request has no limit; 0: no limit */
	enum userns_mode userns; /* if the request does not choose */
	struct id_pool ids;
	int ready_fd;	/* -1: none */
	bool take_over; /* make a running supervisor leave */
};

#endif /* SUPERVISOR_SETTINGS_H */
