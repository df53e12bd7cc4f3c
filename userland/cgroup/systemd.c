// SPDX-License-Identifier: GPL-2.0
/*
 * Scopes and other units of systemd, see systemd.h.
 *
 * libsystemd is loaded when it is first needed, and is not linked: it brings four
 * libraries for compression and encryption with it, and each start of the program would
 * pay for them, while most callers want no systemd. A host without systemd need not have
 * the library either.
 */
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <systemd/sd-bus.h>
#include <unistd.h>

#include "base/array.h"
#include "base/clock.h"
#include "rootless.h"
#include "systemd.h"
#include "unit_properties.h"

#define LIBRARY "libsystemd.so.0"

/* systemd listens here itself, also where no D-Bus daemon runs; for root alone. */
#define PRIVATE_ADDRESS "unix:path=/run/systemd/private"

#define SERVICE	  "org.freedesktop.systemd1"
#define OBJECT	  "/org/freedesktop/systemd1"
#define INTERFACE "org.freedesktop.systemd1.Manager"

#define SERVICE_INTERFACE "org.freedesktop.systemd1.Service"
#define SCOPE_INTERFACE	  "org.freedesktop.systemd1.Scope"

#define JOB_MS 30000

#define FUNCTIONS(DO)                      \
	DO(sd_bus_new)                     \
	DO(sd_bus_set_address)             \
	DO(sd_bus_start)                   \
	DO(sd_bus_open_system)             \
	DO(sd_bus_open_user)               \
	DO(sd_bus_close)                   \
	DO(sd_bus_unref)                   \
	DO(sd_bus_match_signal)            \
	DO(sd_bus_slot_unref)              \
	DO(sd_bus_process)                 \
	DO(sd_bus_wait)                    \
	DO(sd_bus_call)                    \
	DO(sd_bus_get_property_string)     \
	DO(sd_bus_get_property_trivial)    \
	DO(sd_bus_error_free)              \
	DO(sd_bus_error_has_name)          \
	DO(sd_bus_message_new_method_call) \
	DO(sd_bus_message_append)          \
	DO(sd_bus_message_append_array)    \
	DO(sd_bus_message_open_container)  \
	DO(sd_bus_message_close_container) \
	DO(sd_bus_message_read)            \
	DO(sd_bus_message_unref)

#define FIELD(name) __typeof__(&name) name;
#define NAME(name)  #name,

/* The functions by their names, in the order of the list. */
static struct {
	FUNCTIONS(FIELD)
} lib;

static const char *const names[] = { FUNCTIONS(NAME) };

/** struct job - a job of systemd that is waited for */
struct job {
	char path[128];
	char result[32]; /* "" until it has ended */
};

/* The library stays loaded once it is. */
static int load(struct failure *failure)
{
	static bool loaded;
	void *handle;

	if (loaded)
		return 0;
	handle = dlopen(LIBRARY, RTLD_NOW | RTLD_LOCAL);
	if (!handle)
		return failed(failure, EXIT_FAILED,
			      "cannot speak to systemd: %s", dlerror());
	for (size_t i = 0; i < ARRAY_SIZE(names); i++) {
		void *function = dlsym(handle, names[i]);

		if (!function)
			return failed(failure, EXIT_FAILED,
				      "cannot speak to systemd: %s has no %s",
				      LIBRARY, names[i]);
		memcpy((char *)&lib + i * sizeof(function), &function,
		       sizeof(function));
	}
	loaded = true;
	return 0;
}

static int open_private(sd_bus **bus)
{
	int err = lib.sd_bus_new(bus);

	if (err < 0)
		return err;
	err = lib.sd_bus_set_address(*bus, PRIVATE_ADDRESS);
	if (err >= 0)
		err = lib.sd_bus_start(*bus);
	if (err < 0) {
		lib.sd_bus_unref(*bus);
		*bus = NULL;
	}
	return err;
}

bool systemd_is_user(void)
{
	return is_rootless();
}

