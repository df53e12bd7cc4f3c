/* SPDX-License-Identifier: GPL-2.0 */
/* Processes of this machine, and which of them are the parents of others. */
#ifndef PURSERCTL_PROCESSES_H
#define PURSERCTL_PROCESSES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* The kernel prints longer names for its own threads. */
#define PROCESS_COMM_LEN 64

/** struct process - a process, from /proc/PID/stat */
struct process {
	pid_t pid;
	pid_t parent;
	uint64_t started; /* in clock ticks since the boot */
	char comm[PROCESS_COMM_LEN + 1];
};

/** struct processes - a list of them; starts as zero, for processes_free() */
struct processes {
	struct process *all;
	size_t n, room;
};

/** process_parse() - read the text of /proc/PID/stat; 0, -EINVAL, or -ESRCH: a zombie */
int process_parse(const char *text, struct process *process);

/** process_read() - 0 or a negative errno; -ESRCH: it has ended */
int process_read(pid_t pid, struct process *process);

/**
 * process_open() - open a pidfd of the process that @process was read from
 * Returns a descriptor or a negative errno; -ESRCH: that process has ended, even if another
 * one has its PID now.
 */
int process_open(const struct process *process);

/**
 * processes_share() - tell whether an entry of /proc/PID leads to the same for both
 * @entry: such as "exe", the program that they run, or "ns/pid"
 */
bool processes_share(pid_t a, pid_t b, const char *entry);

/** processes_add() - 0 or -ENOMEM */
int processes_add(struct processes *to, const struct process *process);

/** processes_add_pid() - read it and add it; one that has ended is left out */
int processes_add_pid(struct processes *to, pid_t pid);

/** processes_find() - add all processes of that name; the kernel keeps 15 bytes of it */
int processes_find(struct processes *to, const char *comm);

/** processes_keep_roots() - remove those whose parent is in the list, too */
void processes_keep_roots(struct processes *processes);

void processes_free(struct processes *processes);

#endif /* PURSERCTL_PROCESSES_H */
