/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * libpurser: the typed client of the kernel's container table.
 *
 * A handle is one generic-netlink socket. It is not thread-safe: one thread,
 * one handle. Every function returns 0 (or what it says) or a negative errno;
 * purser_last_error() then has the kernel's own words. Sizes are bytes, times
 * are nanoseconds of CLOCK_BOOTTIME, PIDs are host PIDs.
 *
 * Errors are the kernel's own. From any call on an open handle, -ENODEV means
 * that the module has been unloaded since; a handle takes commands again once
 * it is loaded anew. -EBADMSG means an answer that makes no sense.
 */
#ifndef PURSER_H
#define PURSER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include <linux/purser.h>

struct purser;

/* Longest name of a process, in bytes, without the terminating NUL. */
#define PURSER_COMM_MAX 15

/** struct purser_killer - who sent a signal, or crossed a limit, as it was then */
struct purser_killer {
	pid_t pid; /* 0: the kernel made the signal by itself */
	uint32_t uid;
	char comm[PURSER_COMM_MAX + 1]; /* any bytes; see escape.h */
};

/** struct purser_container - one record of the table, as it was when read */
struct purser_container {
	uint64_t id;
	char name[PURSER_NAME_MAX + 1];
	pid_t pid;
	uint32_t pidns;
	enum purser_state state;
	enum purser_reason reason;
	int exit_code; /* -1 where init did not return */
	int signal;    /* 0 where no signal ended init */
	bool forced;
	bool no_handler;
	bool has_killer; /* a signal ended init, and its sender was seen */
	struct purser_killer killer;
	enum purser_oom_scope oom_scope; /* 0: the OOM killer did not end it */
	bool has_crossed_by; /* a page fault crossed the hard limit */
	struct purser_killer crossed_by;
	uint64_t soft_limit; /* 0 = none */
	uint64_t hard_limit; /* 0 = none */
	uint64_t rss;
	uint64_t usage;
	uint64_t peak;
	uint32_t processes;
	uint32_t outside; /* of these, in another memory cgroup than its own */
	uint64_t cpu_time;
	uint64_t registered_at;
	uint64_t started_at; /* 0 = has not started */
	uint64_t exited_at;  /* 0 = has not ended */
	uint64_t soft_crossings;
	uint64_t soft_held; /* of these, crossings that no event tells of */
	size_t cookie_len;  /* 0 where there is none or it may not be seen */
	uint8_t cookie[PURSER_COOKIE_MAX];
};

/** struct purser_event - one event of the kernel's log */
struct purser_event {
	uint64_t seq;
	uint64_t time;
	enum purser_event_type type;
	struct purser_container container; /* without its cookie */
};

/** struct purser_info - the module as a whole */
struct purser_info {
	uint32_t live;
	uint32_t ended;
	uint32_t members;
	uint64_t events;
	uint64_t events_dropped;
	char *kernel_version;
	char *module_version;
	char **tracepoints; /* NULL-terminated */
};

/**
 * struct purser_ref - names one container: exactly one field is set
 * A pid of a live container's init, an id, or a name.
 */
struct purser_ref {
	uint64_t id;
	const char *name;
	pid_t pid;
};

/**
 * struct purser_registration - what purser_register() enters
 * @pid: the process; 0 for that of @pidfd, as /proc/self/fdinfo has it
 * @pidfd: a pidfd of the same process, or NULL. With it a process that has ended
 *	is refused, also where its @pid has been given to another one meanwhile.
 * @fifos: @n_fifos descriptors, at most %PURSER_FIFOS_MAX, open on FIFOs, or NULL.
 *	The record keeps these open, in the mode that each was opened in, until it is
 *	forgotten or purser_release_fifos() is called; the caller may close its own.
 */
struct purser_registration {
	const char *name;
	pid_t pid;
	const int *pidfd;
	uint64_t soft_limit;
	uint64_t hard_limit;
	const void *cookie;
	size_t cookie_len;
	const int *fifos;
	size_t n_fifos;
};

/** struct purser_limits - what purser_set() changes; NULL leaves one alone */
struct purser_limits {
	const uint64_t *soft_limit;
	const uint64_t *hard_limit;
};

/* Leaves the grace period of a stop to the kernel. */
#define PURSER_GRACE_DEFAULT ((unsigned int)-1)

/* Both callbacks return 0 to go on, or a negative errno that ends the call. */
typedef int (*purser_container_fn)(const struct purser_container *c, void *arg);
typedef int (*purser_event_fn)(const struct purser_event *e, void *arg);

/**
 * purser_open() - connect to the family
 * Errors: -ENOENT, the module is not loaded.
 */
int purser_open(struct purser **out);
void purser_close(struct purser *p);

/**
 * purser_last_error() - what went wrong in the last call, in words
 * The kernel's extack message where it sent one, else the errno's text. Valid
 * until the next call on the handle. NULL asks for the failure of this thread's
 * last purser_open().
 */
