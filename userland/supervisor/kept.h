/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Requests on disk: the supervisor keeps the start request of each container, live or
 * ended, so that the container can be started again. The file of container "web" is
 * <state>/.requests/web.json. It has one JSON object on one line: the fields of the
 * request (control/request.h), and those of struct kept below. A file belongs to root and
 * has mode 0600, because an environment may hold passwords.
 *
 * A request is staged before its container exists, under a name with another suffix, and
 * gets its name when the command runs. So the file describes the container that ran last,
 * and a start that fails changes nothing.
 *
 * Programs that only read a request call kept_read() and kept_free(). There is no file of
 * a container that an earlier version has started.
 */
#ifndef SUPERVISOR_KEPT_H
#define SUPERVISOR_KEPT_H

#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "control/request.h"

/* The folder below the state directory. No container id begins with a dot. */
#define KEPT_FOLDER ".requests"

#define KEPT_VERSION 1

/** struct kept - owns everything that it points to */
struct kept {
	struct start_request request;
	char *run;    /* the run directory of the supervisor that started it */
	uint64_t key; /* of its log, as in the cookie: identifies the start */
	uint32_t restarts; /* how often its restart policy has started it again */
	bool stopped; /* somebody has stopped it: do not start it at boot */
	bool restarting; /* it is being stopped to start again, for engine restart */
};

/* All functions below return 0 or a negative errno, if they do not say otherwise. */

/** kept_prepare() - make the folder in the trusted directory @state */
int kept_prepare(const char *state, char **why);

/** kept_stage() - write a request under its temporary name */
int kept_stage(const char *state, const struct kept *kept);
/**
 * kept_commit() - give a staged request its name
 * Errors: -ENOENT (nothing is staged).
 */
int kept_commit(const char *state, const char *id);
/** kept_discard() - remove a staged request; it is no error if there is none */
void kept_discard(const char *state, const char *id);
/** kept_save() - replace a request; a reader sees the old one or the new one */
int kept_save(const char *state, const struct kept *kept);

/**
 * kept_read() - read the request of container @id
 * Errors: -ENOENT (there is none), -EPERM (others could have written the file),
 * -EPROTO (it is of another version), -EBADMSG (it is damaged). The caller must call
 * kept_free() after success.
 */
int kept_read(const char *state, const char *id, struct kept *kept);
/** kept_read_staged() - the same for a staged request */
int kept_read_staged(const char *state, const char *id, struct kept *kept);
void kept_free(struct kept *kept);

/** kept_time() - when a request was written, or changed last */
int kept_time(const char *state, const char *id, struct timespec *time);

/** kept_remove() - remove a request, also a staged one; -ENOENT: there was none */
int kept_remove(const char *state, const char *id);

/** kept_each() - call @fn for the id of each request that is not just staged */
int kept_each(const char *state, int (*fn)(const char *id, void *arg),
	      void *arg);

#endif /* SUPERVISOR_KEPT_H */
