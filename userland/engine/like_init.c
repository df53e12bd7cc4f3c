// SPDX-License-Identifier: GPL-2.0
/* What a container's init has, see like_init.h. */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/parse.h"
#include "like_init.h"
#include "supervisor/filter.h"
#include "supervisor/policy.h"

/* More CPUs than any kernel has. */
#define CPUS_MAX 8192

/** struct status - the lines of /proc/PID/status that are used */
struct status {
	uint64_t bounding;
	int no_new_privs;
	int seccomp;
	int found; /* of these three */
};

static void read_line(const char *line, struct status *s)
{
	s->found += sscanf(line, "CapBnd:\t%" SCNx64, &s->bounding) == 1;
	s->found += sscanf(line, "NoNewPrivs:\t%d", &s->no_new_privs) == 1;
	s->found += sscanf(line, "Seccomp:\t%d", &s->seccomp) == 1;
}

static int read_status(pid_t pid, struct status *s)
{
	FILE *f __cleanup_fclose = NULL;
	char path[40], line[256];

	*s = (struct status){ 0 };
	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	if (!f)
		return errno == ENOENT ? -ESRCH : -errno;
	while (fgets(line, sizeof(line), f))
		read_line(line, s);
	return s->found == 3 ? 0 : -ESRCH;
}

static int read_rlimits(struct like_init *like, struct process_spec *process,
			pid_t pid)
{
	for (int i = 0; i < RLIM_NLIMITS; i++) {
		like->rlimits[i].resource = i;
		if (prlimit(pid, i, NULL, &like->rlimits[i].limit) < 0)
			return -errno;
	}
	process->rlimits = like->rlimits;
	process->n_rlimits = RLIM_NLIMITS;
	return 0;
}

static int read_oom_score_adj(struct process_spec *process, pid_t pid)
{
	char path[40], text[16];
	ssize_t len;

	snprintf(path, sizeof(path), "/proc/%d/oom_score_adj", pid);
	len = file_read(AT_FDCWD, path, text, sizeof(text));
	if (len < 0)
		return len == -ENOENT ? -ESRCH : (int)len;
	process->has_oom_score_adj = true;
	return parse_int(text, -1000, 1000, &process->oom_score_adj);
}

static int read_scheduling(struct like_init *like, struct process_spec *process,
			   pid_t pid)
{
	errno = 0;
	process->nice = getpriority(PRIO_PROCESS, pid);
	if (errno)
		return -errno;
	process->has_nice = true;
	process->cpus_size = CPU_ALLOC_SIZE(CPUS_MAX);
	like->cpus = CPU_ALLOC(CPUS_MAX);
	if (!like->cpus)
		return -ENOMEM;
	if (sched_getaffinity(pid, process->cpus_size, like->cpus) < 0)
		return -errno;
	process->cpus = like->cpus;
	return 0;
}

static int read_all(struct like_init *like, struct process_spec *process,
		    pid_t pid, struct status *status)
{
	int err = read_status(pid, status);

	if (!err)
		err = read_rlimits(like, process, pid);
	if (!err)
		err = read_oom_score_adj(process, pid);
	if (!err)
		err = read_scheduling(like, process, pid);
	return err;
}

int like_init_read(struct like_init *like, struct process_spec *process,
		   pid_t pid, struct failure *failure)
{
	struct status status;
	int err;

	like->cpus = NULL;
	/* Nothing comes from our own caller. */
	policy_reset_inherited(process);
	err = read_all(like, process, pid, &status);
	if (err == -ESRCH)
		return failed(failure, EXIT_ENGINE, "it has ended");
	if (err)
		return failed_errno(failure, err,
				    "reading the privileges of process %d",
				    pid);
	policy_set_capabilities(process, status.bounding);
	process->no_new_privs = status.no_new_privs;
	if (!status.seccomp)
		return 0;
	process->filter = policy_filter(failure);
	return process->filter ? 0 : -1;
}

void like_init_free(struct like_init *like)
{
	if (like->cpus)
		CPU_FREE(like->cpus);
	like->cpus = NULL;
}
