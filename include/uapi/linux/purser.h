/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic-netlink interface of the Purser container table.
 *
 * One family, "purser", in the initial network namespace. Commands and their
 * attributes are specified in Documentation/netlink/specs/purser.yaml; the names
 * there are those of this file in lower case, with dashes.
 *
 * Sizes are bytes, times are nanoseconds. Unless it says otherwise a time is
 * read from CLOCK_BOOTTIME. PIDs are those of the initial PID namespace, save
 * for PURSER_A_CONTAINER_PID in a request, which is read in the caller's.
 */
#ifndef _UAPI_LINUX_PURSER_H
#define _UAPI_LINUX_PURSER_H

#define PURSER_FAMILY_NAME    "purser"
#define PURSER_FAMILY_VERSION 1

#define PURSER_MCGRP_EVENTS "events"

/* Longest container name, without the terminating NUL. */
#define PURSER_NAME_MAX 127
/* Longest cookie, in bytes. */
#define PURSER_COOKIE_MAX 1024
/* Longest grace period of a stop: one day, in milliseconds. */
#define PURSER_GRACE_MAX_MS 86400000
/* Most FIFOs that one record keeps open. */
#define PURSER_FIFOS_MAX 4

/**
 * enum purser_cmd - commands of the family
 * @PURSER_CMD_REGISTER: enter a running process as the init of a container.
 *	Needs NAME and PID; takes PIDFD, SOFT_LIMIT, HARD_LIMIT, COOKIE and up to
 *	%PURSER_FIFOS_MAX times FIFO. Replies with ID. Needs CAP_NET_ADMIN.
 *	Errors: EEXIST (name or process taken), ESRCH (no such process, or that
 *	of PIDFD is dead), EBADF (PIDFD is no pidfd, FIFO no descriptor), EINVAL
 *	(illegal name, hard below soft, FIFO is none), E2BIG (too many of FIFO).
 * @PURSER_CMD_UNREGISTER: by ID, NAME or PID: stop monitoring a live container,
 *	which goes on running, or forget an ended one. Needs CAP_NET_ADMIN.
 * @PURSER_CMD_GET: do: one record by ID, NAME or PID. dump: all records in the
 *	order of their ids; STATE, where given, selects those in that state.
 * @PURSER_CMD_SET: by ID, NAME or PID: new SOFT_LIMIT and/or HARD_LIMIT of a
 *	live container; RELEASE_FIFOS, of an ended one too. Needs CAP_NET_ADMIN.
 * @PURSER_CMD_STOP: by ID, NAME or PID: end a container with STOP_SIGNAL
 *	(default SIGTERM), and with SIGKILL when GRACE_MS (default 10000) are
 *	over. Needs CAP_NET_ADMIN. Errors: EALREADY (it is being stopped or
 *	killed or is ending already; the signal is not sent and the cause stays,
 *	but SIGKILL goes to every member when GRACE_MS are over), ESRCH (it has
 *	ended).
 * @PURSER_CMD_EVENT_GET: dump: events after number PURSER_A_EVENT_SEQ (default
 *	0), oldest first, as far as the kernel still holds them: set
 *	&enum purser_attr_event. Needs CAP_NET_ADMIN.
 * @PURSER_CMD_INFO: counters and versions, set &enum purser_attr_info.
 * @PURSER_CMD_EVENT: notification to the group "events", answers no request: set
 *	&enum purser_attr_event.
 *
 * A request by ID, NAME or PID takes exactly one of the three. A NAME means the
 * live container of that name or, where there is none, the one that ended last.
 * ENOENT says that there is no such container.
 */
enum purser_cmd {
	PURSER_CMD_UNSPEC,
	PURSER_CMD_REGISTER,
	PURSER_CMD_UNREGISTER,
	PURSER_CMD_GET,
	PURSER_CMD_SET,
	PURSER_CMD_STOP,
	PURSER_CMD_EVENT_GET,
	PURSER_CMD_INFO,
	PURSER_CMD_EVENT,

	/* private: */
	__PURSER_CMD_MAX,
	PURSER_CMD_MAX = (__PURSER_CMD_MAX - 1)
};

/**
 * enum purser_state - where a container stands
 * @PURSER_STATE_STARTING: registered; its init is the first process of a PID
 *	namespace and has not called execve() yet
 * @PURSER_STATE_RUNNING: its init runs a program
 * @PURSER_STATE_STOPPING: a stop was asked for
 * @PURSER_STATE_KILLING: the module has sent SIGKILL for the hard limit
 * @PURSER_STATE_EXITED: its init is dead or, if it has no PID namespace of its
 *	own, its last member; the record stays until forgotten
 */