static int connect_to(sd_bus **bus, struct failure *failure)
{
	int err;

	*bus = NULL;
	if (load(failure))
		return -1;
	err = systemd_is_user() ? lib.sd_bus_open_user(bus) : open_private(bus);
	if (err < 0)
		err = lib.sd_bus_open_system(bus);
	if (err < 0)
		return failed_errno(failure, err, "cannot connect to systemd");
	return 0;
}

static void disconnect(sd_bus **bus)
{
	if (!*bus)
		return;
	lib.sd_bus_close(*bus);
	lib.sd_bus_unref(*bus);
}

#define __cleanup_bus __attribute__((cleanup(disconnect)))

static void unref_message(sd_bus_message **m)
{
	if (*m)
		lib.sd_bus_message_unref(*m);
}

#define __cleanup_message __attribute__((cleanup(unref_message)))

static void unref_slot(sd_bus_slot **slot)
{
	if (*slot)
		lib.sd_bus_slot_unref(*slot);
}

#define __cleanup_slot __attribute__((cleanup(unref_slot)))

static int new_call(sd_bus *bus, const char *method, sd_bus_message **m)
{
	return lib.sd_bus_message_new_method_call(bus, m, SERVICE, OBJECT,
						  INTERFACE, method);
}

static int note_job(sd_bus_message *m, void *userdata, sd_bus_error *unused)
{
	const char *path, *unit, *result;
	struct job *job = userdata;
	uint32_t id;

	(void)unused;
	if (lib.sd_bus_message_read(m, "uoss", &id, &path, &unit, &result) >=
		    0 &&
	    !strcmp(path, job->path))
		snprintf(job->result, sizeof(job->result), "%s", result);
	return 0;
}

/* Returns 0, -ETIMEDOUT, -ECANCELED if the job failed, or another negative errno. */
static int wait_for(sd_bus *bus, const struct job *job)
{
	const int64_t end = clock_ns(CLOCK_MONOTONIC) + JOB_MS * NSEC_PER_MSEC;

	while (!job->result[0]) {
		int64_t left = end - clock_ns(CLOCK_MONOTONIC);
		int err = lib.sd_bus_process(bus, NULL);

		if (err > 0)
			continue;
		if (!err && left <= 0)
			return -ETIMEDOUT;
		if (!err)
			err = lib.sd_bus_wait(bus, left / 1000 + 1);
		if (err < 0 && err != -EINTR)
			return err;
	}
	return strcmp(job->result, "done") ? -ECANCELED : 0;
}

/* Send a call that starts a job, and wait until the job has ended. */
static int run_job(sd_bus *bus, sd_bus_message *m, sd_bus_error *error)
{
	sd_bus_message *reply __cleanup_message = NULL;
	sd_bus_slot *slot __cleanup_slot = NULL;
	struct job job = { .path = "" };
	const char *path;
	int err;

	err = lib.sd_bus_match_signal(bus, &slot, SERVICE, OBJECT, INTERFACE,
				      "JobRemoved", note_job, &job);
	if (err >= 0)
		err = lib.sd_bus_call(bus, m, 0, error, &reply);
	if (err >= 0)
		err = lib.sd_bus_message_read(reply, "o", &path);
	if (err < 0)
		return err;
	snprintf(job.path, sizeof(job.path), "%s", path);
	return wait_for(bus, &job);
}

static int explain(struct failure *failure, int err, const char *what,
		   const char *scope, sd_bus_error *error)
{
	if (error->message)
		failed(failure,
		       err == -EACCES || err == -EPERM ? EXIT_NO_PERMISSION :
							 EXIT_FAILED,
		       "systemd cannot %s %s: %s", what, scope, error->message);
	else
		failed_errno(failure, err, "systemd cannot %s %s", what, scope);
	lib.sd_bus_error_free(error);
	return -1;
}

static int append_mask(sd_bus_message *m, const struct unit_property *p)
{
	int err = lib.sd_bus_message_open_container(m, 'r', "sv");

	if (err >= 0)
		err = lib.sd_bus_message_append(m, "s", p->name);
	if (err >= 0)
		err = lib.sd_bus_message_open_container(m, 'v', "ay");
	if (err >= 0)
		err = lib.sd_bus_message_append_array(m, 'y', p->mask,
						      p->mask_len);
	if (err >= 0)
		err = lib.sd_bus_message_close_container(m);
	return err < 0 ? err : lib.sd_bus_message_close_container(m);
}

