// SPDX-License-Identifier: GPL-2.0
/*
 * "engine check": the supervisor, and what dead supervisors and ended containers have
 * left, see check.h.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "base/lock.h"
#include "base/paths.h"
#include "check.h"
#include "supervisor/run_folder.h"

/* So many names are printed; the others are counted. */
#define NAMES_SHOWN 4

#define CGROUPS	    "sys/fs/cgroup/purser"
#define OCI_FOLDERS "run/purser-oci"

/* The settings of the service, which may name its run directory. */
#define SERVICE_SETTINGS "etc/default/purser"
#define SERVICE_RUN_DIR	 "PURSER_RUN_DIR"

/** struct run_dirs - that of this command, and that of the service if it is another one */
struct run_dirs {
	const char *paths[2];
	size_t n;
};

/** struct names - the names of leftovers */
struct names {
	const struct machine *m;
	const struct run_dirs *dirs;
	char *text; /* " NAME NAME..." */
	char *first;
	size_t n;
};

static int add_name(struct names *names, const char *name)
{
	if (!names->n)
		names->first = strdup(name);
	if (++names->n <= NAMES_SHOWN)
		findings_add_name(&names->text, name);
	return 0;
}

static void names_free(struct names *names)
{
	free(names->text);
	free(names->first);
}

/* ", and 3 more", or nothing. */
static const char *others(const struct names *names, char text[32])
{
	*text = '\0';
	if (names->n > NAMES_SHOWN)
		snprintf(text, 32, " and %zu more", names->n - NAMES_SHOWN);
	return text;
}

/*
 * Add what was found. @err: of the walk through the folder; @remedy: a command, without
 * its last word @name
 */
static void add_leftovers(struct findings *f, const char *what,
			  const struct names *names, int err, const char *words,
			  const char *remedy, const char *name)
{
	char more[32];

	if (err && err != -ENOENT)
		findings_add(f, what, FINDING_WARNING, "cannot be read: %s",
			     strerror(-err));
	else if (!names->n || !names->text)
		findings_add(f, what, FINDING_OK, "none is left");
	else
		finding_remedy(findings_add(f, what, FINDING_WARNING, "%s:%s%s",
					    words, names->text,
					    others(names, more)),
			       "%s%s", remedy, name ? name : "");
}

static int add_entry(int folder, const struct dirent *entry, void *arg)
{
	(void)folder;
	return add_name(arg, entry->d_name);
}

/* How to start a supervisor: by its service, if that is installed. */
static const char *how_to_start(const struct machine *m)
{
	static const char *const folders[] = { "lib", "usr/lib",
					       "usr/local/lib" };

	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		if (machine_has(m, "run/systemd/system") &&
		    machine_has(m, "%s/systemd/system/purser.service",
				folders[i]))
			return "systemctl start purser";
	}
	return "engine supervisor BASE-ROOTFS";
}

/* Containers of a supervisor that is dead; the next one takes them over. */
static void check_containers(const struct machine *m, const char *run_dir,
			     struct findings *f)
{
	__cleanup_free char *path = path_join(run_dir, RUN_FOLDERS, "");
	struct names names = { .m = m };
	int err = -ENOMEM;

	if (path)
		err = path_each_entry(m->root, path, add_entry, &names);
	add_leftovers(f, "containers", &names, err,
		      "without a supervisor, which takes them over",
		      how_to_start(m), NULL);
	names_free(&names);
}

static bool has_run_folder(const struct names *names, const char *name)
{
	for (size_t i = 0; i < names->dirs->n; i++) {
		if (machine_has(names->m, "%s/" RUN_FOLDERS "/%s",
				names->dirs->paths[i], name))
			return true;
	}
	return false;
}

/* A cgroup without processes whose container nobody knows. */
static int add_cgroup(int folder, const struct dirent *entry, void *arg)
{
	struct names *names = arg;
	/* See cgroup/: names with a dot have "_" in front. */
	const char *name = entry->d_name + (*entry->d_name == '_');
	__cleanup_free char *line = NULL;

	(void)folder;
	if (entry->d_type != DT_DIR || has_run_folder(names, name))
		return 0;
	line = machine_line(names->m, "populated 0",
			    CGROUPS "/%s/cgroup.events", entry->d_name);
	return line ? add_name(names, entry->d_name) : 0;
}

static void check_empty_cgroups(const struct machine *m,
				const struct run_dirs *dirs, struct findings *f)
{
	struct names names = { .m = m, .dirs = dirs };
	int err = path_each_entry(m->root, CGROUPS, add_cgroup, &names);

	add_leftovers(f, "cgroups", &names, err, "of no container",
		      "rmdir /" CGROUPS "/", names.first);
	names_free(&names);
}

static bool is_record(const struct machine *m, const char *name)
{
	for (size_t i = 0; i < m->records->n; i++) {
		if (!strcmp(m->records->strings[i], name))
			return true;
	}
	return false;
}

static int add_state_folder(int folder, const struct dirent *entry, void *arg)
{
	struct names *names = arg;

	(void)folder;
	if (*entry->d_name == '.' || is_record(names->m, entry->d_name))
		return 0;
	return add_name(names, entry->d_name);
}

/* State folders of purser-oci whose container the kernel's table does not have. */
static void check_oci(const struct machine *m, struct findings *f)
{
	struct names names = { .m = m };
	int err;

	if (!m->records) {
		findings_add(
			f, "oci containers", FINDING_OK,
			"not compared: the kernel's table is out of reach");
		return;
	}
	err = path_each_entry(m->root, OCI_FOLDERS, add_state_folder, &names);
	add_leftovers(f, "oci containers", &names, err,
		      "without a record in the kernel's table",
		      "purser-oci delete --force ", names.first);
	names_free(&names);
}

/* Whether a supervisor serves that run directory; if not, what it has left there. */
static bool check_run_dir(const struct machine *m, const char *run_dir,
			  struct findings *f)
{
	__cleanup_free char *lock = path_join(run_dir, LOCK_FILE, "");
	const pid_t holder = lock ? lock_holder(m->root, lock) : -ENOMEM;

	if (holder > 0) {
		/* It knows all its containers, and removes what they leave. */
		findings_add(f, "supervisor", FINDING_OK,
			     "process %d serves %s", holder, run_dir);
		return true;
	}
	findings_add(f, "supervisor", FINDING_OK, "none serves %s", run_dir);
	check_containers(m, run_dir, f);
	return false;
}

void check_leftovers(const struct machine *m, struct findings *f)
{
	__cleanup_free char *service = machine_setting(m, SERVICE_RUN_DIR,
						       SERVICE_SETTINGS);
	struct run_dirs dirs = { .paths = { m->run_dir }, .n = 1 };
	bool all_served = true;

	if (service && *service == '/' && strcmp(service, m->run_dir) != 0)
		dirs.paths[dirs.n++] = service;
	for (size_t i = 0; i < dirs.n; i++)
		all_served &= check_run_dir(m, dirs.paths[i], f);
	if (!all_served)
		check_empty_cgroups(m, &dirs, f);
	check_oci(m, f);
}
