/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A model of the module. It keeps its own record of each process and container, and
 * compares them with the kernel's. Words of the model:
 *
 *   book       the model's record of one container
 *   actor      a process that obeys the model, see ../actor.c
 *   ballast    memory that an actor takes to exceed a limit
 *   space      a PID namespace
 *   headless   a container without a namespace whose first process is dead and whose
 *              other processes live
 *   to settle  to wait until all events that must come have come
 *
 *   main.c     steps, check points, options
 *   say.c      random numbers, notes, and the error messages that end the model
 *   process.c  processes: orders to them, their families, their ends
 *   book.c     containers: what their records must have, which events must come
 *   record.c   comparing one record of the kernel with the book
 *   log.c      all events so far, and comparing the kernel's event log with them
 *   watch.c    events, table and counters of the kernel
 *   enter.c    registration
 *   life.c     steps in the life of a container
 *   end.c      steps that end a container
 *   headless.c steps of headless containers
 */
#ifndef MODEL_H
#define MODEL_H

#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/queue.h>
#include <sys/types.h>

#include "libpurser/purser.h"
#include "../order.h"

#define MIB	  (1ULL << 20)
#define N_SIGNALS 65

/* --- say.c --- */

extern unsigned long step; /* the number of the present step */

void seed_random(uint64_t seed);
unsigned int below(unsigned int n);
bool chance(unsigned int percent);
uint64_t random_digest(void);

/* note() keeps a line; wrong() prints the last lines, an error, and exits. */
void note(const char *fmt, ...) __attribute__((format(printf, 1, 2)));
void wrong(const char *fmt, ...)
	__attribute__((noreturn, format(printf, 1, 2)));
void must(int err, const char *what);
void *grow_array(void *array, size_t n, size_t *room, size_t size);

/* --- process.c --- */

struct book;

/* struct killer - who sent a signal */
struct killer {
	bool seen;
	pid_t pid;
	uid_t uid;
	char comm[16];
};

/* struct space - a PID namespace */
struct space {
	struct space *up; /* the parent; NULL for the initial one */
	struct process *init;
	uint32_t inode;
	struct book *book; /* the live container that has this namespace */
	LIST_ENTRY(space) all;
};

/* struct process - one actor */
struct process {
	pid_t pid;
	int fd;
	struct process *parent; /* NULL: the root */
	struct space *space;
	struct book *book; /* the container that it is a member of, or NULL */
	bool executed;
	bool alive;
	bool held; /* ptrace will hold it in its exit */
	uid_t uid;
	char comm[16];
	uint64_t ballast;
	uint64_t burnt; /* ns of CPU time that it has reported */
	unsigned char action[N_SIGNALS];
	bool blocked[N_SIGNALS];
	int pending; /* blocked signal that will kill it when unblocked, or 0 */
	struct killer pending_from;
	TAILQ_ENTRY(process) all;
};

TAILQ_HEAD(processes, process);
extern struct processes
	processes; /* the live ones, without killers and the root */

/* Processes outside containers that send signals. The first is the model itself. */
#define N_KILLERS 4
extern struct process killers[N_KILLERS];

void start_processes(const char *actor);
void end_processes(void);
void tell(struct process *p, uint32_t type, int a, int b, uint64_t n);
int answer(struct process *p, uint32_t type, uint64_t *n);
int ask(struct process *p, uint32_t type, int a, int b, uint64_t n);
struct process *fork_process(struct process *parent, int flags);
void name_process(struct process *p, const char *name);
void execute(struct process *p);
void set_action(struct process *p, int sig, int action);
void set_blocked(struct process *p, int sig, bool blocked);
void send_signal(struct process *from, struct process *to, int sig);
bool descends(const struct process *p, const struct process *from);
bool is_within(const struct space *s, const struct space *outer);
bool dies_with(const struct process *p, const struct process *other);
void bury(struct process *p);
void hold(struct process *p);
void await_held(struct process *p);
void let_go(struct process *p);

/* --- book.c --- */

/* The limits that the model uses, and the size of ballast. */
#define LOW	     4096      /* any container is above it */
#define MID	     (8 * MIB) /* a container is above it only with ballast */
#define HIGH	     (1024 * MIB) /* no container is above it */
#define WEIGHT	     MID	  /* the size of ballast */
#define MOST_MEMBERS 4
/*
 * The most that a process may take besides ballast. Processes after an execve() were seen
 * with up to 1.1 MiB, including the pages of the program that the kernel maps around a
 * fault.
 */
#define MOST_OF_ONE (3 * MIB / 2)

/* Without ballast usage must fall below 7/8 of MID, which re-arms the soft limit. */
_Static_assert(MOST_MEMBERS *MOST_OF_ONE < MID - MID / 8,
	       "a container without ballast may have more than 7/8 of MID");

/* struct want - what a record must have. Its other values are only bounded. */
struct want {
	enum purser_state state;
	enum purser_reason reason;
	int exit_code;
	int signal;
	bool forced;
	bool no_handler;
	struct killer killer;
	enum purser_oom_scope oom_scope;
	uint64_t soft_limit;
	uint64_t hard_limit;
	uint64_t crossings;
	uint32_t least; /* number of processes */
	uint32_t most;
	bool started;
};