enum purser_state {
	PURSER_STATE_STARTING = 1,
	PURSER_STATE_RUNNING,
	PURSER_STATE_STOPPING,
	PURSER_STATE_KILLING,
	PURSER_STATE_EXITED,

	/* private: */
	__PURSER_STATE_MAX,
	PURSER_STATE_MAX = (__PURSER_STATE_MAX - 1)
};

/**
 * enum purser_reason - why a container ended; the first cause wins
 * @PURSER_REASON_NONE: it has not ended
 * @PURSER_REASON_EXITED: its init returned by itself; see EXIT_CODE
 * @PURSER_REASON_STOPPED: a stop was asked for first; FORCED where SIGKILL was
 *	needed, EXIT_CODE or SIGNAL say how its init went
 * @PURSER_REASON_HARD_LIMIT_KILLED: killed by the module for memory
 * @PURSER_REASON_KILLED: any other fatal signal; see SIGNAL and KILLER
 * @PURSER_REASON_OOM_KILLED: the kernel's OOM killer chose it; see OOM_SCOPE
 */
enum purser_reason {
	PURSER_REASON_NONE,
	PURSER_REASON_EXITED,
	PURSER_REASON_STOPPED,
	PURSER_REASON_HARD_LIMIT_KILLED,
	PURSER_REASON_KILLED,
	PURSER_REASON_OOM_KILLED,

	/* private: */
	__PURSER_REASON_MAX,
	PURSER_REASON_MAX = (__PURSER_REASON_MAX - 1)
};

/**
 * enum purser_oom_scope - what the OOM killer was short of memory in
 * @PURSER_OOM_SCOPE_GLOBAL: the machine
 * @PURSER_OOM_SCOPE_CGROUP: a memory cgroup that the container's init is in
 */
enum purser_oom_scope {
	PURSER_OOM_SCOPE_GLOBAL = 1,
	PURSER_OOM_SCOPE_CGROUP,

	/* private: */
	__PURSER_OOM_SCOPE_MAX,
	PURSER_OOM_SCOPE_MAX = (__PURSER_OOM_SCOPE_MAX - 1)
};

/**
 * enum purser_event_type - what an event tells
 * @PURSER_EVENT_REGISTERED: a container was entered in the table
 * @PURSER_EVENT_STARTED: its init called execve()
 * @PURSER_EVENT_SOFT_LIMIT: usage reached the soft limit; a container has at most
 *	one event of this type and the next together in a second
 * @PURSER_EVENT_SOFT_CLEAR: usage fell below 7/8 of the soft limit again
 * @PURSER_EVENT_HARD_LIMIT: usage went above the hard limit; SIGKILL was sent
 * @PURSER_EVENT_LIMITS_CHANGED: %PURSER_CMD_SET gave it new limits
 * @PURSER_EVENT_STOP_REQUESTED: %PURSER_CMD_STOP marked it and signalled it
 * @PURSER_EVENT_STOP_FORCED: SIGKILL was sent to end a stop
 * @PURSER_EVENT_EXITED: it has ended; state, reason and status are final
 * @PURSER_EVENT_UNREGISTERED: its record was taken from the table by request
 * @PURSER_EVENT_RECORD_DROPPED: the oldest ended record made room for others
 */
enum purser_event_type {
	PURSER_EVENT_REGISTERED = 1,
	PURSER_EVENT_STARTED,
	PURSER_EVENT_SOFT_LIMIT,
	PURSER_EVENT_SOFT_CLEAR,
	PURSER_EVENT_HARD_LIMIT,
	PURSER_EVENT_LIMITS_CHANGED,
	PURSER_EVENT_STOP_REQUESTED,
	PURSER_EVENT_STOP_FORCED,
	PURSER_EVENT_EXITED,
	PURSER_EVENT_UNREGISTERED,
	PURSER_EVENT_RECORD_DROPPED,

	/* private: */
	__PURSER_EVENT_MAX,
	PURSER_EVENT_MAX = (__PURSER_EVENT_MAX - 1)
};

