/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What a user asks for with "engine start" or "engine run", as one struct: the
 * command line fills it, a control message carries it, the supervisor checks it
 * and makes a container of it.
 */
#ifndef CONTROL_REQUEST_H
#define CONTROL_REQUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/failure.h"
#include "base/object.h"
#include "base/strings.h"
#include "log/settings.h"

#define DEFAULT_SOFT_LIMIT (40ull << 20)
#define DEFAULT_HARD_LIMIT (64ull << 20)
#define DEFAULT_COMMAND	   "/bin/sh"

/* As large as a file can be. */
#define LOG_MAX_SIZE_MAX INT64_MAX

/* Longest token of a request, in bytes. */
#define TOKEN_MAX 64

/** struct log_choice - settings that were asked for; the rest are defaults */
struct log_choice {
	bool has_driver;
	enum log_driver driver;
	uint32_t max_files; /* 0: not chosen */
	uint64_t max_size;  /* 0: not chosen */
};

/** log_choose() - @defaults, but where @choice says otherwise */
struct log_settings log_choose(const struct log_choice *choice,
			       const struct log_settings *defaults);

/* The kernel gives no more PIDs, and refuses a greater pids.max. */
#define PIDS_MAX_MAX 4194304

/** struct cgroup_choice - limits that were asked for; 0: none. The rest are defaults */
struct cgroup_choice {
	bool has_memory_max;
	bool has_pids_max;
	uint64_t memory_max; /* bytes */
	uint64_t pids_max;
};

/* No ext4 image can be smaller. */
#define STORAGE_MIN (1ull << 20)

/** struct storage_choice - what was asked for; 0 bytes: no limit */
struct storage_choice {
	bool chosen;
	uint64_t bytes;
};

/** struct start_request - owns all that it points to */
struct start_request {
	char *id;
	char *rootfs; /* absolute host path; NULL: overlay of the base */
	struct string_list command;
	struct string_list env; /* "KEY=VALUE" */
	char *cwd;		/* in the container; NULL: "/" */
	uint64_t soft_limit;	/* bytes, 0 = none */
	uint64_t hard_limit;
	struct cgroup_choice cgroup;
	struct storage_choice storage;
	bool has_nice;
	int nice;
	char *cpus;	  /* as in taskset; NULL: all */
	bool own_network; /* --net none */
	struct log_choice log;
	char *token; /* letters and digits, to know the container by; or NULL */
};

/** request_check() - all that can be said without looking at the system */
int request_check(const struct start_request *request, struct failure *failure);

/** request_encode() - add the request's fields to a message */
void request_encode(const struct start_request *request, struct object *m);

/**
 * request_decode() - the opposite, and request_check()
 * After a failure nothing is left to free.
 */
int request_decode(struct json_object *m, struct start_request *request,
		   struct failure *failure);

void request_free(struct start_request *request);

#endif /* CONTROL_REQUEST_H */
