/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's side of "run --tty". It is connected with the first process of the container,
 * and with nobody else: so it goes on without a supervisor. init/terminal.h has the other
 * end.
 */
#ifndef ENGINE_RUN_TERMINAL_H
#define ENGINE_RUN_TERMINAL_H

#include <stdbool.h>

#include "base/failure.h"
#include "base/relay.h"
#include "user_terminal.h"

/** struct run_terminal - see above */
struct run_terminal {
	bool used;  /* run_terminal_begin() was called */
	bool shown; /* it is connected with ours */
	int socket; /* -1: not there any more, or it belongs to the relay */
	int master; /* -1: not there yet, or the container has ended */
	struct user_terminal user;
};

/**
 * run_terminal_begin() - make the socket
 * @its: the end for the container's first process
 * Returns 0, or -1 with @failure filled.
 */
int run_terminal_begin(struct run_terminal *t, bool input, int *its,
		       struct failure *failure);
/** run_terminal_fd() - where the terminal comes from; -1: it need not be waited for */
int run_terminal_fd(const struct run_terminal *t);
/** run_terminal_take() - it comes: connect it. Returns 0, or -1 with @failure filled */
int run_terminal_take(struct run_terminal *t, struct relay *relay,
		      struct failure *failure);
/**
 * run_terminal_look() - after relay_wait(): has the container hung up?
 * Restores our terminal in this case, or if nobody reads our output any more. Returns
 * whether the terminal is still shown.
 */
bool run_terminal_look(struct run_terminal *t, struct relay *relay);
/** run_terminal_drain() - the container has ended: show the rest, and restore our terminal */
void run_terminal_drain(struct run_terminal *t, struct relay *relay,
			int signals);
/** run_terminal_end() - restore our terminal; may be called again, and for an unused one */
void run_terminal_end(struct run_terminal *t, struct relay *relay);

#endif /* ENGINE_RUN_TERMINAL_H */
