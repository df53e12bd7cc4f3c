/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Events in the journal of systemd, by its native protocol: a datagram has a line
 * NAME=value for each field. (The journal takes larger entries than a datagram can be from
 * a file, but an event is bounded: a few kilobytes at most.)
 */
#ifndef PURSERCTL_JOURNAL_H
#define PURSERCTL_JOURNAL_H

#include <stddef.h>

#include "base/failure.h"
#include "libpurser/purser.h"

#define JOURNAL_SOCKET "/run/systemd/journal/socket"

/** struct journal - the connection; for journal_close() */
struct journal {
	int fd;
	const char *path; /* of the journal's socket */
};

/** journal_open() - returns 0, or -1 with @failure filled */
int journal_open(struct journal *journal, const char *path,
		 struct failure *failure);

/**
 * journal_send() - make an entry for an event
 * Waits some seconds while the journal takes no more. Returns 0 or a negative errno.
 */
int journal_send(struct journal *journal, const struct purser_event *e);

void journal_close(struct journal *journal);

/** journal_entry() - the datagram for an event, for free(); NULL: no memory */
char *journal_entry(const struct purser_event *e, size_t *len);

#endif /* PURSERCTL_JOURNAL_H */
