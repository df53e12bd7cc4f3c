// SPDX-License-Identifier: GPL-2.0
/* The cgroup of an OCI container, see home.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "branch.h"
#include "controllers.h"
#include "folder.h"
#include "freeze.h"
#include "holder.h"
#include "home.h"
#include "home_name.h"
#include "mount.h"
#include "processes.h"
#include "rootless.h"
#include "systemd.h"

/* How long processes may take to exit after SIGKILL. */
#define WAIT_MS 10000

void cgroup_home_init(struct cgroup_home *home)
{
	*home = (struct cgroup_home){ .manager = CGROUP_MANAGER_DISABLED,
				      .fd = -1 };
}

void cgroup_home_free(struct cgroup_home *home)
{
	cgroup_home_settle(home);
	cleanup_close(&home->fd);
	free(home->path);
	free(home->scope);
	free(home->slice);
	cgroup_home_init(home);
}

/* Where all controllers are in cgroup v1, v2 may be mounted but has none. */
static int find_mount(char **mount, struct failure *failure)
{
	bool has_v1;
	int err = cgroup_mount(mount, &has_v1);

	if (err && err != -ENODEV)
		return failed_errno(failure, err, "cannot find cgroup v2");
	if (has_v1 && (err || cgroup_has_controller(*mount, "memory") <= 0)) {
		free(*mount);
		*mount = NULL;
		return failed(
			failure, EXIT_FAILED,
			"the controllers of this host are in cgroup v1; containers need cgroup v2 "
			"(kernel parameter systemd.unified_cgroup_hierarchy=1)");
	}
	if (err)
		return failed(failure, EXIT_FAILED, "cgroup v2 is not mounted");
	return 0;
}

static int cannot_make(const char *path, int err, struct failure *failure)
{
	if (err == -EROFS)
		return failed(
			failure, EXIT_NO_PERMISSION,
			"cannot make the cgroup %s: cgroup v2 is mounted read-only",
			path);
	if ((err == -EACCES || err == -EPERM) && is_rootless())
		return failed(
			failure, EXIT_NO_PERMISSION,
			"cannot make the cgroup %s: it is not in a cgroup that is delegated to this user",
			path);
	return failed_errno(failure, err, "cannot make the cgroup %s", path);
}

/* A cgroup that is there already must be empty. One that is frozen would stay so. */
static int check_old(const char *path, int fd, struct failure *failure)
{
	int events __cleanup_close = cgroup_events_open(fd);
	int busy = events < 0 ? events : cgroup_event(events, "populated");

	if (busy > 0)
		return failed(
			failure, EXIT_FAILED,
			"the cgroup %s exists, and there are processes in it",
			path);
	if (!busy)
		busy = file_write(fd, "cgroup.freeze", "0");
	return busy ? failed_errno(failure, busy, "cgroup %s", path) : 0;
}

/** struct contents - what a container and its cgroup get */
struct contents {
	const char *id;
	const struct cgroup_resources *resources;
	const struct device_rule *rules;
	size_t n_rules;
};

/* Add why a controller may be missing. */
static void add_reason(struct failure *failure, int err)
{
	const struct failure old = *failure;

	if (err)
		failed(failure, old.code,
		       "%s (not all controllers can be turned on above it: %s)",
		       old.text, strerror(-err));
}

/* @controllers: why not all controllers are on, or 0 */
static int fill(int fd, const struct contents *contents, int controllers,
		struct failure *failure)
{
	if (cgroup_resources_set(fd, contents->resources, failure)) {
		add_reason(failure, controllers);
		return -1;
	}
	/* The kernel lets nobody load programs in a user namespace. */
	if (!device_rules_set(fd, contents->rules, contents->n_rules,
			      failure) ||
	    (failure->code == EXIT_NO_PERMISSION && in_user_namespace()))
		return 0;
	return -1;
}

/* Only a capable process of the host can set a trusted one. */
static const char *mark_name(void)
{
	return is_rootless() ? "user.purser" : "trusted.purser";
}

static int set_mark(const struct cgroup_home *home, struct failure *failure)
{
	if (!fsetxattr(home->fd, mark_name(), home->mark, strlen(home->mark),
		       0))
		return 0;
	return failed_errno(failure, -errno, "cannot mark the cgroup %s",
			    home->path);
}

static bool has_mark(const struct cgroup_home *home)
{
	char mark[128];
	ssize_t n = fgetxattr(home->fd, mark_name(), mark, sizeof(mark));

	return n >= 0 && (size_t)n == strlen(home->mark) &&
	       !memcmp(mark, home->mark, n);
}

