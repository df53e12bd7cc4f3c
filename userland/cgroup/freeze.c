// SPDX-License-Identifier: GPL-2.0
/* Freezing, see freeze.h. */
#include <errno.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "folder.h"
#include "freeze.h"

/* How long processes may take to freeze. */
#define WAIT_MS 10000

int cgroup_freeze(int folder, bool freeze, struct failure *failure)
{
	int events __cleanup_close = cgroup_events_open(folder);
	int err = events < 0 ? events :
			       file_write(folder, "cgroup.freeze",
					  freeze ? "1" : "0");

	if (!err)
		err = cgroup_event_wait(events, "frozen", freeze, WAIT_MS);
	if (!err)
		return 0;
	if (freeze)
		file_write(folder, "cgroup.freeze", "0");
	if (err == -EBUSY)
		return failed(failure, EXIT_FAILED,
			      "the kernel has not %s all processes in %d s",
			      freeze ? "frozen" : "thawed", WAIT_MS / 1000);
	return failed_errno(failure, err, "cannot %s its processes",
			    freeze ? "freeze" : "thaw");
}

int cgroup_frozen(int folder)
{
	int events __cleanup_close = cgroup_events_open(folder);

	return events < 0 ? events : cgroup_event(events, "frozen");
}
