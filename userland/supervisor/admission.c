// SPDX-License-Identifier: GPL-2.0
/* What must hold before a container is made, see admission.h. */
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "admission.h"
#include "base/cleanup.h"
#include "cookie.h"
#include "neighbours.h"
#include "base/report.h"
#include "root.h"
#include "supervisor.h"

bool refuse(struct failure *error, int code, const char *fmt, ...)
{
	va_list ap;

	error->code = code;
	va_start(ap, fmt);
	vsnprintf(error->text, sizeof(error->text), fmt, ap);
	va_end(ap);
	return false;
}

static const char *what_it_does(const struct container *c)
{
	if (c->phase == PHASE_LAUNCHING)
		return "starting";
	if (c->phase == PHASE_FAILED)
		return "being removed";
	if (c->final || !c->pid)
		return "ending";
	return purser_state_name(c->live_state);
}

/* The id must not be that of a live container, of ours or of anybody's. */
static bool check_id(struct admission *a)
{
	struct kernel *kernel = &a->supervisor->kernel;
	const char *id = a->request->id;
	struct purser_ref ref = { .name = id };
	struct purser_container record;
	struct container *c;
	int err;

	c = registry_name(&a->supervisor->registry, id);
	if (c && c->phase != PHASE_ENDED)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\" is still %s", id,
			      what_it_does(c));
	if (c)
		return true;

	err = purser_get(kernel->commands, &ref, &record);
	if (err == -ENOENT)
		return true;
	if (err)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": looking for its id: %s", id,
			      purser_last_error(kernel->commands));
	if (record.state != PURSER_STATE_EXITED)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\" is still %s as pid %d, and not this supervisor's",
			id, purser_state_name(record.state), record.pid);
	return true;
}

static bool make_cookie(struct admission *a)
{
	struct roots *roots = &a->supervisor->roots;
	struct cookie_fields fields = {
		.run = roots->run,
		.rootfs = a->rootfs,
		.root_dev = a->root.dev,
		.root_ino = a->root.ino,
		.overlay = !a->request->rootfs,
		.state = roots->state,
		.token = a->request->token,
		.command = &a->request->command,
	};
	int err = 0;

	a->log = log_choose(&a->request->log, &a->supervisor->log_defaults);
	a->log_key = registry_new_key(&a->supervisor->registry);
	if (a->log.driver != LOG_DRIVER_NONE) {
		a->log_path = path_join(roots->log, a->request->id, ".log");
		err = a->log_path ? 0 : -ENOMEM;
	}
	fields.driver = a->log.driver;
	fields.key = a->log_key;
	fields.log = a->log_path;
	if (!err)
		err = cookie_build(&fields, a->cookie, &a->cookie_len);
	if (err == -ENAMETOOLONG)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": the paths of its root and of the supervisor's folders are too long for its record in the kernel",
			a->request->id);
	if (err)
		return refuse(&a->error, EXIT_FAILED, "container \"%s\": %s",
			      a->request->id, strerror(-err));
	return true;
}

bool admit(struct admission *a)
{
	int err;

	if (a->supervisor->stopping)
		return refuse(&a->error, EXIT_FAILED,
			      "container \"%s\": the supervisor is stopping",
			      a->request->id);
	err = kernel_check(a->supervisor);
	if (err)
		return refuse(&a->error, kernel_exit_code(err),
			      "container \"%s\": %s", a->request->id,
			      kernel_why(err));
	return check_id(a) && root_admit(a) &&
	       neighbours_admit(a, &a->root, 0) && make_cookie(a);
}

void admission_free(struct admission *a)
{
	cleanup_close(&a->root_fd);
	place_free(&a->root);
	free(a->rootfs);
	free(a->log_path);
	free(a->warning);
}
