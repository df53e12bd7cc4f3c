// SPDX-License-Identifier: GPL-2.0
/* The text and the exit code of a launch that failed. */
#include <errno.h>
#include <string.h>

#include "plan.h"

int no_memory(struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot launch: %s",
		      strerror(ENOMEM));
}

int launch_exit_code(uint32_t stage, int error)
{
	if (stage == STAGE_INTERPRETER)
		return EXIT_NOT_EXECUTABLE;
	if (stage == STAGE_COMMAND)
		return error == -ENOENT || error == -ENOTDIR ?
			       EXIT_NOT_FOUND :
			       EXIT_NOT_EXECUTABLE;
	return EXIT_ENGINE;
}

static int explain_command(const struct launch_report *report,
			   struct failure *failure)
{
	int code = launch_exit_code(report->stage, report->error);
	const char *why = strerror(-report->error);

	if (report->stage == STAGE_INTERPRETER)
		why = "its interpreter is missing in the container's root";
	else if (code == EXIT_NOT_FOUND)
		why = "executable file not found in the container's root";
	else if (report->error == -EACCES)
		why = "permission denied"; /* docker looks for lower case */
	else if (report->error == -ENOEXEC)
		why = "not a format that this kernel runs (a script without a \"#!\" line?)";
	return failed(failure, code, "cannot run \"%s\": %s", report->command,
		      why);
}

static int explain_mount(const struct launch_plan *plan,
			 const struct launch_report *report,
			 struct failure *failure)
{
	const struct mount_spec *mount = &plan->spec->mounts[report->index];
	const char *why = strerror(-report->error);

	if (report->error == -ELOOP)
		why = "a symbolic link is on the way to it";
	if (report->error == -EXDEV && mount->no_crossing)
		why = "a symbolic link on the way to it leads into another mount";
	if (report->error == -ESTALE)
		why = "a folder on the way to it was exchanged meanwhile";
	return failed(failure, EXIT_ENGINE,
		      "cannot mount %s on \"%s\" in the container: %s",
		      mount->type ? mount->type : "a folder of the host",
		      QUOTE(mount->target), why);
}

/* What is known of the stages that need no name. */
static const char *const whats[] = {
	[STAGE_JOIN] = "join its namespaces",
	[STAGE_PROCESS] = "make a process in its namespaces",
	[STAGE_STDIO] = "take over its stdin, stdout and stderr",
	[STAGE_INHERITED] = "reset its securebits",
	[STAGE_CLOCKS] = "set the clocks of its time namespace",
	[STAGE_ROOT_USER] = "become root of its user namespace",
	[STAGE_SESSION] = "make a session of its own",
	[STAGE_PERSONALITY] = "set its personality",
	[STAGE_LOOPBACK] = "bring up its loopback interface",
	[STAGE_PRIVATE] = "part its mounts from the host's",
	[STAGE_SCAFFOLD] = "make a place to put its root together",
	[STAGE_TERMINAL] = "make its terminal",
	[STAGE_PAUSE] = "mount its root at its path for hooks",
	[STAGE_PIVOT] = "make its root the root",
	[STAGE_CWD] = "enter its working folder",
	[STAGE_GATE] = "wait for its start",
	[STAGE_LIMITS] = "set its limits of resources",
	[STAGE_USER] = "become its user",
	[STAGE_PRIVILEGES] = "drop its privileges",
	[STAGE_FILTER] = "install its seccomp filter",
};

int launch_explain_late(const struct launch_report *report,
			struct failure *failure)
{
	const size_t n = sizeof(whats) / sizeof(whats[0]);
	const char *what = report->stage < n ? whats[report->stage] : NULL;

	if (report->stage == STAGE_COMMAND ||
	    report->stage == STAGE_INTERPRETER)
		return explain_command(report, failure);
	if (report->stage == STAGE_NONE)
		return failed(
			failure, EXIT_ENGINE,
			"cannot run \"%s\": the process was killed before it came to that",
			report->command);
	return failed(failure, EXIT_ENGINE,
		      "cannot launch \"%s\": cannot %s: %s", report->id,
		      what ? what : "set it up", strerror(-report->error));
}

