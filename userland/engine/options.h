/* SPDX-License-Identifier: GPL-2.0 */
/* The options of each command of engine. */
#ifndef ENGINE_OPTIONS_H
#define ENGINE_OPTIONS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/options.h"
#include "control/request.h"
#include "log/print.h"
#include "log/settings.h"
#include "supervisor/settings.h"

/* The smallest memory limit as a size: a smaller one was meant in other units. */
#define LIMIT_MIN 65536

/* clang-format off */
#define RUN_DIR(type) { .name = "run-dir", .kind = OPTION_STRING, .early = true,  \
	OPTION_TO(type, run_dir), .value = "DIR", .env = "PURSER_RUN_DIR",	  \
	.initial = DEFAULT_RUN_DIR,						  \
	.about = "the folder with the supervisor's socket" }
/* clang-format on */

/* Strings belong to the command line or are constants, unless the struct owns them. */

struct start_options {
	const char *run_dir;
	struct start_request request; /* owns what it points to */
	bool has_soft_limit;
	bool has_hard_limit;
	struct string_list env_files;
	bool detach;	  /* of run */
	bool quiet;	  /* of run */
	bool interactive; /* of run */
};

/** struct stop_options - of stop and restart */
struct stop_options {
	const char *run_dir;
	struct string_list ids;
	int signal; /* 0: the container's own */
	bool has_time;
	unsigned int grace_ms;
};

struct rm_options {
	const char *run_dir;
	struct string_list ids;
	bool ended;
	bool force;
};

struct set_options {
	const char *run_dir;
	const char *id;
	struct limits_change change;
};

struct logs_options {
	const char *run_dir;
	const char *log_dir; /* NULL: not given */
	const char *id;
	bool follow;
	struct log_print print;
};

#endif /* ENGINE_OPTIONS_H */
