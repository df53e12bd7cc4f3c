/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * libpurser: a client library for the kernel's container table.
 *
 * A handle is one generic-netlink socket. Two threads must not use the same handle at
 * the same time. Unless its comment says otherwise, a function returns 0 or a negative
 * errno; purser_last_error() then returns the kernel's error text. Sizes are in bytes,
 * times in nanoseconds of CLOCK_BOOTTIME. PIDs are those of the host.
 *
 * Programs and modules of different versions work together for what both know. Of a newer
 * module, the library ignores attributes that it does not know, and values that it does
 * not know have the name "unknown". An older module refuses a request that it does not
 * know, with -EOPNOTSUPP (the command) or -EINVAL (an attribute); the error text then
 * says that the module must be upgraded.
 *
 * Error numbers are the kernel's. From any call on an open handle, -ENODEV means that
 * the module was unloaded; after it is loaded again, the handle can be used for commands
 * again. -EBADMSG means an invalid answer.
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

/** struct purser_killer - a process that sent a signal or crossed a limit, at that time */
struct purser_killer {
	pid_t pid; /* 0: the kernel itself sent the signal */
	uint32_t uid;
	char comm[PURSER_COMM_MAX +
		  1]; /* may contain any bytes; escape before printing */
};

/** struct purser_container - one record of the table, as it was when read */
struct purser_container {
	uint64_t id;
	char name[PURSER_NAME_MAX + 1];
	pid_t pid;
	uint32_t pidns;
	enum purser_state state;
	enum purser_reason reason;
	int exit_code; /* -1: init did not exit by itself */
	int signal;    /* 0: no signal ended init */
	bool forced;
	bool no_handler;
	bool has_killer; /* a signal ended init, and its sender is known */
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
	uint32_t outside; /* of these, how many are in another memory cgroup */
	uint64_t cpu_time;
	uint64_t registered_at;
	uint64_t started_at; /* 0 = has not started */
	uint64_t exited_at;  /* 0 = has not ended */
	uint64_t soft_crossings;
	uint64_t soft_held; /* of these, how many had no event, because of rate limiting */
	size_t cookie_len; /* 0: there is none, or the caller may not read it */
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
	bool has_ends;	    /* the module is not older than the next field */
	uint64_t ends[PURSER_REASON_MAX + 1]; /* since it was loaded, by reason */
};

/**
 * struct purser_ref - names one container; set exactly one field
 * @pid: of the init of a live container
 */
struct purser_ref {
	uint64_t id;
	const char *name;
	pid_t pid;
};

/**
 * struct purser_registration - arguments of purser_register()
 * @pid: the process; 0: the process of @pidfd, from /proc/self/fdinfo
 * @pidfd: a pidfd of the same process, or NULL. With a pidfd, a process that has ended
 *	is refused, even if another process has the same @pid now.
 * @fifos: @n_fifos descriptors of FIFOs, at most %PURSER_FIFOS_MAX, or NULL. The record
 *	keeps each of them open, in the mode in which it was opened, until the record is
 *	removed or purser_release_fifos() is called. The caller may close its own.
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

/** struct purser_limits - arguments of purser_set(); NULL: do not change this limit */
struct purser_limits {
	const uint64_t *soft_limit;
	const uint64_t *hard_limit;
};

/* The kernel's default for the grace period of a stop. */
#define PURSER_GRACE_DEFAULT ((unsigned int)-1)

/* A callback returns 0 to go on, or a negative errno that ends the call. */
typedef int (*purser_container_fn)(const struct purser_container *c, void *arg);
typedef int (*purser_event_fn)(const struct purser_event *e, void *arg);

/**
 * purser_open() - connect to the family
 * Errors: -ENOENT, the module is not loaded.
 */
int purser_open(struct purser **out);
void purser_close(struct purser *p);

/**
 * purser_last_error() - return the error text of the last call
 * @p: NULL: the last purser_open() of this thread
 * Returns the kernel's extack message if there was one, else the text of the errno. It
 * is valid until the next call on the handle.
 */
const char *purser_last_error(const struct purser *p);

/**
 * purser_register() - add a running process to the table as a container
 * @id: set to the kernel's id of the container
 * Errors: -EEXIST (the name is taken, or the process is in a container), -EINVAL (also:
 * a descriptor in @fifos is not a FIFO), -ESRCH (the process has ended), -EBADF (a
 * descriptor is not open, or not a pidfd), -E2BIG (too many FIFOs).
 */
int purser_register(struct purser *p, const struct purser_registration *reg,
		    uint64_t *id);
int purser_unregister(struct purser *p, const struct purser_ref *ref);
int purser_get(struct purser *p, const struct purser_ref *ref,
	       struct purser_container *out);
