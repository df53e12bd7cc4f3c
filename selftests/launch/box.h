/* SPDX-License-Identifier: GPL-2.0 */
/* A container that waits, for tests of what enters it. */
#ifndef SELFTESTS_BOX_H
#define SELFTESTS_BOX_H

#include "fixture.h"

/** struct box - a container that waits for a line on its stdin, or for its end */
struct box {
	struct launch launch;
	int in;
};

/* Start it in the base. @out, @err: its stdout and stderr; -1: its null device */
static inline void box_begin(struct box *box, struct container_spec *spec,
			     int out, int err)
{
	struct failure failure;
	int in[2];

	must(pipe2(in, O_CLOEXEC));
	spec->root.path = BASE;
	if (launch_begin(&box->launch, spec, (int[]){ in[0], out, err },
			 &failure))
		bail("%s", failure.text);
	close(in[0]);
	box->in = in[1];
	must(launch_release(&box->launch));
	if (wait_result(&box->launch, &failure) != 1)
		bail("%s", failure.text);
	launch_end(&box->launch);
}

static inline void box_end(struct box *box)
{
	close(box->in);
	wait_status(box->launch.pid, box->launch.pidfd);
	close(box->launch.pidfd);
}

#endif /* SELFTESTS_BOX_H */
