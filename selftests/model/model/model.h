/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The model: the books that it keeps itself of processes and containers, to be
 * compared with the kernel's.
 *
 *   main.c     steps, check points, options
 *   say.c      random numbers, and the end where something is wrong
 *   process.c  processes: orders to them, their families, their ends
 *   book.c     containers: what must be in the record, what events must come
 *   record.c   one record of the kernel, compared with that
 *   log.c      all events that there were, and the kernel's log
 *   watch.c    events, table and counters of the kernel
 *   enter.c    registration
 *   life.c     steps in the life of a container
 *   end.c      steps that end one
 *   headless.c containers that have outlived their first process
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

extern unsigned long step; /* the one that is being done */

void seed_random(uint64_t seed);
unsigned int below(unsigned int n);
bool chance(unsigned int percent);
uint64_t random_digest(void);

/* Notes are kept, and the last ones are printed where the model fails. */
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
	struct space *up; /* NULL: the initial one */
	struct process *init;
	uint32_t inode;
	struct book *book; /* the live container whose own it is */
	LIST_ENTRY(space) all;
};

/* struct process - one actor */
struct process {
	pid_t pid;
	int fd;
	struct process *parent; /* NULL: the root of all */
	struct space *space;
	struct book *book; /* that it is a member of, or NULL */
	bool executed;
	bool alive;
	bool held; /* by ptrace, when it exits */
	uid_t uid;
	char comm[16];
	uint64_t ballast;
	uint64_t burnt; /* ns of CPU time that it has told of */
	unsigned char action[N_SIGNALS];
	bool blocked[N_SIGNALS];
	int pending; /* signal that kills it when it is not blocked, or 0 */
	struct killer pending_from;
	TAILQ_ENTRY(process) all;
};

TAILQ_HEAD(processes, process);
extern struct processes processes; /* that live, but for killers and the root */

/* Who kills: not in any container. The first is the model itself. */
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

/* What a container takes, and what its limits are held against, in kinds. */
#define LOW	     4096	  /* less than any process has */
#define MID	     (8 * MIB)	  /* more than all have without ballast */
#define HIGH	     (1024 * MIB) /* more than there can be */
#define WEIGHT	     MID	  /* of ballast */
#define MOST_MEMBERS 4
/*
 * What a process may take beside its ballast. One that has called execve() had
 * the most: up to 1.1 MiB, with what the kernel maps of its program around a failure.
 */
#define MOST_OF_ONE (3 * MIB / 2)

/* The soft limit is re-armed where the ballast is gone. */
_Static_assert(MOST_MEMBERS *MOST_OF_ONE < MID - MID / 8,
	       "all without ballast may have more than MID");

/* struct want - what a record must be; the rest of it is only bounded */
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
	uint32_t least; /* processes */
	uint32_t most;
	bool started;
};

/* struct expected - an event that must come next, in one of some forms */
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
	/* NULL: it is dead, or the container was unregistered. */
	struct process *init;
	struct space *space; /* its own, or NULL */
	struct want want;    /* now */
	struct want next;    /* when all that is expected has come */
	TAILQ_HEAD(expecteds, expected) expected;
	bool present;	    /* in the table */
	unsigned long rank; /* among those that ended: the step; 0 = it lives */
	bool started_before; /* it was registered */
	uint64_t crossings;  /* of the soft limit */
	uint64_t soft_events;
	bool soft_reached;
	bool soft_told;	  /* which the last event of it says */
	uint64_t soft_at; /* the time of that event */
	bool reach_untold; /* it was reached, or fell, since it was last told of */
	bool fall_untold;
	bool hard_reached;
	bool killed; /* SIGKILL comes to all of it */
	/*
	 * Without a namespace it outlives its first process, and tells of that
	 * one's end in the end, in one of some forms.
	 */
	bool headless;
	struct want ends[MAX_FORMS];
	size_t n_ends;
	uint8_t cookie[64];
	size_t cookie_len;
	uint32_t processes; /* members now */
	uint64_t burnt;	    /* ns of CPU time of members that are dead */
	unsigned int burners;
	/* As last seen in the kernel's record. */
	uint64_t cpu_time;
	uint64_t peak;
	uint64_t registered_at;
	uint64_t started_at;
	uint64_t exited_at;
};

extern struct book **books; /* all that ever were, by id */
extern size_t n_books;
extern unsigned int n_live;
extern unsigned int n_ended; /* in the table */
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
extern unsigned int n_expected; /* events that are due */

void start_watching(unsigned int slow, unsigned int event_log);
void settle(void);
void settle_soft(struct book *b);
void settle_table(void);
void check_point(void);

/* --- enter.c --- */

extern unsigned int max_live;
extern struct book *anchor; /* lives from the beginning to the end */

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

/* Longer than any run, and over soon. */
#define LONG_MS	 3600000
#define SHORT_MS 20

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
