/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A relay copies bytes between descriptors: the input and the output of a process, and
 * the terminal or the pipes of the program that shows them.
 *
 * A relay has three flows, one for each standard stream of the process. If the process
 * has a terminal, its output and its errors come as one stream, and @err is not used.
 *
 * A program that reads its own terminal must call console_signals() before, see console.h:
 * in the background, the relay stops the program instead of reading.
 */
#ifndef BASE_RELAY_H
#define BASE_RELAY_H

#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#define FLOW_ROOM 4096

/**
 * struct flow - bytes on their way from one descriptor to another
 * @from, @to: -1: the flow is not used, or it has ended
 * @owns_from, @owns_to: close this descriptor when the flow ends
 * @to_terminal: @to is the master side of a terminal, where closing is no end of file.
 *	When @from ends, the flow writes the end-of-file character
 * The other fields belong to the relay, and start as zero.
 */
struct flow {
	int from, to;
	bool owns_from, owns_to;
	bool to_terminal;
	char bytes[FLOW_ROOM];
	size_t len, done; /* read, and written of that */
	bool ended;	  /* @from has no more */
	bool refused;	  /* the flow has ended because @to takes no more */
	char last;	  /* the last byte that was read */
};

/** struct relay - see above; the caller fills the flows after relay_init() */
struct relay {
	struct flow in, out, err;
};

/** relay_init() - set all flows to: not used */
void relay_init(struct relay *relay);

/**
 * relay_reopen() - open the file of @fd again, so that a full pipe or terminal never blocks
 * Other programs share our standard descriptors, so these must stay blocking.
 * Returns a non-blocking descriptor, which the caller must close; or -1: the file is
 * neither a pipe nor a terminal, or it cannot be opened again.
 */
int relay_reopen(int fd);

/**
 * relay_wait() - copy bytes until another descriptor has news, or a flow has ended
 * @also: as for poll(2); the result is in revents, which may be 0 in all of them
 * A flow ends when its source ends, or when its target refuses more. Then the descriptors
 * that it owns are closed: so a process whose reader is gone gets SIGPIPE.
 * To be sure not to block in write(), make @to non-blocking.
 * Returns 1; 0 if @n is 0 and all flows have ended; or a negative errno of poll().
 */
int relay_wait(struct relay *relay, struct pollfd *also, size_t n);

/**
 * relay_drain() - pass on what a process has written before its end
 * Other processes may still have the descriptors open: this does not wait for more. It
 * waits until the bytes are written to @to. @stop: a descriptor that ends the wait when it
 * is readable, for example a signalfd; -1: none
 * Returns 0 or a negative errno; -EINTR: @stop is readable.
 */
int relay_drain(struct relay *relay, int stop);

/** relay_close() - end all flows, and close what they own */
void relay_close(struct relay *relay);

#endif /* BASE_RELAY_H */