const char *purser_last_error(const struct purser *p);

/**
 * purser_register() - enter a running process in the table
 * Errors: -EEXIST, -EINVAL (also a FIFO that is none), -ESRCH (the process has
 * ended), -EBADF (the pidfd is none, a FIFO is no descriptor), -E2BIG (FIFOs).
 */
int purser_register(struct purser *p, const struct purser_registration *reg,
		    uint64_t *id);
int purser_unregister(struct purser *p, const struct purser_ref *ref);
int purser_get(struct purser *p, const struct purser_ref *ref,
	       struct purser_container *out);
int purser_set(struct purser *p, const struct purser_ref *ref,
	       const struct purser_limits *limits);
/**
 * purser_release_fifos() - let a record, live or ended, keep no FIFO open any more
 * What is in one that nobody else has open is lost. No event tells of it.
 */
int purser_release_fifos(struct purser *p, const struct purser_ref *ref);
/**
 * purser_stop() - ask for the end of a container; does not wait for it
 * @signal: 0 for the kernel's default, SIGTERM
 * @grace_ms: %PURSER_GRACE_DEFAULT for the kernel's default
 */
int purser_stop(struct purser *p, const struct purser_ref *ref, int signal,
		unsigned int grace_ms);

/**
 * purser_list() - call @fn for every record, in the order of their ids
 * @state: only records in that state; 0 for all
 * A dump that the kernel marks as interrupted is taken anew before @fn sees
 * any of it. Errors: -EAGAIN, the table changed each time; those of @fn.
 */
int purser_list(struct purser *p, enum purser_state state,
		purser_container_fn fn, void *arg);

int purser_get_info(struct purser *p, struct purser_info *out);
void purser_info_free(struct purser_info *info);

/** purser_events_since() - call @fn for each kept event with a number > @seq */
int purser_events_since(struct purser *p, uint64_t seq, purser_event_fn fn,
			void *arg);

/**
 * purser_events_join() - receive the events multicast on this handle
 * The handle then serves for purser_events_read() alone; commands need another.
 * @rcvbuf: socket buffer in bytes, 0 for the default of libpurser (1 MiB).
 * Returns a non-blocking file descriptor for poll(), owned by the handle.
 * Errors: -EPERM, listening needs CAP_NET_ADMIN.
 */
int purser_events_join(struct purser *p, int rcvbuf);

/**
 * purser_events_read() - hand every event that waits on the socket to @fn
 * Returns 0 when the socket is empty, -ENOBUFS when the kernel had to drop
 * some: read on until it is empty, since until then the kernel drops whatever
 * comes, ask purser_events_since() for what is missing, then read again. -ENODEV
 * when the module was unloaded: no event will come to this handle any more.
 */
int purser_events_read(struct purser *p, purser_event_fn fn, void *arg);

/** purser_last_event() - the number of the last event that was made */
int purser_last_event(struct purser *p, uint64_t *seq);

/* purser_wait(): look at no earlier event. */
#define PURSER_FROM_NOW UINT64_MAX

/**
 * purser_wait() - wait until a container has ended
 * @id: its id; returns at once if it has ended already
 * @since: the number of an event from before the end; %PURSER_FROM_NOW if the record
 *	is sure to be kept until this call looks at it. With a number the end is found
 *	even if the record was forgotten meanwhile, as long as the kernel's log has it.
 *	For a stop: purser_last_event(), purser_stop(), purser_wait().
 * @last: the record as it was at the end, without its cookie if an event told it
 * Opens a second handle for the events, and closes it. Errors: -EPERM, this needs
 * CAP_NET_ADMIN; -ENOENT, the container was unregistered; -ENODEV.
 */
int purser_wait(struct purser *p, uint64_t id, uint64_t since,
		struct purser_container *last);

/**
 * purser_pidfd() - open a pidfd of a live container's init
 * @record: is filled with the record as it was after the pidfd was opened
 * The record was live at that moment, so the pidfd cannot be that of another process
 * that got the PID. Returns a file descriptor with FD_CLOEXEC, which the caller
 * closes. Errors: -ESRCH, the container has ended, and @record is final; -ENOENT;
 * those of pidfd_open(2).
 */
int purser_pidfd(struct purser *p, const struct purser_ref *ref,
		 struct purser_container *record);

/* Names as in the netlink specification ("hard_limit_killed"), and back. */
const char *purser_state_name(enum purser_state state);
const char *purser_reason_name(enum purser_reason reason);
const char *purser_event_name(enum purser_event_type type);
const char *purser_oom_scope_name(enum purser_oom_scope scope);
/** purser_state_parse() - 0 where @name is not a state */
enum purser_state purser_state_parse(const char *name);
/** purser_reason_parse() - %PURSER_REASON_NONE where @name is not a reason */
enum purser_reason purser_reason_parse(const char *name);

#endif /* PURSER_H */
