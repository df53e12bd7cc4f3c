/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The user's terminal, while it shows a terminal of a container: "exec --tty" and
 * "run --tty". Call console_signals() before, see base/console.h.
 */
#ifndef ENGINE_USER_TERMINAL_H
#define ENGINE_USER_TERMINAL_H

#include <stdbool.h>

#include "base/console.h"
#include "base/failure.h"
#include "base/relay.h"
#include "base/strings.h"

/** struct user_terminal - see above */
struct user_terminal {
	bool input;  /* pass our stdin on */
	int size_fd; /* our terminal, whose size is passed on */
	int master; /* of the container's terminal, which is the caller's; -1: none yet */
	struct console console;
};

void user_terminal_init(struct user_terminal *t, bool input);

/**
 * user_terminal_connect() - begin to show a terminal, and to pass input on
 * @from: where its output comes from: @master, or a socket
 * Returns 0, or -1 with @failure filled.
 */
int user_terminal_connect(struct user_terminal *t, struct relay *relay,
			  int master, int from, bool owns_from,
			  struct failure *failure);

/** user_terminal_signal() - handle SIGWINCH and SIGCONT; false: @sig is another signal */
bool user_terminal_signal(struct user_terminal *t, int sig);

/** flow_to_user() - write to our own stdout or stderr, without blocking if possible */
void flow_to_user(struct flow *f, int from, bool owns_from, int to);

/** environment_has() - whether a list of KEY=VALUE has @key */
bool environment_has(const struct string_list *list, const char *key);
/**
 * terminal_variable() - TERM for a program whose output our terminal shows
 * Returns "TERM=..." in @buf.
 */
const char *terminal_variable(char buf[64]);

#endif /* ENGINE_USER_TERMINAL_H */
