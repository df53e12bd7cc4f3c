/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The files /etc/hosts, /etc/hostname and /etc/resolv.conf of a container: localhost and
 * the hostname resolve, and the resolver is the machine's. Each is a file in the
 * container's run folder, and bound read-only: a container cannot fill that file system.
 */
#ifndef SUPERVISOR_ETC_FILES_H
#define SUPERVISOR_ETC_FILES_H

#include "mounts.h"

/**
 * etc_files_add() - make the files, and add their mounts to @mounts
 * @folder: the run folder
 * @owner: the host's number of the container's root, to whom they belong
 * A file is left out if a volume or a tmpfs is at its path or above, or, at the start, if
 * the root has no /etc.
 */
int etc_files_add(struct container_mounts *mounts, const char *folder,
		  const struct start_request *request, const char *hostname,
		  uid_t owner, struct failure *failure);

/** etc_hosts() - make the text of /etc/hosts, for free(); @host: that of the host, or NULL */
char *etc_hosts(const char *hostname, const char *host);

#endif /* SUPERVISOR_ETC_FILES_H */
