/* SPDX-License-Identifier: GPL-2.0 */
/* What the parts of the program share, see main.c. */
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
#define N_NAMES	  12 /* of each slot, which take turns */

/** enum kind - how a container is started, and how it ends */
enum kind {
	KIND_WRITER,  /* "engine start"; writes all the time */
	KIND_EXITS,   /* "engine run"; by itself */
	KIND_STOPPED, /* "engine run"; it is told to */
	KIND_KILLED,  /* "engine run"; by SIGKILL of this program */
	KIND_EATS,    /* "engine run"; by its hard limit */
	KIND_STARTED, /* "engine start"; by itself */
	KIND_MISSING, /* "engine run"; its command is not there */
	N_KINDS,
};

/** enum claim - what the test is about */
enum claim {
	CLAIM_SUPERVISOR,
	CLAIM_CLIENTS,
	CLAIM_TABLE,
	CLAIM_LOGS,
	CLAIM_NOTHING_LEFT,
	N_CLAIMS,
};

/** struct life - one container, from the request on */
struct life {
	struct name *name;
	unsigned int number; /* of this name, from 0 */
	enum kind kind;
	unsigned int lines;
	int code;
	bool both; /* streams */
	bool own_root;
	uint64_t progress[2]
			 [N_STREAMS]; /* least and most; with a root of its own */

	bool asked_stop; /* of the kernel, by whomever */
	bool settled;	 /* its client has ended, and so has it */
	bool told_start; /* "engine start" has told its start */
	bool told;	 /* "engine run" has told its end */
	int64_t told_at; /* of now_ms() */
	int deaths;	 /* of supervisors, during it */

	/* As the kernel has told */
	bool registered, started, ended, gone;
	struct purser_container record; /* the last one */
};

/** struct name - an id, and all who had it, the oldest first */
struct name {
	char text[16];
	struct life **lives;
	unsigned int n_lives;
	unsigned int max_kib; /* of its log files */
	bool raw;
};

/** struct totals - for the last lines */
struct totals {
	unsigned long trials, lives, clients[8], ends[N_KINDS + 4];
	unsigned long replaced, young, recovering, launching, asked, buffered,
		taking, ending, half;
	unsigned long outlived; /* deaths that a life saw */
	unsigned long lines, bytes, files;
};

extern struct totals totals;
extern const char *dir; /* of this run: all is below */

/* main.c */
char *path_of(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
/** wrong() - something that must not be; the first ones are printed */
void wrong(enum claim claim, const char *fmt, ...)
	__attribute__((format(printf, 2, 3)));
/** must() - or this program cannot go on */
void must(bool good, const char *what);
unsigned int below(unsigned int n);
int64_t now_ms(void);

/* supervisor.c */
extern bool supervisor_ready;
extern pid_t supervisor_pid;
extern bool supervisor_ends; /* in order: it forgets all */
void supervisor_start(void);
/** supervisor_replace() - have the next one tell this one, which serves, to leave */
void supervisor_replace(void);
/** supervisor_is_alone() - nobody is leaving */
bool supervisor_is_alone(void);
/** supervisor_reaped() - whether @pid was one that has left */
bool supervisor_reaped(pid_t pid, int status);
/** supervisor_kill() - as nothing else can be killed, and see what that hit */
void supervisor_kill(void);
/** supervisor_end() - in order; nothing may be left */
void supervisor_end(void);
extern int64_t supervisor_needs_ms; /* until it is ready, the last time */
int supervisor_fd(void); /* readable when it is ready, or dead; -1: neither */
void supervisor_look(void);
void supervisor_check_words(void);

/* process.c */
/** spawn() - @output: stdout and stderr go there; @words end with NULL */
pid_t spawn(const char *output, const char *const words[]);
/** slurp() - a file, with a NUL behind it; NULL where there is none */
char *slurp(const char *path, size_t *len);

/* book.c */
extern struct purser *commands;
int book_open(void); /* returns a descriptor for poll() */
void book_read(void);
extern unsigned long n_events;
struct name *name_new(const char *text);
struct life *life_new(struct name *name, enum kind kind);
struct life *name_last(struct name *name);
/**
 * book_check_ps() - what ps printed, of all whose end was told before @since
 * @since: 0: nothing happens any more, and all must be right
 * Returns how many rows are not yet as the kernel has them, where that can be.
 */
unsigned int book_check_ps(const char *text, int64_t since);
void book_check_end(void);
extern struct name **names;
extern size_t n_names;

/* slots.c */
void writers_start(void);
void writers_order(char order);
void writers_end(void);
/** writers_settle() - after the end of the last supervisor */
void writers_settle(void);
void slots_start(void);
void slots_turn(bool more);
/** slots_deadline() - when slots_turn() has something to do, of now_ms() */
int64_t slots_deadline(void);
/** slots_reaped() - whether @pid was of theirs */
bool slots_reaped(pid_t pid, int status);
bool slots_are_idle(void);
void slots_hit(void);
void slots_describe(void);

/* life.c */
/** life_arguments() - for engine; @words has room for 24 */
void life_arguments(const struct life *life, const char *words[]);
void life_note_progress(struct life *life);
/** life_judge() - the end of its client */
void life_judge(struct life *life, int status, const char *said);
/** life_end_is_right() - it never ran, or has ended as it should */
bool life_end_is_right(const struct life *life);
/** life_root() - its root on the host, for free() */
char *life_root(const struct life *life);

/* logs.c */
void logs_check(void);

#endif /* SURVIVE_H */