/**
 * enum purser_attr_container - a container, in requests and in records
 * @PURSER_A_CONTAINER_PAD: alignment of 64-bit attributes
 * @PURSER_A_CONTAINER_ID: u64, never given twice between two loads
 * @PURSER_A_CONTAINER_NAME: string, ``[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}``
 * @PURSER_A_CONTAINER_PID: u32, PID of its init
 * @PURSER_A_CONTAINER_PIDNS: u32, inode of the PID namespace that its init
 *	lives in
 * @PURSER_A_CONTAINER_STATE: u32, &enum purser_state
 * @PURSER_A_CONTAINER_REASON: u32, &enum purser_reason
 * @PURSER_A_CONTAINER_EXIT_CODE: u32, 0 to 255; only where init returned
 * @PURSER_A_CONTAINER_SIGNAL: u32; only where a signal ended init
 * @PURSER_A_CONTAINER_FORCED: flag, SIGKILL was needed to end a stop
 * @PURSER_A_CONTAINER_NO_HANDLER: flag, SIGKILL was sent at once since the
 *	signal of the stop could not have had any effect
 * @PURSER_A_CONTAINER_SOFT_LIMIT: u64, bytes, 0 = none
 * @PURSER_A_CONTAINER_HARD_LIMIT: u64, bytes, 0 = none
 * @PURSER_A_CONTAINER_RSS: u64, bytes, sum of the members' RSS, each address
 *	space counted once; 0 once it has ended
 * @PURSER_A_CONTAINER_USAGE: u64, bytes, what the limits are held against: pages
 *	that members took while they were in another memory cgroup, and for each
 *	kind of the other pages the smaller of their sum and of the number that the
 *	container's own memory cgroup holds; at most RSS, and RSS if it has no
 *	cgroup of its own
 * @PURSER_A_CONTAINER_PEAK: u64, bytes, highest usage seen
 * @PURSER_A_CONTAINER_PROCESSES: u32, member processes now alive
 * @PURSER_A_CONTAINER_CPU_TIME: u64, ns of CPU time of all members, also dead
 * @PURSER_A_CONTAINER_REGISTERED_AT: u64, time of registration
 * @PURSER_A_CONTAINER_STARTED_AT: u64, time of execve(); absent while starting
 * @PURSER_A_CONTAINER_EXITED_AT: u64, time of its end; absent before it
 * @PURSER_A_CONTAINER_SOFT_CROSSINGS: u64, how often the soft limit was reached
 * @PURSER_A_CONTAINER_COOKIE: binary, opaque to the kernel, at most
 *	%PURSER_COOKIE_MAX bytes; shown to holders of CAP_NET_ADMIN, absent from
 *	events
 * @PURSER_A_CONTAINER_STOP_SIGNAL: u32, request only, 1 to 64
 * @PURSER_A_CONTAINER_GRACE_MS: u32, request only, at most
 *	%PURSER_GRACE_MAX_MS; 0 sends SIGKILL at once
 * @PURSER_A_CONTAINER_KILLER: nest of &enum purser_attr_killer, who sent the
 *	signal that ended init; only where a signal did and its sender was seen
 * @PURSER_A_CONTAINER_OOM_SCOPE: u32, &enum purser_oom_scope; only where
 *	the OOM killer ended it
 * @PURSER_A_CONTAINER_PIDFD: u32, request only, a pidfd of the caller's for the
 *	process PID: with it a PID that was given to another process meanwhile
 *	is not registered
 * @PURSER_A_CONTAINER_CROSSED_BY: nest of &enum purser_attr_killer, the task
 *	whose page fault crossed the hard limit; only where one did
 * @PURSER_A_CONTAINER_FIFO: u32, request only, may be there more than once: a
 *	descriptor of the caller's, open on a FIFO; the record keeps it open
 *	until it is forgotten, or RELEASE_FIFOS
 * @PURSER_A_CONTAINER_RELEASE_FIFOS: flag, request only, the record keeps no
 *	FIFO open any more
 * @PURSER_A_CONTAINER_OUTSIDE: u32, member processes that are in another memory
 *	cgroup than the container's own; 0 if it has none of its own
 * @PURSER_A_CONTAINER_SOFT_HELD: u64, crossings of the soft limit that no event
 *	tells of, since there was one less than a second before
 */
