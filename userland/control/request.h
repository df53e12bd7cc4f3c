/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Start requests: the arguments of "engine start" or "engine run". The command line
 * fills the struct, a control message carries it, and the supervisor checks it and makes
 * a container.
 */
#ifndef CONTROL_REQUEST_H
#define CONTROL_REQUEST_H

#include <limits.h>
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

/* The largest size of a file. */
#define LOG_MAX_SIZE_MAX INT64_MAX

/* Longest token of a request, in bytes. */
#define TOKEN_MAX 64

/** struct log_choice - log settings in a request; the supervisor has defaults for others */
struct log_choice {
	bool has_driver;
	enum log_driver driver;
	uint32_t max_files; /* 0: not chosen */
	uint64_t max_size;  /* 0: not chosen */
};

/** log_choose() - combine @choice with @defaults */
struct log_settings log_choose(const struct log_choice *choice,
			       const struct log_settings *defaults);

/* The kernel's PID_MAX_LIMIT; it refuses a greater pids.max. */
#define PIDS_MAX_MAX 4194304

/* Thousandths of a CPU. The kernel takes no less than a millisecond in 100. */
#define CPU_MAX_MIN 10
#define CPU_MAX_MAX 8192000

/** struct cgroup_choice - cgroup limits in a request; 0: no limit */
struct cgroup_choice {
	bool has_memory_max;
	bool has_pids_max;
	uint64_t memory_max; /* bytes */
	uint64_t pids_max;
};

/** struct stop_choice - how a container is stopped if nobody says otherwise */
struct stop_choice {
	int signal; /* 0: TERM */
	bool has_timeout;
	uint32_t timeout_ms; /* from the signal to SIGKILL */
};

/* The smallest ext4 image. */
#define STORAGE_MIN (1ull << 20)

/** struct storage_choice - storage limit in a request; 0 bytes: no limit */
struct storage_choice {
	bool chosen;
	uint64_t bytes;
};

/** enum restart_policy - after which ends the supervisor starts a container again */
enum restart_policy {
	RESTART_NO,
	RESTART_ON_FAILURE,
	RESTART_ALWAYS,
};

/* The names of the policies, NULL at the end. */
extern const char *const restart_policy_names[];

/** struct restart_choice - the restart policy in a request */
struct restart_choice {
	enum restart_policy policy;
	uint32_t max; /* of RESTART_ON_FAILURE; 0: any number of times */
};

/** enum userns_mode - the user namespace of a container */
enum userns_mode {
	USERNS_AUTO, /* of its own, if that is possible */
	USERNS_HOST,
	USERNS_PLAIN, /* of a supervisor only, see supervisor/userns.h */
};

extern const char *const userns_mode_names[];

/** struct userns_choice - the user namespace in a request */
struct userns_choice {
	bool chosen;
	enum userns_mode mode;
};

/** struct start_request - owns everything that it points to */
struct start_request {
	char *id;
	char *rootfs; /* absolute host path; NULL: overlay of the base */
	struct string_list command;
	struct string_list env;	    /* "KEY=VALUE" */
	char *cwd;		    /* in the container; NULL: "/" */
	char *hostname;		    /* NULL: the id, shortened if necessary */
	struct string_list ulimits; /* for parse_rlimit() */
	struct string_list volumes; /* for volume_parse() */
	struct string_list tmpfs;   /* for tmpfs_parse() */
	bool read_only;		    /* the root */
	char *user; /* "UID[:GID]" or "NAME[:GROUP]"; NULL: root */
	struct string_list cap_add, cap_drop; /* for parse_capability() */
	bool privileged;
	bool keep;     /* the overlay outlives the container */
	bool init;     /* run the command under an init program */
	bool terminal; /* the init program gives the command a terminal */
	bool allow_new_privs; /* setuid programs give privileges */
	char *seccomp; /* "unconfined", or the JSON of a profile; NULL: the default filter */
	uint64_t soft_limit; /* bytes, 0 = none */
	uint64_t hard_limit;
	struct cgroup_choice cgroup;
	struct storage_choice storage;
	struct stop_choice stop;
	bool has_nice;
	int nice;
	bool has_oom_score_adj;
	int oom_score_adj;
	uint32_t cpu_max; /* thousandths of a CPU; 0: no limit */
	char *cpus;	  /* as in taskset; NULL: all */
	bool own_network; /* --net none */
	struct userns_choice userns;
	struct log_choice log;
	char *token; /* letters and digits, identifies the container; or NULL */

	bool default_command; /* the user named no command */
	bool only_id;	      /* nor anything else but the id */
	bool open_stdin;  /* stdin is a pipe that never ends; else /dev/null */
	bool auto_remove; /* remove it after its end */
	struct restart_choice restart;
};

/** request_hostname() - write the container's hostname to @buf, which is returned */
const char *request_hostname(const struct start_request *request,
			     char buf[HOST_NAME_MAX + 1]);

/** request_check() - check everything that does not depend on the system's state */
int request_check(const struct start_request *request, struct failure *failure);

/** request_check_user() - check the form of "USER[:GROUP]" */
int request_check_user(const char *user, struct failure *failure);

/** request_encode() - add the request's fields to a message */
void request_encode(const struct start_request *request, struct object *m);

/**
 * request_decode() - read a request from a message, and request_check() it
 * After a failure there is nothing to free.
 */
int request_decode(struct json_object *m, struct start_request *request,
		   struct failure *failure);

/** struct limits_change - new limits of a container; those that are not given stay */
struct limits_change {
	bool has_soft;
	bool has_hard;
	uint64_t soft_limit;
	uint64_t hard_limit;
	struct cgroup_choice cgroup;
	char *cpus; /* NULL: not given */
};

/** limits_change_encode() - add the fields to a message */
void limits_change_encode(const struct limits_change *change, struct object *m);
/** limits_change_decode() - read them; after a failure there is nothing to free */
int limits_change_decode(struct json_object *m, struct limits_change *change,
			 struct failure *failure);
void limits_change_free(struct limits_change *change);
/**
 * limits_change_apply() - change the limits in @request, and request_check() it
 * A lower hard limit moves a soft one that is not given. @change loses its CPUs to it.
 */
int limits_change_apply(struct limits_change *change,
			struct start_request *request, struct failure *failure);

void request_free(struct start_request *request);

#endif /* CONTROL_REQUEST_H */