int purser_set(struct purser *p, const struct purser_ref *ref,
	       const struct purser_limits *limits);
/**
 * purser_release_fifos() - have the kernel close the FIFOs of a record, live or ended
 * If no process has a FIFO open, its content is lost. There is no event of this.
 */
int purser_release_fifos(struct purser *p, const struct purser_ref *ref);
/**
 * purser_stop() - ask the kernel to stop a container; does not wait for its end
 * @signal: 0 for the kernel's default, SIGTERM
 * @grace_ms: %PURSER_GRACE_DEFAULT for the kernel's default
 */
int purser_stop(struct purser *p, const struct purser_ref *ref, int signal,
		unsigned int grace_ms);
/**
 * purser_stop_gently() - mark a container as stopped and send a signal, nothing else
 * The kernel marks the record before it sends the signal, starts no grace period, and
 * never sends SIGKILL in place of the signal. It sends the signal even if the container
 * is being stopped or killed already, and then also returns 0.
 * @signal: 0 for the kernel's default, SIGTERM
 * Errors: -ESRCH, the container has ended; -EINVAL, the module is older than this call.
 */
int purser_stop_gently(struct purser *p, const struct purser_ref *ref,
		       int signal);

/**
 * purser_list() - call @fn for every record, in the order of their ids
 * @state: only records in that state; 0: all
 * Repeats a dump that the kernel marks as interrupted; @fn sees only a consistent one.
 * Errors: -EAGAIN (the table changed each time), those of @fn.
 */
int purser_list(struct purser *p, enum purser_state state,
		purser_container_fn fn, void *arg);

int purser_get_info(struct purser *p, struct purser_info *out);
void purser_info_free(struct purser_info *info);

/** purser_events_since() - call @fn for each event after number @seq in the kernel's log */
int purser_events_since(struct purser *p, uint64_t seq, purser_event_fn fn,
			void *arg);

/**
 * purser_events_join() - receive events on this handle
 * @rcvbuf: size of the socket buffer in bytes; 0: 1 MiB
 * From then on the handle is only for purser_events_read(); use another one for
 * commands. Returns a non-blocking file descriptor for poll(), which the handle owns.
 * Errors: -EPERM (this needs CAP_NET_ADMIN).
 */
int purser_events_join(struct purser *p, int rcvbuf);

/**
 * purser_events_read() - call @fn for every event on the socket
 * Returns 0 when the socket is empty. Errors: -ENOBUFS (the kernel has dropped events,
 * and drops all further ones until the socket is empty: call this until it returns 0,
 * then get the missing events with purser_events_since(), then read on); -ENODEV (the
 * module was unloaded: no more events will come on this handle).
 */
int purser_events_read(struct purser *p, purser_event_fn fn, void *arg);

/** purser_last_event() - read the number of the newest event */
int purser_last_event(struct purser *p, uint64_t *seq);

/* purser_wait(): do not read earlier events. */
#define PURSER_FROM_NOW UINT64_MAX

/**
 * purser_wait() - wait until a container has ended
 * @id: its id; if it has ended already, this returns at once
 * @since: the number of an event before the end: this call then finds the end in the
 *	kernel's event log, even if the record was removed meanwhile. Or
 *	%PURSER_FROM_NOW, if the record cannot be removed before this call reads it.
 *	For a stop: purser_last_event(), purser_stop(), purser_wait().
 * @last: set to the final record; it has no cookie if it comes from an event
 * Opens a second handle for the events, and closes it. Errors: -EPERM (this needs
 * CAP_NET_ADMIN), -ENOENT (the container was unregistered), -ENODEV.
 */
int purser_wait(struct purser *p, uint64_t id, uint64_t since,
		struct purser_container *last);

/**
 * purser_pidfd() - open a pidfd of a live container's init
 * @record: set to the record, read after the pidfd was opened
 * The record was live at that time, so the pidfd belongs to init and not to another
 * process with the same PID. Returns a file descriptor with FD_CLOEXEC, which the caller
 * must close. Errors: -ESRCH (the container has ended, and @record is final), -ENOENT,
 * those of pidfd_open(2).
 */
int purser_pidfd(struct purser *p, const struct purser_ref *ref,
		 struct purser_container *record);

/* Names as in the netlink specification, for example "hard_limit_killed". */
const char *purser_state_name(enum purser_state state);
const char *purser_reason_name(enum purser_reason reason);
const char *purser_event_name(enum purser_event_type type);
const char *purser_oom_scope_name(enum purser_oom_scope scope);
/** purser_state_parse() - the opposite; 0: @name is not a state */
enum purser_state purser_state_parse(const char *name);
/** purser_reason_parse() - the opposite; %PURSER_REASON_NONE: @name is not a reason */
enum purser_reason purser_reason_parse(const char *name);

#endif /* PURSER_H */
