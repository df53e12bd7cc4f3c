/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Starting a container. start_container() goes as far as it can at once: the
 * process is there, in the kernel's table, its log open, and on its way to
 * execve(). start_look() does the rest when the launch has news.
 *
 * What goes wrong before there is anything to undo is answered at once. From
 * then on a failure goes through container_fail(), which undoes all of it and
 * answers when nothing is left.
 */
#ifndef SUPERVISOR_START_H
#define SUPERVISOR_START_H

#include "control/server.h"
#include "registry.h"
#include "control/request.h"
#include "waiter.h"

/**
 * start_container() - @request is taken over or freed
 * @client: gets all answers, as @kind says
 */
void start_container(struct supervisor *supervisor, struct client *client,
		     enum waiter_kind kind, struct start_request *request);

/** start_look() - see what became of a launch, if anything has */
void start_look(struct container *c);

#endif /* SUPERVISOR_START_H */
