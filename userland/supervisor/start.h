/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Starting a container. When start_container() returns, the process exists, it is in the
 * kernel's table, its log is open, and it is about to call execve(). The rest follows
 * when the launch reports the result.
 *
 * A failure with nothing to undo is answered at once. Otherwise container_fail() undoes
 * everything, and then answers.
 */
#ifndef SUPERVISOR_START_H
#define SUPERVISOR_START_H

#include "control/request.h"
#include "waiter.h"

/**
 * struct start_cause - who wants a start
 * @client: gets the answers, as @kind says; NULL: nobody gets them, except those who wait
 *	for the restart of the container that is replaced
 * @by_policy: the container's restart policy; after a failure it may try again
 * @input: becomes its stdin, and stays the caller's: a pipe; or for its terminal a socket,
 *	see init/terminal.h; -1: none
 * @restarts: how often the policy has started the container, including this start
 */
struct start_cause {
	struct client *client;
	enum waiter_kind kind;
	bool by_policy;
	int input;
	uint32_t restarts;
};

/** start_container() - begin a start; @request is taken over or freed */
void start_container(struct supervisor *supervisor,
		     const struct start_cause *cause,
		     struct start_request *request);

/**
 * start_look() - read the result of the launch if there is one, then reap init if dead
 * May free @c.
 */
void start_look(struct container *c);

#endif /* SUPERVISOR_START_H */
