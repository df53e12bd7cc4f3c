/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user namespace of a container (--userns auto): its root is nobody outside. The ids of
 * its root, its layer and its volumes are mapped, so that files on disk keep their owners.
 */
#ifndef SUPERVISOR_USERNS_H
#define SUPERVISOR_USERNS_H

#include "admission.h"

/**
 * userns_settle() - find out what %USERNS_PLAIN is for this supervisor
 * It is %USERNS_AUTO for a container that asks for nothing which only root of the host has:
 * the host's network, with its low ports, further capabilities, and volumes of users whom
 * the container would not have. If the kernel, the base or the state directory cannot do
 * that, it is %USERNS_HOST for all, and @supervisor->userns_not says why.
 */
void userns_settle(struct supervisor *supervisor);

/**
 * userns_choose() - make the user namespace of a container, if it is to have one
 * On success @a->userns is that, and @a->c->ids says which ids it has. If the kernel or a
 * file system cannot do that, the container has none, and @a->c->warning says why; or, if
 * no @client waits for the start, a message of the supervisor.
 * Returns 0, or -1 with @failure filled.
 */
int userns_choose(struct admission *a, bool client, struct failure *failure);

/** userns_give_input() - let root of the container open its stdin again by /dev/stdin */
void userns_give_input(const struct container *c, int fd);

#endif /* SUPERVISOR_USERNS_H */
