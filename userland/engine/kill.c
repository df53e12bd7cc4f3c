// SPDX-License-Identifier: GPL-2.0
/* "engine kill": send a signal to the first process of each container. */
#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <sys/pidfd.h>

#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"
#include "commands.h"
#include "control/connection.h"
#include "each.h"
#include "target.h"
#include "view/handle.h"

/* What SigCgt and SigBlk of /proc/PID/status say together; all bits: not known. */
static uint64_t handled_signals(pid_t pid)
{
	FILE *f __cleanup_fclose = NULL;
	uint64_t caught = 0, blocked = 0;
	char path[40], line[256];
	int found = 0;

	snprintf(path, sizeof(path), "/proc/%d/status", pid);
	f = fopen(path, "re");
	while (f && fgets(line, sizeof(line), f)) {
		found += sscanf(line, "SigBlk:\t%" SCNx64, &blocked) == 1;
		found += sscanf(line, "SigCgt:\t%" SCNx64, &caught) == 1;
	}
	return found == 2 ? caught | blocked : UINT64_MAX;
}

/* The kernel drops a signal whose default action would end the init of a PID namespace. */
static void warn_if_dropped(const struct target *t, int sig)
{
	const uint64_t bit = UINT64_C(1) << (sig - 1);
	char name[32];

	if (sig == SIGSTOP || sig == SIGCONT ||
	    handled_signals(t->record.pid) & bit || !target_is_live(t))
		return;
	report_warning(
		"container \"%s\": its first process has no handler for %s, so the signal has no effect",
		t->record.name, signal_name(sig, name, sizeof(name)));
}

/* SIGKILL by way of the table, which notes first that the end was asked for. */
static int kill_container(struct purser *table, const struct target *t,
			  struct failure *failure)
{
	const struct purser_ref ref = { .id = t->record.id };
	int err = purser_stop(table, &ref, SIGKILL, 0);

	/* -EALREADY: it is being stopped; now it gets SIGKILL at once. */
	if (!err || err == -EALREADY)
		return 0;
	if (err == -ESRCH || err == -ENOENT)
		return failed(failure, EXIT_FAILED,
			      "container \"%s\" has ended", t->record.name);
	return table_failed(failure, err, purser_last_error(table),
			    "cannot kill \"%s\"", t->record.name);
}

static int send_signal(const struct target *t, int sig, struct failure *failure)
{
	if (pidfd_send_signal(t->pidfd, sig, NULL, 0) < 0) {
		if (errno == ESRCH)
			return failed(failure, EXIT_FAILED,
				      "container \"%s\" has ended",
				      t->record.name);
		return failed_errno(failure, -errno,
				    "container \"%s\": sending a signal",
				    t->record.name);
	}
	warn_if_dropped(t, sig);
	return 0;
}

/*
 * Somebody may have unregistered a live container: the kernel does not know it, but its
 * supervisor does. Returns whether that kills it.
 */
static bool supervisor_kills(struct purser *table, const char *id,
			     const char *run_dir)
{
	const struct purser_ref ref = { .name = id };
	struct purser_container record;
	struct connection connection;
	struct json_object *reply;
	struct failure ignored;
	bool kills = false;

	if (purser_get(table, &ref, &record) != -ENOENT ||
	    connection_try(&connection, run_dir))
		return false;
	if (!connection_stop(&connection, id, SIGKILL, 0, false, &ignored) &&
	    !connection_receive(&connection, &reply, &ignored)) {
		kills = object_is(reply, "type", "stopping");
		json_object_put(reply);
	}
	connection_close(&connection);
	return kills;
}

static int kill_one(struct purser *table, const char *id, void *options,
		    struct failure *failure)
{
	const struct words_options *o = options;
	const int sig = o->signal;
	struct target t;
	int err;

	if (target_open(&t, table, id, failure)) {
		if (sig != SIGKILL || !supervisor_kills(table, id, o->run_dir))
			return -1;
		printf("%s\n", id);
		return 0;
	}
	err = sig == SIGKILL ? kill_container(table, &t, failure) :
			       send_signal(&t, sig, failure);
	if (!err)
		printf("%s\n", id);
	target_close(&t);
	return err;
}

int command_kill(const struct command_line *line, struct failure *failure)
{
	struct words_options *o = line->options;

	return each_container(&o->ids, kill_one, o, failure);
}
