// SPDX-License-Identifier: GPL-2.0
/* The commands pause and resume. */
#include "commands.h"
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
