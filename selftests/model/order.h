/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Orders of the model to its processes, and their answers: messages on a
 * SOCK_SEQPACKET socket for each process. A process exits when the model closes the
 * other end of its socket.
 */
#ifndef MODEL_ORDER_H
#define MODEL_ORDER_H

#include <stdint.h>

enum order_type {
	ORDER_HELLO =
		1, /* only an answer: the process exists, or has called execve() */
	ORDER_FORK,   /* @a: FORK_*; the child's socket comes with it */
	ORDER_EXEC,   /* execute the same program; the answer is HELLO */
	ORDER_EXIT,   /* @a: the code; no answer */
	ORDER_CRASH,  /* cause SIGSEGV; no answer */
	ORDER_GROW,   /* take @n bytes */
	ORDER_SHRINK, /* give these back */
	ORDER_BURN, /* use @n ns of CPU time; the answer has all that it has used */
	ORDER_ACTION,  /* @a: signal, @b: ACTION_* */
	ORDER_BLOCK,   /* @a: signal */
	ORDER_UNBLOCK, /* @a: signal */
	ORDER_KILL,    /* @a: pid, 0 for itself, @b: signal */
	ORDER_NAME,    /* @text: the name of the process */
	ORDER_UID,     /* @a: the real user id; the effective one stays */
};

enum fork_flags {
	FORK_NEWPID = 1,  /* in a PID namespace of its own */
	FORK_ORPHAN = 2,  /* by a process in between that exits */
	FORK_SESSION = 4, /* in a session of its own */
	FORK_THREAD = 8,  /* by a thread that is not the leader */
};

enum action {
	ACTION_DEFAULT,
	ACTION_IGNORE,
	ACTION_NOTHING, /* a handler that does nothing */
	ACTION_EXIT,	/* a handler that exits with ACTION_CODE */
};

#define ACTION_CODE 77

struct order {
	uint32_t type;
	int32_t a;
	int32_t b;
	uint64_t n;
	char text[16];
};

struct answer {
	uint32_t type;
	int32_t err; /* 0 or a negative errno */
	uint64_t n;
};

#endif /* MODEL_ORDER_H */