/* A cgroup_write_fn: what is written to a file becomes a property. */
static int append_property(const char *file, const char *text, bool optional,
			   void *arg, struct failure *failure)
{
	struct unit_property properties[UNIT_PROPERTIES_MAX];
	int n = unit_properties(file, text, properties);
	sd_bus_message *m = arg;

	(void)optional;
	for (int i = 0; i < n; i++) {
		const struct unit_property *p = &properties[i];
		int err = p->mask_len ?
				  append_mask(m, p) :
				  lib.sd_bus_message_append(m, "(sv)", p->name,
							    "t", p->number);

		if (err < 0)
			return failed_errno(failure, err, "property %s",
					    p->name);
	}
	return 0;
}

/* What a scope has without regard to its resources: controllers, and no dependencies. */
static int append_basics(sd_bus_message *m, const struct cgroup_unit *unit,
			 const char *id, pid_t pid)
{
	static const char *const on[] = { "Delegate", "CPUAccounting",
					  "MemoryAccounting", "IOAccounting",
					  "TasksAccounting" };
	char description[256];
	int err;

	snprintf(description, sizeof(description), "container %s", id);
	err = lib.sd_bus_message_append(m, "(sv)(sv)(sv)(sv)(sv)",
					"Description", "s", description,
					"Slice", "s", unit->slice, "PIDs", "au",
					1, (uint32_t)pid, "DefaultDependencies",
					"b", 0, "CollectMode", "s",
					"inactive-or-failed");
	for (size_t i = 0; err >= 0 && i < ARRAY_SIZE(on); i++)
		err = lib.sd_bus_message_append(m, "(sv)", on[i], "b", 1);
	return err;
}

static int start_call(sd_bus *bus, const struct cgroup_unit *unit,
		      const char *id, pid_t pid,
		      const struct cgroup_resources *resources,
		      sd_bus_message **m, struct failure *failure)
{
	int err = new_call(bus, "StartTransientUnit", m);

	if (err >= 0)
		err = lib.sd_bus_message_append(*m, "ss", unit->name, "fail");
	if (err >= 0)
		err = lib.sd_bus_message_open_container(*m, 'a', "(sv)");
	if (err >= 0)
		err = append_basics(*m, unit, id, pid);
	if (err >= 0 &&
	    cgroup_resources_each(-1, resources, append_property, *m, failure))
		return -1;
	if (err >= 0)
		err = lib.sd_bus_message_close_container(*m);
	if (err >= 0)
		err = lib.sd_bus_message_append(*m, "a(sa(sv))", 0);
	return err < 0 ? failed_errno(failure, err, "message to systemd") : 0;
}

/* A call with the name of a scope alone. */
static int simple_call(sd_bus *bus, const char *method, const char *types,
		       const char *scope, sd_bus_message **m)
{
	int err = new_call(bus, method, m);

	return err < 0 ? err :
			 lib.sd_bus_message_append(*m, types, scope, "replace");
}

/* Make systemd forget a scope of that name that has failed. */
static void reset_failed(sd_bus *bus, const char *scope)
{
	sd_bus_message *m __cleanup_message = NULL;

	if (simple_call(bus, "ResetFailedUnit", "s", scope, &m) >= 0)
		lib.sd_bus_call(bus, m, 0, NULL, NULL);
}

int systemd_scope_start(const struct cgroup_unit *unit, const char *id,
			pid_t pid, const struct cgroup_resources *resources,
			struct failure *failure)
{
	static const char exists[] = SERVICE ".UnitExists";
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus __cleanup_bus = NULL;
	int err = 0;

	if (connect_to(&bus, failure))
		return -1;
	for (int turn = 0; turn < 2; turn++) {
		sd_bus_message *m __cleanup_message = NULL;

		lib.sd_bus_error_free(&error);
		if (start_call(bus, unit, id, pid, resources, &m, failure))
			return -1;
		err = run_job(bus, m, &error);
		if (err >= 0 || !lib.sd_bus_error_has_name(&error, exists))
			break;
		reset_failed(bus, unit->name);
	}
	return err < 0 ? explain(failure, err, "start", unit->name, &error) : 0;
}