static int make_and_fill(struct cgroup_home *home, struct cgroup_branch *f,
			 const struct contents *contents,
			 struct failure *failure)
{
	int err = cgroup_branch_make(f);

	if (!err) {
		home->fd = cgroup_folder_open(home->path);
		err = home->fd < 0 ? home->fd : 0;
	}
	if (err)
		return cannot_make(home->path, err, failure);
	if (!f->made && check_old(home->path, home->fd, failure))
		return -1;
	if (set_mark(home, failure))
		return -1;
	return fill(home->fd, contents, f->controllers, failure);
}

static int make_cgroup(struct cgroup_home *home, const char *mount,
		       const struct contents *contents, struct failure *failure)
{
	__cleanup_free char *copy = strdup(home->path);
	struct cgroup_branch f = {
		.path = copy,
		.mount = strcmp(mount, "/") ? strlen(mount) : 0,
	};

	if (!copy)
		return failed_errno(failure, -ENOMEM, "cgroup");
	if (!make_and_fill(home, &f, contents, failure))
		return 0;
	cgroup_branch_remove(&f);
	return -1;
}

void cgroup_home_settle(struct cgroup_home *home)
{
	holder_end(home->holder);
	home->holder = 0;
}

/* Find the cgroup that systemd has put the holder into. */
static int find_scope(struct cgroup_home *home, const char *mount,
		      struct failure *failure)
{
	char file[32], text[8192];
	char *line, *name;
	ssize_t n;

	snprintf(file, sizeof(file), "/proc/%d/cgroup", home->holder);
	n = file_read(AT_FDCWD, file, text, sizeof(text));
	if (n < 0)
		return failed_errno(failure, n, "%s", file);
	line = strstr(text, "0::/");
	if (line)
		line[strcspn(line, "\n")] = '\0';
	name = line ? strrchr(line, '/') : NULL;
	if (!name || strcmp(name + 1, home->scope))
		return failed(failure, EXIT_FAILED,
			      "systemd has not made a cgroup for %s",
			      home->scope);
	home->path = path_join(mount, line + strlen("0::/"), "");
	if (!home->path)
		return failed_errno(failure, -ENOMEM, "cgroup");
	home->fd = cgroup_folder_open(home->path);
	if (home->fd < 0)
		return failed_errno(failure, home->fd, "cgroup %s", home->path);
	return 0;
}

static int make_scope(struct cgroup_home *home, const char *mount,
		      const struct contents *contents, struct failure *failure)
{
	const struct cgroup_unit unit = { .slice = home->slice,
					  .name = home->scope };
	struct failure ignored;

	home->holder = holder_start();
	if (home->holder < 0) {
		failed_errno(failure, home->holder, "cannot make a process");
		home->holder = 0;
		return -1;
	}
	if (systemd_scope_start(&unit, contents->id, home->holder,
				contents->resources, failure))
		return -1;
	if (!find_scope(home, mount, failure) && !set_mark(home, failure) &&
	    !fill(home->fd, contents, 0, failure))
		return 0;
	cgroup_home_settle(home);
	systemd_scope_stop(home->scope, &ignored);
	return -1;
}

static int place(struct cgroup_home *home, const char *cgroups_path,
		 const char *id, struct failure *failure)
{
	__cleanup_free char *mount = NULL;
	struct cgroup_unit unit;

	if (home->manager == CGROUP_MANAGER_DISABLED)
		return 0;
	if (find_mount(&mount, failure))
		return -1;
	if (home->manager == CGROUP_MANAGER_CGROUPFS)
		return cgroup_home_path(mount, cgroups_path, id, &home->path,
					failure);
	if (cgroup_home_unit(cgroups_path, id, systemd_is_user(), &unit,
			     failure))
		return -1;
	home->scope = unit.name;
	home->slice = unit.slice;
	return 0;
}

int cgroup_home_place(struct cgroup_home *home, enum cgroup_manager manager,
		      const char *cgroups_path, const char *id,
		      struct failure *failure)
{
	cgroup_home_init(home);
	home->manager = manager;
	if (!place(home, cgroups_path, id, failure))
		return 0;
	cgroup_home_free(home);
	return -1;
}

int cgroup_home_make(struct cgroup_home *home, const char *id,
		     const struct cgroup_resources *resources,
		     const struct device_rule *rules, size_t n_rules,
		     struct failure *failure)
{
	const struct contents contents = { id, resources, rules, n_rules };
	__cleanup_free char *mount = NULL;
	int err;

