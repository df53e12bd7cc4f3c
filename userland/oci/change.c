// SPDX-License-Identifier: GPL-2.0
/* The commands that change a container that runs: pause, resume and update. */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "commands.h"
#include "config.h"
#include "container.h"

static int freeze(const struct oci_options *options, bool on,
		  struct failure *failure)
{
	const enum oci_status from = on ? OCI_RUNNING : OCI_PAUSED;
	struct oci_container c;
	int err;

	if (container_open(&c, options, true, failure))
		return -1;
	if (c.status == from || (on && c.status == OCI_CREATED))
		err = cgroup_home_freeze(&c.cgroup, on, failure);
	else
		err = failed(failure, EXIT_FAILED,
			     "cannot %s container \"%s\": it is %s",
			     on ? "pause" : "resume", c.folder.id,
			     oci_status_names[c.status]);
	container_close(&c);
	return err ? -1 : EXIT_OK;
}

int oci_pause(const struct oci_options *options, struct failure *failure)
{
	return freeze(options, true, failure);
}

int oci_resume(const struct oci_options *options, struct failure *failure)
{
	return freeze(options, false, failure);
}

static int read_resources(const struct oci_options *options,
			  struct oci_resources *resources,
			  struct failure *failure)
{
	const char *path = options->resources;
	int fd __cleanup_close = -1;

	if (!strcmp(path, "-"))
		return oci_resources_read(resources, 0, failure);
	fd = file_open(AT_FDCWD, path, O_RDONLY);
	if (fd < 0)
		return failed_errno(failure, fd, "opening %s", path);
	return oci_resources_read(resources, fd, failure);
}

int oci_update(const struct oci_options *options, struct failure *failure)
{
	struct oci_resources resources;
	struct oci_container c;
	int err;

	if (!options->resources)
		return failed(failure, EXIT_USAGE, "--resources is needed");
	if (read_resources(options, &resources, failure))
		return -1;
	err = container_open(&c, options, true, failure);
	if (!err) {
		err = container_is_live(&c) ?
			      cgroup_home_update(&c.cgroup,
						 &resources.resources,
						 failure) :
			      failed(failure, EXIT_FAILED,
				     "container \"%s\": container not running",
				     c.folder.id);
		container_close(&c);
	}
	oci_resources_free(&resources);
	return err ? -1 : EXIT_OK;
}
