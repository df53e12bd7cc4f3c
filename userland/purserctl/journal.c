// SPDX-License-Identifier: GPL-2.0
/* Events in the journal of systemd, see journal.h. */
#include <endian.h>
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <syslog.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "journal.h"
#include "view/event_fields.h"
#include "view/event_line.h"

/* So long the journal may be busy. */
#define WAIT_SECONDS 30

int journal_open(struct journal *journal, const char *path,
		 struct failure *failure)
{
	const struct timeval wait = { .tv_sec = WAIT_SECONDS };

	journal->path = path;
	journal->fd = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (journal->fd < 0 || setsockopt(journal->fd, SOL_SOCKET, SO_SNDTIMEO,
					  &wait, sizeof(wait)) < 0)
		return failed_errno(failure, -errno,
				    "cannot make a socket for the journal");
	if (access(path, F_OK) < 0)
		return failed_errno(failure, -errno, "no journal at %s", path);
	return 0;
}

void journal_close(struct journal *journal)
{
	cleanup_close(&journal->fd);
}

/* A value of several lines has its length in front, as the protocol wants it. */
static int write_field(const char *name, const char *value, void *arg)
{
	const uint64_t len = htole64(strlen(value));
	FILE *out = arg;

	if (!strchr(value, '\n')) {
		fprintf(out, "%s=%s\n", name, value);
		return 0;
	}
	fprintf(out, "%s\n", name);
	fwrite(&len, sizeof(len), 1, out);
	fprintf(out, "%s\n", value);
	return 0;
}

/* As the kernel's own log has them: a container that is killed is an error. */
static int priority_of(const struct purser_event *e)
{
	switch (e->type) {
	case PURSER_EVENT_SOFT_LIMIT:
	case PURSER_EVENT_STOP_FORCED:
		return LOG_WARNING;
	case PURSER_EVENT_HARD_LIMIT:
		return LOG_ERR;
	case PURSER_EVENT_EXITED:
		if (e->container.reason == PURSER_REASON_HARD_LIMIT_KILLED ||
		    e->container.reason == PURSER_REASON_OOM_KILLED)
			return LOG_ERR;
		return LOG_INFO;
	default:
		return LOG_INFO;
	}
}

char *journal_entry(const struct purser_event *e, size_t *len)
{
	char details[EVENT_DETAILS_LEN];
	char *entry = NULL;
	FILE *out = open_memstream(&entry, len);
	int err;

	if (!out)
		return NULL;
	event_details(e, details);
	fprintf(out,
		"MESSAGE=%s: %s%s%s\nPRIORITY=%d\nSYSLOG_IDENTIFIER=purser\n",
		e->container.name, purser_event_name(e->type),
		*details ? ", " : "", details, priority_of(e));
	err = event_fields_each(e, write_field, out);
	if (!fclose(out) && !err)
		return entry;
	free(entry);
	return NULL;
}

int journal_send(struct journal *journal, const struct purser_event *e)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	__cleanup_free char *entry = NULL;
	size_t len;
	ssize_t n;

	if (snprintf(address.sun_path, sizeof(address.sun_path), "%s",
		     journal->path) >= (int)sizeof(address.sun_path))
		return -ENAMETOOLONG;
	entry = journal_entry(e, &len);
	if (!entry)
		return -ENOMEM;
	/* With the address each time, since the journal may make a new socket. */
	do {
		n = sendto(journal->fd, entry, len, MSG_NOSIGNAL,
			   (struct sockaddr *)&address, sizeof(address));
	} while (n < 0 && errno == EINTR);
	if (n >= 0)
		return 0;
	return errno == EAGAIN ? -ETIMEDOUT : -errno;
}