/* struct expected - an event that must come, with one of several records ("forms") */
#define MAX_FORMS 3
struct expected {
	enum purser_event_type type;
	size_t n_forms;
	struct want forms[MAX_FORMS];
	TAILQ_ENTRY(expected) all;
};

/* struct book - one container */
struct book {
	uint64_t id;
	char name[PURSER_NAME_MAX + 1];
	pid_t pid;
	uint32_t inode;
	/* NULL: init is dead, or the container was unregistered. */
	struct process *init;
	struct space *space; /* its own namespace, or NULL */
	struct want want;    /* the present record */
	struct want next;    /* the record after all expected events */
	TAILQ_HEAD(expecteds, expected) expected;
	bool present;	     /* it is in the table */
	unsigned long rank;  /* 1 + the step in which it ended; 0: it lives */
	bool started_before; /* it called execve() before its registration */
	uint64_t crossings;  /* how often it crossed its soft limit */
	uint64_t soft_events;
	bool soft_reached;
	uint64_t most_ballast; /* that it has ever had */
	bool soft_told; /* the last event about the soft limit was soft_limit */
	uint64_t soft_at;  /* the time of that event */
	bool reach_untold; /* usage reached the limit since that event */
	bool fall_untold;  /* usage fell below it since that event */
	bool hard_reached;
	bool killed; /* all its processes get SIGKILL */
	/*
	 * A headless container has the exit status of its first process. @ends are the
	 * possible records at its end.
	 */
	bool headless;
	struct want ends[MAX_FORMS];
	size_t n_ends;
	uint8_t cookie[64];
	size_t cookie_len;
	uint32_t processes; /* members now */
	uint64_t burnt;	    /* ns of CPU time that dead members have reported */
	unsigned int burners; /* the number of these members */
	/* Values of the kernel's record when it was last read. */
	uint64_t cpu_time;
	uint64_t peak;
	uint64_t registered_at;
	uint64_t started_at;
	uint64_t exited_at;
};

extern struct book **books; /* of all containers so far, in order of their ids */
extern size_t n_books;
extern unsigned int n_live;
extern unsigned int n_ended; /* ended ones that are in the table */
extern unsigned int exit_records;

struct book *new_book(uint64_t id, const char *name, struct process *init);
struct book *find_book(uint64_t id);
struct book *find_name(const char *name);
struct book *any_live(void);
struct book *any_ended(void);
struct process *any_member(struct book *b, bool init_too);
struct process *any_free(void);
uint64_t ballast_of(const struct book *b);
void join_book(struct book *b, struct process *p);
void leave_book(struct process *p);
struct book *book_of_space(const struct space *s);
void adopt(struct book *b);
void release(struct book *b);
struct expected *expect(struct book *b, enum purser_event_type type);
void expect_limits(struct book *b);
void expect_end(struct book *b, int code, int signal,
		const struct killer *killer);
void expect_last(struct book *b);
void or_else(struct book *b, int signal, const struct killer *killer);
struct killer killer_of(const struct process *p);
extern const struct killer the_kernel;

/* --- record.c --- */

void check_record(const char *where, struct book *b, const struct want *want,
		  const struct purser_container *c);
void check_memory(const char *where, const struct book *b,
		  const struct purser_event *e);

/* --- log.c --- */

extern uint64_t n_events;

void start_log(unsigned int event_log);
void keep_logged(const struct purser_event *e);
int keep_sent(const struct purser_event *e, void *unused);
void compare_sent(void);
bool all_were_sent(void);
void check_log(void);

/* --- watch.c --- */

extern struct purser *purser;
extern unsigned int n_expected; /* the number of events that must come */

void start_watching(unsigned int slow, unsigned int event_log);
void settle(void);
void settle_soft(struct book *b);
void settle_table(void);
void check_point(void);

/* --- enter.c --- */

extern unsigned int max_live;
extern struct book *anchor; /* a container that lives during the whole run */

void refused(int got, int want, const char *what);
void refuse_stop(const struct purser_ref *ref, int sig, unsigned int grace,
		 const char *why);
int random_fork(void);
void leave_pending(struct process *p, unsigned int who);
void choose_limits(uint64_t *soft, uint64_t *hard);
void start_life(void);
void register_new(void);
void refuse_registration(struct book *b);

/* --- life.c, end.c, headless.c --- */

#define LONG_MS	 3600000 /* a grace period that no run waits for */
#define SHORT_MS 20	 /* a grace period that is soon over */

struct purser_ref ref_of(const struct book *b);
void life_step(void);
void change_limits(struct book *b, uint64_t soft, uint64_t hard);
void end_one_member(struct book *b, struct process *p);
void settle_end(struct book *b);
void end_step(struct book *b);
void end_all(void);
void stop_headless_slowly(struct book *b);
void end_headless(struct book *b);

#endif /* MODEL_H */