	if (home->manager == CGROUP_MANAGER_DISABLED)
		return 0;
	if (find_mount(&mount, failure))
		return -1;
	err = home->manager == CGROUP_MANAGER_CGROUPFS ?
		      make_cgroup(home, mount, &contents, failure) :
		      make_scope(home, mount, &contents, failure);
	if (!err)
		return 0;
	cgroup_home_settle(home);
	cleanup_close(&home->fd);
	return -1;
}

int cgroup_home_open(struct cgroup_home *home)
{
	int fd;

	if (!home->path)
		return 0;
	fd = cgroup_folder_open(home->path);
	if (fd < 0)
		return fd;
	cleanup_close(&home->fd);
	home->fd = fd;
	if (has_mark(home))
		return 0;
	cleanup_close(&home->fd);
	return -ENOENT;
}

static int check_open(const struct cgroup_home *home, struct failure *failure)
{
	if (home->fd >= 0)
		return 0;
	return failed(failure, EXIT_FAILED,
		      home->path ? "its cgroup is gone" :
				   "it has no cgroup of its own");
}

/* The kernel lists the files: cgroup.procs, cgroup.threads, and so on. */
int cgroup_home_delegate(const struct cgroup_home *home, uid_t uid,
			 struct failure *failure)
{
	char list[1024] = "";
	char *file, *rest;
	int err = 0;

	if (check_open(home, failure))
		return -1;
	file_read(AT_FDCWD, "/sys/kernel/cgroup/delegate", list, sizeof(list));
	if (fchown(home->fd, uid, -1))
		err = -errno;
	for (file = strtok_r(list, "\n", &rest); file && !err;
	     file = strtok_r(NULL, "\n", &rest)) {
		if (fchownat(home->fd, file, uid, -1, 0) && errno != ENOENT)
			err = -errno;
	}
	return err ? failed_errno(failure, err,
				  "cannot change the owner of its cgroup") :
		     0;
}

int cgroup_home_update(struct cgroup_home *home,
		       const struct cgroup_resources *resources,
		       struct failure *failure)
{
	if (check_open(home, failure))
		return -1;
	if (home->scope &&
	    systemd_scope_update(home->scope, home->fd, resources, failure))
		return -1;
	return cgroup_resources_set(home->fd, resources, failure);
}

int cgroup_home_freeze(struct cgroup_home *home, bool freeze,
		       struct failure *failure)
{
	return check_open(home, failure) ?
		       -1 :
		       cgroup_freeze(home->fd, freeze, failure);
}

int cgroup_home_frozen(const struct cgroup_home *home)
{
	return home->fd < 0 ? -ENOENT : cgroup_frozen(home->fd);
}

int cgroup_home_pids(const struct cgroup_home *home, pid_t **pids, size_t *n,
		     struct failure *failure)
{
	int err;

	if (check_open(home, failure))
		return -1;
	err = cgroup_processes(home->fd, pids, n);
	return err ? failed_errno(failure, err, "processes of its cgroup") : 0;
}

/* Kill until nothing is left: a process may have been moved in meanwhile. */
static int empty(int folder)
{
	int events __cleanup_close = cgroup_events_open(folder);
	int err = events < 0 ? events : cgroup_event(events, "populated");

	if (err <= 0)
		return err;
	err = file_write(folder, "cgroup.kill", "1");
	return err ? err :
		     cgroup_event_wait(events, "populated", false, WAIT_MS);
}

static int remove_folder(struct cgroup_home *home)
{
	int err = home->fd < 0 ? cgroup_home_open(home) : 0;

	if (err == -ENOENT) {
		rmdir(home->path);
		return 0;
	}
	if (!err)
		err = empty(home->fd);
	if (!err)
		err = cgroup_folder_remove(home->path, home->fd);
	return cgroup_is_gone(err) ? 0 : err;
}

int cgroup_home_remove(struct cgroup_home *home, struct failure *failure)
{
	struct failure ignored;
	int err;

	cgroup_home_settle(home);
	if (!home->path)
		return home->scope ? systemd_scope_stop(home->scope, failure) :
				     0;
	err = remove_folder(home);
	cleanup_close(&home->fd);
	/* systemd stops an empty scope by itself; this only waits until it has. */
	if (home->scope)
		systemd_scope_stop(home->scope, &ignored);
	if (err == -EBUSY)
		return failed(failure, EXIT_FAILED,
			      "processes in the cgroup %s do not exit",
			      home->path);
	if (err)
		return failed_errno(failure, err, "cannot remove the cgroup %s",
				    home->path);
	return 0;
}
