/* SPDX-License-Identifier: GPL-2.0 WITH Linux-syscall-note */
/*
 * Generic-netlink interface of the Purser container table.
 *
 * There is one family, "purser", in the initial network namespace only.
 * Documentation/netlink/specs/purser.yaml specifies its commands and attributes. The
 * names there are the names of this file in lower case, with dashes.
 *
 * Sizes are in bytes, times in nanoseconds. Times are read from CLOCK_BOOTTIME unless
 * stated otherwise. PIDs are those of the initial PID namespace, except for
 * PURSER_A_CONTAINER_PID in a request, which is a PID in the caller's PID namespace.
 */
#ifndef _UAPI_LINUX_PURSER_H
#define _UAPI_LINUX_PURSER_H

#define PURSER_FAMILY_NAME    "purser"
#define PURSER_FAMILY_VERSION 1

#define PURSER_MCGRP_EVENTS "events"

/* Greatest length of a container's name, without the terminating NUL. */
#define PURSER_NAME_MAX 127
/* Greatest length of a cookie, in bytes. */
#define PURSER_COOKIE_MAX 1024
/* Greatest grace period of a stop, in milliseconds: one day. */
#define PURSER_GRACE_MAX_MS 86400000
/* Greatest number of FIFOs that one record keeps open. */
#define PURSER_FIFOS_MAX 4

/**
 * enum purser_cmd - commands of the family
 * @PURSER_CMD_REGISTER: register a running process as the init of a container.
 *	Needs NAME and PID; takes PIDFD, SOFT_LIMIT, HARD_LIMIT, COOKIE and up to
 *	%PURSER_FIFOS_MAX times FIFO. Replies with ID. Needs CAP_NET_ADMIN.
 *	A process that is in the PID namespace of a container is moved from that
 *	container to the new one, if a process outside all containers forked it
 *	into the namespace and it has not called execve() yet.
 *	Errors: EEXIST (a live container has this name, or the process is in a
 *	container already and cannot be moved), ESRCH (no such process, or the process of PIDFD is
 *	dead), EBADF (PIDFD is not a pidfd, or FIFO is not an open descriptor),
 *	EINVAL (illegal name, hard limit below soft limit, FIFO is not a FIFO),
 *	E2BIG (too many FIFO attributes).
 * @PURSER_CMD_UNREGISTER: by ID, NAME or PID: stop monitoring a live container,
 *	which goes on running, or forget an ended one. Needs CAP_NET_ADMIN.
 * @PURSER_CMD_GET: do: one record by ID, NAME or PID. dump: all records in the
 *	order of their ids; if STATE is given, only the records in that state.
 * @PURSER_CMD_SET: by ID, NAME or PID: change SOFT_LIMIT, HARD_LIMIT or both of
 *	a live container; RELEASE_FIFOS works on an ended one too. Needs
 *	CAP_NET_ADMIN.
 * @PURSER_CMD_STOP: by ID, NAME or PID: end a container with STOP_SIGNAL
 *	(default SIGTERM), and with SIGKILL after GRACE_MS (default 10000). Needs
 *	CAP_NET_ADMIN. Errors: EALREADY (the container is being stopped, is being
 *	killed or is ending already; the module does not send the signal and does
 *	not change the cause, but it sends SIGKILL to every member after
 *	GRACE_MS), ESRCH (the container has ended). With NO_FORCE instead of
 *	GRACE_MS the command sends STOP_SIGNAL and nothing else: the module never
 *	sends SIGKILL for this request, and it does not check whether the signal
 *	has an effect. It sends the signal even if the container is being stopped
 *	or killed already, and succeeds. A later request without NO_FORCE can
 *	still force the end. EINVAL (both NO_FORCE and GRACE_MS are given).
 * @PURSER_CMD_EVENT_GET: dump: the events after number PURSER_A_EVENT_SEQ
 *	(default 0) that the kernel still holds, oldest first; attributes of
 *	&enum purser_attr_event. Needs CAP_NET_ADMIN.
 * @PURSER_CMD_INFO: counters and versions; attributes of
 *	&enum purser_attr_info.
 * @PURSER_CMD_EVENT: notification to the multicast group "events", not a reply
 *	to a request; attributes of &enum purser_attr_event.
 *
 * A request by ID, NAME or PID takes exactly one of the three. NAME selects the live
 * container of that name or, if there is none, the one that ended last. A request fails
 * with ENOENT if there is no such container.
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
 * enum purser_state - the state of a container
 * @PURSER_STATE_STARTING: registered; its init is the first process of a PID
 *	namespace, or was forked into that of another container, and has not called
 *	execve() yet
 * @PURSER_STATE_RUNNING: its init runs a program
 * @PURSER_STATE_STOPPING: a stop was requested
 * @PURSER_STATE_KILLING: the module has sent SIGKILL because of the hard limit
 * @PURSER_STATE_EXITED: its init is dead or, if the container has no PID namespace
 *	of its own, its last member is dead; the record stays until it is forgotten
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
 * @PURSER_REASON_NONE: the container has not ended
 * @PURSER_REASON_EXITED: its init exited by itself; see EXIT_CODE
 * @PURSER_REASON_STOPPED: a stop was requested first; FORCED is set if SIGKILL was
 *	needed; EXIT_CODE or SIGNAL says how init ended
 * @PURSER_REASON_HARD_LIMIT_KILLED: the module killed it because of the hard limit
 * @PURSER_REASON_KILLED: another fatal signal ended it; see SIGNAL and KILLER
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
 * enum purser_oom_scope - where memory was short when the OOM killer ran
 * @PURSER_OOM_SCOPE_GLOBAL: on the whole machine
 * @PURSER_OOM_SCOPE_CGROUP: in a memory cgroup that the container's init is in
 */
