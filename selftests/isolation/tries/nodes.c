// SPDX-License-Identifier: GPL-2.0
/* Tries to open devices of the host, and to make nodes for them. */
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "try.h"

static int make_node(mode_t type, dev_t device)
{
	int r = result(mknod("node", type | 0600, device));

	unlink("node");
	return r;
}

static int disk(const struct attempt *t)
{
	return make_node(S_IFBLK, makedev(t->number, 0));
}

static int character(const struct attempt *t)
{
	return make_node(S_IFCHR, makedev(1, t->number));
}

/* /proc/misc, which every user may read, has the number of a misc device. */
static int misc(const struct attempt *t)
{
	FILE *list = fopen("/proc/misc", "r");
	unsigned int minor;
	char name[64];
	int r = -ENOENT;

	while (list && fscanf(list, "%u %63s", &minor, name) == 2)
		if (!strcmp(name, t->path))
			r = make_node(S_IFCHR, makedev(10, minor));
	if (list)
		fclose(list);
	return r;
}

/* A device node that the root has already, such as one from the base. */
static int node_of_root(const struct attempt *t)
{
	const char *path = off ? "/dev/full" : t->path;
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	return result(fd);
}

const struct attempt nodes_tries[] = {
	TRY("mknod of a SCSI disk", disk, "EPERM", .number = 8,
	    .only = CAPABILITIES),
	TRY("mknod of a loop device", disk, "EPERM", .number = 7,
	    .only = CAPABILITIES),
	TRY("mknod of /dev/mem", character, "EPERM", .number = 1,
	    .only = CAPABILITIES),
	TRY("mknod of /dev/port", character, "EPERM", .number = 4,
	    .only = CAPABILITIES),
	TRY("mknod of /dev/kmsg", character, "EPERM", .number = 11,
	    .only = CAPABILITIES),
	TRY("mknod of /dev/container_monitor", misc, "EPERM",
	    .path = "container_monitor", .only = CAPABILITIES),
	TRY("opening a device node that the base has", node_of_root, "EACCES",
	    .path = "/etc/full"),
	TRY("opening /dev/mem", try_open, "ENOENT", .lacks = "ENOENT",
	    .path = "/dev/mem", .number = O_RDONLY),
	TRY("opening /dev/port", try_open, "ENOENT", .lacks = "ENOENT",
	    .path = "/dev/port", .number = O_RDONLY),
	TRY("opening /dev/kmsg", try_open, "ENOENT", .path = "/dev/kmsg",
	    .number = O_WRONLY),
	TRY("opening /dev/console", try_open, "ENOENT", .path = "/dev/console",
	    .number = O_RDONLY | O_NOCTTY),
	TRY("opening /dev/container_monitor", try_open, "ENOENT",
	    .path = "/dev/container_monitor", .number = O_RDWR),
	{ 0 },
};
