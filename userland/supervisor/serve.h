/* SPDX-License-Identifier: GPL-2.0 */
/* Running a supervisor. */
#ifndef SUPERVISOR_SERVE_H
#define SUPERVISOR_SERVE_H

#include "base/failure.h"
#include "settings.h"

/** supervisor_run() - "engine supervisor": serve until it is asked to end */
int supervisor_run(const struct supervisor_options *options,
		   struct failure *failure);

#endif /* SUPERVISOR_SERVE_H */
