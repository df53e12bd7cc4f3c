/* SPDX-License-Identifier: GPL-2.0 */
/* Declarations of the files of this program, which main.c describes. */
#ifndef SURVIVE_H
#define SURVIVE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "../lines.h"
#include "libpurser/purser.h"

#define N_WRITERS 10
#define N_SLOTS	  6
#define N_NAMES	  12 /* of each slot, used in turns */

/** enum kind - how a container is started, and how it ends */
enum kind {
	KIND_WRITER,  /* "engine start"; it writes until the end of the test */
	KIND_EXITS,   /* "engine run"; it exits by itself */
	KIND_STOPPED, /* "engine run"; it is stopped */
	KIND_KILLED,  /* "engine run"; this program sends SIGKILL */
	KIND_EATS,    /* "engine run"; it is killed for its hard limit */
	KIND_STARTED, /* "engine start"; it exits by itself */
	KIND_MISSING, /* "engine run"; its command does not exist */
	N_KINDS,
};

/** enum claim - what the test checks, see claims in main.c */
enum claim {
	CLAIM_SUPERVISOR,
	CLAIM_CLIENTS,
	CLAIM_TABLE,
	CLAIM_LOGS,
	CLAIM_NOTHING_LEFT,
	N_CLAIMS,
};

/** struct life - one container, from the request to start it on */
struct life {
	struct name *name;
	unsigned int number; /* among those of this name, from 0 */
	enum kind kind;
	unsigned int lines;
	int code;
	bool both;     /* it writes to both streams */
	bool own_root; /* else it has an overlay */
	/* The least and the most bytes it may have written; if it has its own root */
	uint64_t progress[2][N_STREAMS];

	bool asked_stop; /* somebody has asked the kernel to stop it */
	bool settled;	 /* it has ended, and so has its client */
	bool told_start; /* "engine start" has reported its start */
	bool told;	 /* "engine run" has reported its end */
	int64_t told_at; /* when, as now_ms() */
	int deaths;	 /* how many supervisors have died meanwhile */

	/* From the events of the kernel */
	bool registered, started, ended, gone;
	struct purser_container record; /* of the last event */
};

/** struct name - an id, and the containers that had it, the oldest first */
struct name {
	char text[16];
	struct life **lives;
	unsigned int n_lives;
	unsigned int max_kib; /* of each log file */
	bool raw;	      /* the log driver */
};

/** struct totals - the numbers that print_totals() prints */
struct totals {
	unsigned long trials, lives, clients[8], ends[N_KINDS + 4];
	unsigned long replaced, young, recovering, launching, asked, buffered,
		taking, ending, half;
	unsigned long outlived; /* the sum of life.deaths */
	unsigned long lines, bytes, files;
};

extern struct totals totals;
extern const char *dir; /* all files of this run are below it */

/* main.c */
char *path_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** wrong() - report that a claim does not hold; the first reports are printed */
void wrong(enum claim claim, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** must() - end this program if @good is false */
void must(bool good, const char *what);
/** below() - a random number from 0 to @n - 1 */
unsigned int below(unsigned int n);
int64_t now_ms(void);

/* supervisor.c */
extern bool supervisor_ready;
extern pid_t supervisor_pid;
extern bool supervisor_ends; /* supervisor_end() was called: all records go */
void supervisor_start(void);
/** supervisor_replace() - start another one, which asks this one to leave (--take-over) */
void supervisor_replace(void);
/** supervisor_is_alone() - no other supervisor is leaving */
bool supervisor_is_alone(void);
/** supervisor_reaped() - handle the exit of one that leaves; false: @pid is none */
bool supervisor_reaped(pid_t pid, int status);
/** supervisor_kill() - send SIGKILL, and count what it interrupts */
void supervisor_kill(void);
/** supervisor_end() - end it in order, and check that nothing is left */
void supervisor_end(void);
extern int64_t supervisor_needs_ms; /* how long the last one took to be ready */
int supervisor_fd(void); /* readable when it is ready or dead; -1: it is ready */
/** supervisor_update() - find out whether it is ready */
void supervisor_update(void);
/** supervisor_check_messages() - check that they have reported nothing unusual */
void supervisor_check_messages(void);

/* process.c */
/** spawn() - start a program, with stdout and stderr to @output; @words end with NULL */
pid_t spawn(const char *output, const char *const words[]);
/** slurp() - read a file, and add a NUL; NULL: there is no such file */
char *slurp(const char *path, size_t *len);

/* book.c */
extern struct purser *commands;
/** book_open() - listen to the kernel's events; returns a descriptor for poll() */
int book_open(void);
/** book_read() - handle the events that are there */
void book_read(void);
extern unsigned long n_events;
struct name *name_new(const char *text);
struct life *life_new(struct name *name, enum kind kind);
struct life *name_last(struct name *name);
/**
 * book_check_ps() - check the output of ps
 * @since: check only the writers, and containers whose end was reported before this time;
 *	0: nothing happens any more, check all rows
 * Returns how many rows are behind the kernel's events, as far as that is allowed.
 */
unsigned int book_check_ps(const char *text, int64_t since);
/** book_check_end() - check the kernel's table at the end */
void book_check_end(void);
extern struct name **names;
extern size_t n_names;

/* slots.c */
void writers_start(void);
void writers_order(char order);
void writers_end(void);
/** writers_settle() - check their ends, after that of the last supervisor */
void writers_settle(void);
void slots_start(void);
void slots_turn(bool more);
/** slots_deadline() - when slots_turn() has something to do, as now_ms() */
int64_t slots_deadline(void);
/** slots_reaped() - handle the exit of one of their processes; false: @pid is none */
bool slots_reaped(pid_t pid, int status);
bool slots_are_idle(void);
/** slots_hit() - count what the death of a supervisor interrupts */
void slots_hit(void);
void slots_describe(void);

/* life.c */
/** life_arguments() - the arguments for engine; @words has room for 24 */
void life_arguments(const struct life *life, const char *words[]);
/** life_note_progress() - read the file in which its scribe counts */
void life_note_progress(struct life *life);
/** life_judge() - check exit status and output of its client */
void life_judge(struct life *life, int status, const char *said);
/** life_end_is_right() - whether it never ran, or has ended as its kind must */
bool life_end_is_right(const struct life *life);
/** life_root() - the path of its root on the host, for free() */
char *life_root(const struct life *life);

/* logs.c */
/** logs_check() - check each byte of all logs, at the end */
void logs_check(void);

#endif /* SURVIVE_H */