enum purser_oom_scope {
	PURSER_OOM_SCOPE_GLOBAL = 1,
	PURSER_OOM_SCOPE_CGROUP,

	/* private: */
	__PURSER_OOM_SCOPE_MAX,
	PURSER_OOM_SCOPE_MAX = (__PURSER_OOM_SCOPE_MAX - 1)
};

/**
 * enum purser_event_type - what happened to a container
 * @PURSER_EVENT_REGISTERED: it was entered in the table
 * @PURSER_EVENT_STARTED: its init called execve()
 * @PURSER_EVENT_SOFT_LIMIT: usage reached the soft limit; a container has at most
 *	one event a second of this type and SOFT_CLEAR together
 * @PURSER_EVENT_SOFT_CLEAR: usage fell below 7/8 of the soft limit again
 * @PURSER_EVENT_HARD_LIMIT: usage exceeded the hard limit; the module sent SIGKILL
 * @PURSER_EVENT_LIMITS_CHANGED: %PURSER_CMD_SET changed its limits
 * @PURSER_EVENT_STOP_REQUESTED: %PURSER_CMD_STOP made a stop the cause of its end
 * @PURSER_EVENT_STOP_FORCED: the module sent SIGKILL to end a stop
 * @PURSER_EVENT_EXITED: it has ended; state, reason and status are final
 * @PURSER_EVENT_UNREGISTERED: %PURSER_CMD_UNREGISTER removed its record
 * @PURSER_EVENT_RECORD_DROPPED: there were too many ended records, and this was the
 *	oldest
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
 * enum purser_attr_container - attributes of a container, in requests and records
 * @PURSER_A_CONTAINER_PAD: alignment of 64-bit attributes
 * @PURSER_A_CONTAINER_ID: u64, unique while the module is loaded
 * @PURSER_A_CONTAINER_NAME: string, ``[A-Za-z0-9][A-Za-z0-9_.+-]{0,126}``
 * @PURSER_A_CONTAINER_PID: u32, PID of its init
 * @PURSER_A_CONTAINER_PIDNS: u32, inode number of the PID namespace of its init
 * @PURSER_A_CONTAINER_STATE: u32, &enum purser_state
 * @PURSER_A_CONTAINER_REASON: u32, &enum purser_reason
 * @PURSER_A_CONTAINER_EXIT_CODE: u32, 0 to 255; present if init exited by itself
 * @PURSER_A_CONTAINER_SIGNAL: u32; present if a signal ended init
 * @PURSER_A_CONTAINER_FORCED: flag, SIGKILL was needed to end a stop
 * @PURSER_A_CONTAINER_NO_HANDLER: flag, the module sent SIGKILL at once, because
 *	the signal of the stop would have had no effect
 * @PURSER_A_CONTAINER_SOFT_LIMIT: u64, bytes, 0 = none
 * @PURSER_A_CONTAINER_HARD_LIMIT: u64, bytes, 0 = none
 * @PURSER_A_CONTAINER_RSS: u64, bytes, sum of the members' RSS, each address
 *	space counted once; 0 once it has ended
 * @PURSER_A_CONTAINER_USAGE: u64, bytes, the figure that is compared with the
 *	limits. It is the sum of two parts: the pages that members took while
 *	they were in another memory cgroup; and, for each kind of the other pages,
 *	the smaller of their sum and of the number of pages that the container's
 *	own memory cgroup holds. It is never above RSS. It equals RSS if the
 *	container has no cgroup of its own
 * @PURSER_A_CONTAINER_PEAK: u64, bytes, highest usage so far
 * @PURSER_A_CONTAINER_PROCESSES: u32, number of member processes alive now; 0 once
 *	it has ended, also while the kernel still kills the rest of its pid namespace
 * @PURSER_A_CONTAINER_CPU_TIME: u64, ns of CPU time of all members, including
 *	dead ones
 * @PURSER_A_CONTAINER_REGISTERED_AT: u64, time of registration
 * @PURSER_A_CONTAINER_STARTED_AT: u64, time of execve(); absent while starting
 * @PURSER_A_CONTAINER_EXITED_AT: u64, time of its end; absent before the end
 * @PURSER_A_CONTAINER_SOFT_CROSSINGS: u64, how often usage reached the soft limit
 * @PURSER_A_CONTAINER_COOKIE: binary, at most %PURSER_COOKIE_MAX bytes that the
 *	kernel does not interpret; replies contain it if the caller has
 *	CAP_NET_ADMIN; events never contain it
 * @PURSER_A_CONTAINER_STOP_SIGNAL: u32, request only, 1 to 64
 * @PURSER_A_CONTAINER_GRACE_MS: u32, request only, at most
 *	%PURSER_GRACE_MAX_MS; 0 sends SIGKILL at once
 * @PURSER_A_CONTAINER_KILLER: nest of &enum purser_attr_killer, the sender of the
 *	signal that ended init; present if a signal ended init and the module has
 *	seen its sender
 * @PURSER_A_CONTAINER_OOM_SCOPE: u32, &enum purser_oom_scope; present if the OOM
 *	killer ended the container
 * @PURSER_A_CONTAINER_PIDFD: u32, request only, a pidfd of the caller for the
 *	process PID; it prevents that another process is registered which has got
 *	the PID meanwhile
 * @PURSER_A_CONTAINER_CROSSED_BY: nest of &enum purser_attr_killer, the task
 *	whose page fault crossed the hard limit; present if a page fault did
 * @PURSER_A_CONTAINER_FIFO: u32, request only, may occur more than once: a
 *	descriptor of the caller, open on a FIFO; the record keeps the FIFO open
 *	until the record is forgotten or RELEASE_FIFOS is requested
 * @PURSER_A_CONTAINER_RELEASE_FIFOS: flag, request only, closes the FIFOs that the
 *	record keeps open
 * @PURSER_A_CONTAINER_OUTSIDE: u32, number of member processes in a memory cgroup
 *	other than the container's own; 0 if it has no cgroup of its own
 * @PURSER_A_CONTAINER_SOFT_HELD: u64, number of crossings of the soft limit
 *	without an event, because another event came less than a second before
 * @PURSER_A_CONTAINER_NO_FORCE: flag, request only: send the signal of a stop without
 *	a grace period, and never SIGKILL in its place; not together with GRACE_MS
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
	PURSER_A_CONTAINER_NO_FORCE,

	/* private: */
	__PURSER_A_CONTAINER_MAX,
	PURSER_A_CONTAINER_MAX = (__PURSER_A_CONTAINER_MAX - 1)
};

