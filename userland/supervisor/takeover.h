/* SPDX-License-Identifier: GPL-2.0 */
/* "engine supervisor --take-over": in the place of one that runs. */
#ifndef SUPERVISOR_TAKEOVER_H
#define SUPERVISOR_TAKEOVER_H

/**
 * take_over() - have the supervisor of @run_dir leave, and wait until it is dead
 * It leaves all as it is, for recover(). Where none serves there is nothing to do.
 * Returns an enum exit_code, with a line on stderr.
 */
int take_over(const char *run_dir);

#endif /* SUPERVISOR_TAKEOVER_H */
