/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A process in a running container, and the user's side of it: input, output, terminal
 * and signals.
 *
 * The process never gets a descriptor of the user's own files: it could keep the user's
 * terminal open and read the keys, or open a file of the host again for writing. It gets
 * pipes, or a terminal of the container.
 */
#ifndef ENGINE_EXEC_SESSION_H
#define ENGINE_EXEC_SESSION_H

#include <stdbool.h>

#include "base/failure.h"
#include "launch/spec.h"

/**
 * exec_attached() - run the process, and wait for its end
 * @spec: with process.terminal if it is to have a terminal of its own
 * @input: pass our stdin on; otherwise its stdin is the container's null device
 * SIGINT, SIGQUIT and SIGHUP are passed on to the process and its group, other signals to
 * the process. Returns its exit code, 128 + N if signal N ended it or has ended engine
 * before the process ran, or -1 with @failure filled.
 */
int exec_attached(struct enter_spec *spec, bool input, struct failure *failure);

/**
 * exec_detached() - run the process without input and output, and do not wait for its end
 * Returns 0 when it runs, or -1 with @failure filled.
 */
int exec_detached(const struct enter_spec *spec, struct failure *failure);

#endif /* ENGINE_EXEC_SESSION_H */
