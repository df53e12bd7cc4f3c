// SPDX-License-Identifier: GPL-2.0
/* Making processes, see launching.h. */
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>

#include "base/report.h"
#include "console.h"
#include "launching.h"
#include "seccomp_cache.h"

void report_warnings(const struct warnings *warnings)
{
	for (size_t i = 0; i < warnings->n; i++)
		report_warning("%s", warnings->texts[i]);
}

int process_keep_fds(struct process_spec *process, unsigned int n, int **fds,
		     struct failure *failure)
{
	if (!n)
		return 0;
	*fds = calloc(n, sizeof(**fds));
	if (!*fds)
		return failed_errno(failure, -ENOMEM, "--preserve-fds");
	for (unsigned int i = 0; i < n; i++) {
		(*fds)[i] = (int)(3 + i);
		if (fcntl((*fds)[i], F_GETFD) < 0)
			return failed(
				failure, EXIT_FAILED,
				"--preserve-fds %u: descriptor %u is not open",
				n, 3 + i);
	}
	process->fds = *fds;
	process->n_fds = n;
	return 0;
}

int process_set_filter(struct process_spec *process,
		       const struct oci_config *config, int states,
		       struct seccomp_program *program, struct failure *failure)
{
	if (!config->seccomp)
		return 0;
	if (seccomp_cached(program, config->seccomp, states, failure))
		return -1;
	process->filter = program->filter.len ? &program->filter : NULL;
	process->filter_flags = program->flags;
	return 0;
}

const int *process_stdio(const struct process_spec *process)
{
	static const int none[] = { -1, -1, -1 }, ours[] = { 0, 1, 2 };

	return process->terminal ? none : ours;
}

int launch_wait(struct launch *launch, struct failure *failure)
{
	struct pollfd p = { .fd = launch->sync_fd, .events = POLLIN };
	int r;

	while (!(r = launch_result(launch, failure))) {
		if (launch->notify_fd >= 0)
			return LAUNCH_NO_NEWS;
		if (poll(&p, 1, -1) < 0 && errno != EINTR)
			return failed_errno(failure, -errno,
					    "waiting for the process");
	}
	return r;
}

int launch_hand_over(const struct launch *launch, const struct oci_options *o,
		     struct failure *failure)
{
	if (o->console_socket &&
	    socket_send_fd(o->console_socket, launch->terminal_fd, "/dev/ptmx",
			   failure))
		return -1;
	if (o->pidfd_socket &&
	    socket_send_fd(o->pidfd_socket, launch->pidfd, "pidfd", failure))
		return -1;
	return o->pid_file ? pid_file_write(o->pid_file, launch->pid, failure) :
			     0;
}