enum purser_attr_container {
	PURSER_A_CONTAINER_UNSPEC,
	PURSER_A_CONTAINER_PAD,
	PURSER_A_CONTAINER_ID,
	PURSER_A_CONTAINER_NAME,
	PURSER_A_CONTAINER_PID,
	PURSER_A_CONTAINER_PIDNS,
	PURSER_A_CONTAINER_STATE,
	PURSER_A_CONTAINER_REASON,
	PURSER_A_CONTAINER_EXIT_CODE,
	PURSER_A_CONTAINER_SIGNAL,
	PURSER_A_CONTAINER_FORCED,
	PURSER_A_CONTAINER_NO_HANDLER,
	PURSER_A_CONTAINER_SOFT_LIMIT,
	PURSER_A_CONTAINER_HARD_LIMIT,
	PURSER_A_CONTAINER_RSS,
	PURSER_A_CONTAINER_USAGE,
	PURSER_A_CONTAINER_PEAK,
	PURSER_A_CONTAINER_PROCESSES,
	PURSER_A_CONTAINER_CPU_TIME,
	PURSER_A_CONTAINER_REGISTERED_AT,
	PURSER_A_CONTAINER_STARTED_AT,
	PURSER_A_CONTAINER_EXITED_AT,
	PURSER_A_CONTAINER_SOFT_CROSSINGS,
	PURSER_A_CONTAINER_COOKIE,
	PURSER_A_CONTAINER_STOP_SIGNAL,
	PURSER_A_CONTAINER_GRACE_MS,
	PURSER_A_CONTAINER_KILLER,
	PURSER_A_CONTAINER_OOM_SCOPE,
	PURSER_A_CONTAINER_PIDFD,
	PURSER_A_CONTAINER_CROSSED_BY,
	PURSER_A_CONTAINER_FIFO,
	PURSER_A_CONTAINER_RELEASE_FIFOS,
	PURSER_A_CONTAINER_OUTSIDE,
	PURSER_A_CONTAINER_SOFT_HELD,

	/* private: */
	__PURSER_A_CONTAINER_MAX,
	PURSER_A_CONTAINER_MAX = (__PURSER_A_CONTAINER_MAX - 1)
};

/**
 * enum purser_attr_killer - who sent a signal, or crossed a limit, as it was then
 * @PURSER_A_KILLER_PID: u32, 0 where the kernel made the signal by itself
 * @PURSER_A_KILLER_UID: u32, real user id, in the initial user namespace
 * @PURSER_A_KILLER_COMM: string, at most 15 bytes, any but NUL; "kernel" where
 *	PID is 0
 */
enum purser_attr_killer {
	PURSER_A_KILLER_UNSPEC,
	PURSER_A_KILLER_PID,
	PURSER_A_KILLER_UID,
	PURSER_A_KILLER_COMM,

	/* private: */
	__PURSER_A_KILLER_MAX,
	PURSER_A_KILLER_MAX = (__PURSER_A_KILLER_MAX - 1)
};

/**
 * enum purser_attr_event - one event
 * @PURSER_A_EVENT_PAD: alignment of 64-bit attributes
 * @PURSER_A_EVENT_SEQ: u64, 1, 2, 3 ... without gaps since the module's load
 * @PURSER_A_EVENT_TIME: u64, when it happened
 * @PURSER_A_EVENT_TYPE: u32, &enum purser_event_type
 * @PURSER_A_EVENT_CONTAINER: nest of &enum purser_attr_container, the record as
 *	it was then
 */
enum purser_attr_event {
	PURSER_A_EVENT_UNSPEC,
	PURSER_A_EVENT_PAD,
	PURSER_A_EVENT_SEQ,
	PURSER_A_EVENT_TIME,
	PURSER_A_EVENT_TYPE,
	PURSER_A_EVENT_CONTAINER,

	/* private: */
	__PURSER_A_EVENT_MAX,
	PURSER_A_EVENT_MAX = (__PURSER_A_EVENT_MAX - 1)
};

/**
 * enum purser_attr_info - the module as a whole
 * @PURSER_A_INFO_PAD: alignment of 64-bit attributes
 * @PURSER_A_INFO_LIVE: u32, containers that have not ended
 * @PURSER_A_INFO_ENDED: u32, records of ended containers
 * @PURSER_A_INFO_MEMBERS: u32, processes tracked
 * @PURSER_A_INFO_EVENTS: u64, events made, the number of the last one
 * @PURSER_A_INFO_EVENTS_DROPPED: u64, events that left the kernel's log before
 *	they could be sent to the group
 * @PURSER_A_INFO_KERNEL_VERSION: string
 * @PURSER_A_INFO_MODULE_VERSION: string
 * @PURSER_A_INFO_TRACEPOINT: string, one for each tracepoint now attached
 */
enum purser_attr_info {
	PURSER_A_INFO_UNSPEC,
	PURSER_A_INFO_PAD,
	PURSER_A_INFO_LIVE,
	PURSER_A_INFO_ENDED,
	PURSER_A_INFO_MEMBERS,
	PURSER_A_INFO_EVENTS,
	PURSER_A_INFO_EVENTS_DROPPED,
	PURSER_A_INFO_KERNEL_VERSION,
	PURSER_A_INFO_MODULE_VERSION,
	PURSER_A_INFO_TRACEPOINT,

	/* private: */
	__PURSER_A_INFO_MAX,
	PURSER_A_INFO_MAX = (__PURSER_A_INFO_MAX - 1)
};

#endif /* _UAPI_LINUX_PURSER_H */