int systemd_scope_update(const char *scope, int cgroup,
			 const struct cgroup_resources *resources,
			 struct failure *failure)
{
	sd_bus_message *m __cleanup_message = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus __cleanup_bus = NULL;
	int err;

	if (connect_to(&bus, failure))
		return -1;
	err = new_call(bus, "SetUnitProperties", &m);
	if (err >= 0)
		err = lib.sd_bus_message_append(m, "sb", scope, 1);
	if (err >= 0)
		err = lib.sd_bus_message_open_container(m, 'a', "(sv)");
	if (err >= 0 && cgroup_resources_each(cgroup, resources,
					      append_property, m, failure))
		return -1;
	if (err >= 0)
		err = lib.sd_bus_message_close_container(m);
	if (err >= 0)
		err = lib.sd_bus_call(bus, m, 0, &error, NULL);
	return err < 0 ? explain(failure, err, "change", scope, &error) : 0;
}

int systemd_scope_stop(const char *scope, struct failure *failure)
{
	static const char missing[] = SERVICE ".NoSuchUnit";
	sd_bus_message *m __cleanup_message = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus __cleanup_bus = NULL;
	int err;

	if (connect_to(&bus, failure))
		return -1;
	err = simple_call(bus, "StopUnit", "ss", scope, &m);
	if (err >= 0)
		err = run_job(bus, m, &error);
	if (err < 0 && lib.sd_bus_error_has_name(&error, missing)) {
		lib.sd_bus_error_free(&error);
		return 0;
	}
	return err < 0 ? explain(failure, err, "stop", scope, &error) : 0;
}

static bool ends_with(const char *text, const char *end)
{
	const size_t n = strlen(text), len = strlen(end);

	return n > len && !strcmp(text + n - len, end);
}

/* The properties of the unit whose object is @path. A scope has no main process. */
static int read_unit(sd_bus *bus, const char *path, bool is_scope,
		     struct systemd_unit *unit, sd_bus_error *error)
{
	const char *interface = is_scope ? SCOPE_INTERFACE : SERVICE_INTERFACE;
	uint32_t pid = 0;
	int err = 0;

	if (!is_scope)
		err = lib.sd_bus_get_property_trivial(bus, SERVICE, path,
						      interface, "MainPID",
						      error, 'u', &pid);
	if (err >= 0)
		err = lib.sd_bus_get_property_string(bus, SERVICE, path,
						     interface, "ControlGroup",
						     error, &unit->cgroup);
	unit->main_pid = pid;
	return err;
}

int systemd_unit_find(const char *name, struct systemd_unit *unit,
		      struct failure *failure)
{
	const bool is_scope = ends_with(name, ".scope");
	sd_bus_message *reply __cleanup_message = NULL;
	sd_bus_message *m __cleanup_message = NULL;
	sd_bus_error error = SD_BUS_ERROR_NULL;
	sd_bus *bus __cleanup_bus = NULL;
	char full[256]; /* systemd takes no longer name */
	const char *path;
	int len, err;

	*unit = (struct systemd_unit){ 0 };
	len = snprintf(full, sizeof(full), "%s%s", name,
		       is_scope || ends_with(name, ".service") ? "" :
								 ".service");
	if ((size_t)len >= sizeof(full))
		return failed_errno(failure, -ENAMETOOLONG, "unit of systemd");
	if (connect_to(&bus, failure))
		return -1;
	err = new_call(bus, "LoadUnit", &m);
	if (err >= 0)
		err = lib.sd_bus_message_append(m, "s", full);
	if (err >= 0)
		err = lib.sd_bus_call(bus, m, 0, &error, &reply);
	if (err >= 0)
		err = lib.sd_bus_message_read(reply, "o", &path);
	if (err >= 0)
		err = read_unit(bus, path, is_scope, unit, &error);
	return err < 0 ? explain(failure, err, "find", full, &error) : 0;
}