/**
 * enum purser_attr_killer - the sender of a signal, or the task that crossed a limit,
 *	as it was at that moment
 * @PURSER_A_KILLER_PID: u32, 0 if the kernel sent the signal by itself
 * @PURSER_A_KILLER_UID: u32, real user id, in the initial user namespace
 * @PURSER_A_KILLER_COMM: string, at most 15 bytes of any value but NUL; "kernel" if
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
 * enum purser_attr_event - attributes of one event
 * @PURSER_A_EVENT_PAD: alignment of 64-bit attributes
 * @PURSER_A_EVENT_SEQ: u64, 1, 2, 3 ... without gaps since the module was loaded
 * @PURSER_A_EVENT_TIME: u64, the time at which it happened
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
 * enum purser_attr_info - attributes of the module as a whole
 * @PURSER_A_INFO_PAD: alignment of 64-bit attributes
 * @PURSER_A_INFO_LIVE: u32, containers that have not ended
 * @PURSER_A_INFO_ENDED: u32, records of ended containers
 * @PURSER_A_INFO_MEMBERS: u32, member processes of all containers
 * @PURSER_A_INFO_EVENTS: u64, number of events so far: the number of the last one
 * @PURSER_A_INFO_EVENTS_DROPPED: u64, number of events that could not be sent to the
 *	group, because they had left the event log or memory was short
 * @PURSER_A_INFO_KERNEL_VERSION: string
 * @PURSER_A_INFO_MODULE_VERSION: string
 * @PURSER_A_INFO_TRACEPOINT: string, one for each tracepoint attached now
 * @PURSER_A_INFO_END: nest of &enum purser_attr_end, one for each reason: the number of
 *	containers that have ended for it so far
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
	PURSER_A_INFO_END,

	/* private: */
	__PURSER_A_INFO_MAX,
	PURSER_A_INFO_MAX = (__PURSER_A_INFO_MAX - 1)
};

/**
 * enum purser_attr_end - how many containers have ended for one reason
 * @PURSER_A_END_PAD: alignment of 64-bit attributes
 * @PURSER_A_END_REASON: u32, &enum purser_reason
 * @PURSER_A_END_COUNT: u64, since the module was loaded. It never decreases: it counts
 *	an end when it happens, whatever becomes of the record
 */
enum purser_attr_end {
	PURSER_A_END_UNSPEC,
	PURSER_A_END_PAD,
	PURSER_A_END_REASON,
	PURSER_A_END_COUNT,

	/* private: */
	__PURSER_A_END_MAX,
	PURSER_A_END_MAX = (__PURSER_A_END_MAX - 1)
};

#endif /* _UAPI_LINUX_PURSER_H */