/* In a new container, with the names that its spec has. */
static int explain_making(const struct launch_plan *plan,
			  const struct launch_report *report,
			  struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	const char *why = strerror(-report->error);
	const uint32_t i = report->index;

	switch (report->stage) {
	case STAGE_HOSTNAME:
		return failed(failure, EXIT_ENGINE,
			      "cannot set the hostname \"%s\": %s",
			      QUOTE(spec->hostname), why);
	case STAGE_DOMAINNAME:
		return failed(failure, EXIT_ENGINE,
			      "cannot set the domain name \"%s\": %s",
			      QUOTE(spec->domainname), why);
	case STAGE_SYSCTL:
		return failed(failure, EXIT_ENGINE,
			      "cannot set the sysctl \"%s\" to \"%s\": %s",
			      QUOTE(spec->sysctls[i].key),
			      QUOTE(spec->sysctls[i].value), why);
	case STAGE_ROOT:
		return failed(failure, EXIT_ENGINE,
			      "cannot use the folder \"%s\" as a root: %s",
			      QUOTE(spec->root.path), why);
	case STAGE_MOUNT:
		return explain_mount(plan, report, failure);
	case STAGE_COPY_UP:
		return failed(
			failure, EXIT_ENGINE,
			"cannot copy what \"%s\" holds in the container: %s",
			QUOTE(spec->mounts[i].target), why);
	case STAGE_DEVICE:
		return failed(
			failure, EXIT_ENGINE,
			"cannot make the device \"%s\" in the container: %s",
			QUOTE(spec->devices[i].path), why);
	case STAGE_LINK:
		return failed(
			failure, EXIT_ENGINE,
			"cannot make the link \"%s\" in the container: %s",
			QUOTE(spec->links[i].path), why);
	case STAGE_MASK:
		return failed(failure, EXIT_ENGINE,
			      "cannot protect \"%s\" in the container: %s",
			      i < spec->n_masks ? QUOTE(spec->masks[i].path) :
						  "/proc",
			      why);
	}
	return launch_explain_late(report, failure);
}

static int explain_label(const struct process_spec *p, int error,
			 struct failure *failure)
{
	const char *why = strerror(-error);

	if (error == -ENOENT || error == -EINVAL)
		why = "the kernel does not know it, or has no such module in force";
	return failed(failure, EXIT_ENGINE,
		      "cannot set the %s label \"%s\": %s",
		      p->apparmor ? "AppArmor" : "SELinux",
		      QUOTE(p->apparmor ? p->apparmor : p->selinux), why);
}

static int explain_lookup(const struct process_spec *p,
			  const struct launch_report *report,
			  struct failure *failure)
{
	const char *file = report->index ? "/etc/group" : "/etc/passwd";

	if (report->error == -ESRCH)
		return failed(
			failure, EXIT_ENGINE,
			"cannot run as user \"%s\": there is no such %s in the container's %s",
			QUOTE(p->user), report->index ? "group" : "user", file);
	return failed(
		failure, EXIT_ENGINE,
		"cannot run as user \"%s\": cannot read the container's %s: %s",
		QUOTE(p->user), file, strerror(-report->error));
}

int launch_explain(const struct launch_plan *plan, struct failure *failure)
{
	const struct process_spec *p = plan->process;
	const struct launch_report *report = plan->report;

	if (report->stage == STAGE_LABEL)
		return explain_label(p, report->error, failure);
	if (report->stage == STAGE_LOOKUP)
		return explain_lookup(p, report, failure);
	if (report->stage == STAGE_CWD && p->cwd)
		return failed(
			failure, EXIT_ENGINE,
			"cannot enter the working folder \"%s\" in the container's root: %s",
			QUOTE(p->cwd), strerror(-report->error));
	if (plan->spec)
		return explain_making(plan, report, failure);
	return launch_explain_late(report, failure);
}
