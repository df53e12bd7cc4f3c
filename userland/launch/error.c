// SPDX-License-Identifier: GPL-2.0
/* The text and the exit code of a launch that failed. */
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "plan.h"

const char *launch_quote(struct quoted *q, const char *name)
{
	const size_t room = sizeof(q->text) - sizeof("...");
	size_t n = 0;

	for (; *name; name++) {
		unsigned char c = *name;
		bool plain = c >= ' ' && c != 0x7f;

		if (n + (plain ? 1 : 4) > room) {
			memcpy(q->text + n, "...", sizeof("..."));
			return q->text;
		}
		if (plain)
			q->text[n++] = (char)c;
		else
			n += (size_t)snprintf(q->text + n, 5, "\\x%02x", c);
	}
	q->text[n] = '\0';
	return q->text;
}

int no_memory(struct failure *failure)
{
	return failed(failure, EXIT_ENGINE, "cannot launch: %s",
		      strerror(ENOMEM));
}

int launch_exit_code(enum launch_stage stage, int error)
{
	if (stage == STAGE_INTERPRETER)
		return 126;
	if (stage == STAGE_COMMAND)
		return error == -ENOENT || error == -ENOTDIR ? 127 : 126;
	return 125;
}

static int explain_command(const struct container_spec *spec, int error,
			   struct failure *failure)
{
	int code = launch_exit_code(STAGE_COMMAND, error);
	const char *why = strerror(-error);

	if (code == 127)
		why = "no such file in the container's root";
	else if (error == -ENOEXEC)
		why = "not a format that this kernel runs (a script without a \"#!\" line?)";
	return failed(failure, code, "cannot run \"%s\": %s",
		      QUOTE(spec->argv[0]), why);
}

static int explain_root(const struct container_spec *spec, int error,
			struct failure *failure)
{
	const char *hint = "";

	if (!spec->overlay_lower)
		return failed(failure, EXIT_ENGINE,
			      "cannot use the folder \"%s\" as a root: %s",
			      QUOTE(spec->rootfs), strerror(-error));
	if (error == -EINVAL)
		hint = " (can the file system of the state folder be the upper one?)";
	return failed(failure, EXIT_ENGINE,
		      "cannot mount an overlay of \"%s\" in \"%s\": %s%s",
		      QUOTE(spec->overlay_lower), QUOTE(spec->state_dir),
		      strerror(-error), hint);
}

static int explain_mount(const struct launch_plan *plan,
			 const struct launch_message *m,
			 struct failure *failure)
{
	const struct mount_spec *mount = &plan->spec->mounts[m->index];
	const char *why = strerror(-m->error);

	if (m->stage == STAGE_SOURCE)
		return failed(failure, EXIT_ENGINE,
			      "cannot bind \"%s\" to \"%s\": %s",
			      QUOTE(mount->source), QUOTE(mount->target), why);
	if (m->error == -ELOOP)
		why = "a symbolic link is on the way to it";
	if (m->error == -ESTALE)
		why = "a folder on the way to it was exchanged meanwhile";
	return failed(failure, EXIT_ENGINE,
		      "cannot mount %s on \"%s\" in the container: %s",
		      mount->type ? mount->type : "a folder of the host",
		      QUOTE(mount->target), why);
}

int launch_explain(const struct launch_plan *plan,
		   const struct launch_message *m, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	const char *why = strerror(-m->error);
	const char *what = "set it up";

	switch ((enum launch_stage)m->stage) {
	case STAGE_COMMAND:
		return explain_command(spec, m->error, failure);
	case STAGE_INTERPRETER:
		return failed(
			failure, EXIT_NOT_EXECUTABLE,
			"cannot run \"%s\": its interpreter is missing in the container's root",
			QUOTE(spec->argv[0]));
	case STAGE_ROOT:
		return explain_root(spec, m->error, failure);
	case STAGE_SOURCE:
	case STAGE_MOUNT:
		return explain_mount(plan, m, failure);
	case STAGE_CWD:
		return failed(
			failure, EXIT_ENGINE,
			"cannot enter the working folder \"%s\" in the container's root: %s",
			QUOTE(spec->cwd), why);
	case STAGE_MASKS:
		return failed(failure, EXIT_ENGINE,
			      "cannot protect \"%s\" in the container: %s",
			      mask_path(m->index), why);
	case STAGE_HOSTNAME:
		return failed(failure, EXIT_ENGINE,
			      "cannot set the hostname \"%s\": %s",
			      QUOTE(spec->id), why);
	case STAGE_STDIO:
		what = "take over its stdin, stdout and stderr";
		break;
	case STAGE_SESSION:
		what = "make a session of its own";
		break;
	case STAGE_LIMITS:
		what = "set its limits of resources";
		break;
	case STAGE_OOM_SCORE:
		what = "set its oom_score_adj";
		break;
	case STAGE_LOOPBACK:
		what = "bring up its loopback interface";
		break;
	case STAGE_PRIVATE:
		what = "part its mounts from the host's";
		break;
	case STAGE_SCAFFOLD:
		what = "make a place to put its root together";
		break;
	case STAGE_PIVOT:
		what = "make its root the root";
		break;
	case STAGE_DEVICES:
		what = "fill its /dev";
		break;
	case STAGE_NICE:
		what = "set its nice value";
		break;
	case STAGE_CPUS:
		what = "bind it to the CPUs asked for";
		break;
	case STAGE_PRIVILEGES:
		what = "drop its privileges";
		break;
	case STAGE_READY:
		break;
	}
	return failed(failure, EXIT_ENGINE,
		      "cannot launch \"%s\": cannot %s: %s", QUOTE(spec->id),
		      what, why);
}
