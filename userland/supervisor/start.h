/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Starting a container. start_container() goes as far as it can at once: the process
 * exists, it is in the kernel's table, its log is open, and it is on its way to
 * execve(). The rest follows when the launch has news.
 *
 * A failure is answered at once if there is nothing to undo. Otherwise it goes through
 * container_fail(), which undoes everything and answers when nothing is left.
 */
#ifndef SUPERVISOR_START_H
#define SUPERVISOR_START_H

#include "control/request.h"
#include "waiter.h"

/**
 * start_container() - @request is taken over or freed
 * @client: gets all answers, as @kind says
 */
void start_container(struct supervisor *supervisor, struct client *client,
		     enum waiter_kind kind, struct start_request *request);

/**
 * start_look() - its init may be dead
 * Takes the news of its launch, if there are any, and then reaps it; may free @c.
 */
void start_look(struct container *c);

#endif /* SUPERVISOR_START_H */
