/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal of a container that was started with --tty.
 *
 * The first process makes it, and keeps both sides open as long as it lives. It copies
 * what the container writes there to its own standard output, which is the log, and to the
 * person who uses the terminal, if there is one. So the terminal hangs up only when the
 * container ends, whoever of its users and supervisors is gone.
 *
 * "engine run" is at the other end of the socket that is the first process's stdin. It has
 * sent a struct winsize before, and gets a byte with the master side, to which it writes
 * what is typed; then it gets the output. It gets the output at the speed at which it
 * reads, as from any terminal.
 */
#ifndef INIT_TERMINAL_H
#define INIT_TERMINAL_H

#include <stdbool.h>
#include <stddef.h>

/* A pipe that poll() calls writable takes that many bytes at once. */
#define TERMINAL_ROOM 4096

struct terminal {
	int master;
	int user; /* a socket; -1: nobody uses it */
	char bytes[TERMINAL_ROOM];
	size_t len, logged, shown; /* read, and passed on of that */
};

/**
 * terminal_open() - make the terminal; its other side becomes stdin
 * Returns false with errno set if that fails.
 */
bool terminal_open(struct terminal *t);
/** terminal_take() - in the child: make the terminal its own, for all its output */
void terminal_take(void);
/**
 * terminal_copy() - wait until there is something to do, and do it
 * @signals: a signalfd; the wait ends when it is readable
 * @wait: false: do not wait for more output
 * Returns false if all output was passed on and @wait is false.
 */
bool terminal_copy(struct terminal *t, int signals, bool wait);
/** terminal_leave() - do without the user */
void terminal_leave(struct terminal *t);

#endif /* INIT_TERMINAL_H */
