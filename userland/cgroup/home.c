// SPDX-License-Identifier: GPL-2.0
/* The cgroup of an OCI container, see home.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/paths.h"
#include "controllers.h"
#include "folder.h"
#include "home.h"
#include "home_name.h"
#include "mount.h"
#include "processes.h"
#include "rootless.h"
#include "systemd.h"

/* How long processes may take to freeze, or to exit after SIGKILL. */
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

/** struct folders - folders that are being made */
struct folders {
	char *path;   /* of the lowest one */
	size_t mount; /* the length of the mount's path in it */
	size_t made; /* the length of the path of the first one that is new; 0: none */
	int controllers; /* why not all controllers are on: a negative errno, or 0 */
};

/* Make one, after its controllers are turned on in the folder above. */
static int make_one(struct folders *f, size_t above, size_t len)
{
	char *path = f->path;
	const char next = path[len];
	int err;

	path[above] = '\0';
	err = cgroup_turn_on_all(*path ? path : "/");
	if (err && !f->controllers)
		f->controllers = err;
	path[above] = '/';
	path[len] = '\0';
	err = mkdir(path, 0755) ? -errno : 0;
	if (!err && !f->made)
		f->made = len;
	path[len] = next;
	return err == -EEXIST ? 0 : err;
}

static int make_folders(struct folders *f)
{
	size_t above = f->mount, len;
	int err;

	do {
		len = above + 1 + strcspn(f->path + above + 1, "/");
		err = make_one(f, above, len);
		above = len;
	} while (!err && f->path[len]);
	return err;
}

/* Remove those that make_folders() made, the lowest first. */
static void remove_folders(struct folders *f)
{
	while (f->made && strlen(f->path) >= f->made) {
		rmdir(f->path);
		*strrchr(f->path, '/') = '\0';
	}
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

static int fill(int fd, const struct contents *contents,
		struct failure *failure)
{
	if (cgroup_resources_set(fd, contents->resources, failure))
		return -1;
	/* The kernel lets nobody load programs in a user namespace. */
	if (!device_rules_set(fd, contents->rules, contents->n_rules,
			      failure) ||
	    (failure->code == EXIT_NO_PERMISSION && in_user_namespace()))
		return 0;
	return -1;
}

/* Add why a controller may be missing. */
static void add_reason(struct failure *failure, int err)
{
	const struct failure old = *failure;

	if (err)
		failed(failure, old.code,
		       "%s (not all controllers can be turned on above it: %s)",
		       old.text, strerror(-err));
}

static int make_and_fill(struct cgroup_home *home, struct folders *f,
			 const struct contents *contents,
			 struct failure *failure)
{
	int err = make_folders(f);

	if (!err) {
		home->fd = cgroup_folder_open(home->path);
		err = home->fd < 0 ? home->fd : 0;
	}
	if (err)
		return cannot_make(home->path, err, failure);
	if (!f->made && check_old(home->path, home->fd, failure))
		return -1;
	if (!fill(home->fd, contents, failure))
		return 0;
	add_reason(failure, f->controllers);
	return -1;
}

static int make_cgroup(struct cgroup_home *home, const char *cgroups_path,
		       const struct contents *contents, struct failure *failure)
{
	__cleanup_free char *mount = NULL;
	__cleanup_free char *copy = NULL;
	struct folders f = { 0 };

	if (find_mount(&mount, failure) ||
	    cgroup_home_path(mount, cgroups_path, contents->id, &home->path,
			     failure))
		return -1;
	f.path = copy = strdup(home->path);
	f.mount = strcmp(mount, "/") ? strlen(mount) : 0;
	if (!copy)
		return failed_errno(failure, -ENOMEM, "cgroup");
	if (!make_and_fill(home, &f, contents, failure))
		return 0;
	remove_folders(&f);
	return -1;
}

/* The child must not run anything of the caller's: it has a copy of its memory only. */
static void __attribute__((noreturn)) hold(pid_t parent)
{
	sigset_t all;

	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, NULL);
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	close_range(0, ~0u, 0);
	if (getppid() != parent)
		_exit(0);
	for (;;)
		pause();
}

static int start_holder(struct cgroup_home *home)
{
	const pid_t parent = getpid();
	pid_t pid = fork();

	if (pid < 0)
		return -errno;
	if (!pid)
		hold(parent);
	home->holder = pid;
	return 0;
}

void cgroup_home_settle(struct cgroup_home *home)
{
	if (!home->holder)
		return;
	kill(home->holder, SIGKILL);
	while (waitpid(home->holder, NULL, 0) < 0 && errno == EINTR)
		;
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

static int make_scope(struct cgroup_home *home, const char *cgroups_path,
		      const struct contents *contents, struct failure *failure)
{
	__cleanup_free char *mount = NULL;
	struct cgroup_unit unit;
	struct failure ignored;
	int err;

	if (find_mount(&mount, failure) ||
	    cgroup_home_unit(cgroups_path, contents->id, systemd_is_user(),
			     &unit, failure))
		return -1;
	err = start_holder(home);
	if (err)
		failed_errno(failure, err, "cannot make a process");
	else
		err = systemd_scope_start(&unit, contents->id, home->holder,
					  contents->resources, failure);
	free(unit.slice);
	home->scope = unit.name;
	if (err)
		return -1;
	if (!find_scope(home, mount, failure) &&
	    !fill(home->fd, contents, failure))
		return 0;
	cgroup_home_settle(home);
	systemd_scope_stop(home->scope, &ignored);
	return -1;
}

int cgroup_home_make(struct cgroup_home *home, enum cgroup_manager manager,
		     const char *cgroups_path, const char *id,
		     const struct cgroup_resources *resources,
		     const struct device_rule *rules, size_t n_rules,
		     struct failure *failure)
{
	const struct contents contents = { id, resources, rules, n_rules };
	int err;

	cgroup_home_init(home);
	home->manager = manager;
	if (manager == CGROUP_MANAGER_DISABLED)
		return 0;
	err = manager == CGROUP_MANAGER_SYSTEMD ?
		      make_scope(home, cgroups_path, &contents, failure) :
		      make_cgroup(home, cgroups_path, &contents, failure);
	if (err)
		cgroup_home_free(home);
	return err;
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
	return 0;
}

static int check_open(const struct cgroup_home *home, struct failure *failure)
{
	if (home->fd >= 0)
		return 0;
	return failed(failure, EXIT_FAILED,
		      home->path ? "its cgroup is gone" :
				   "it has no cgroup of its own");
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
	int events __cleanup_close = -1;
	int err;

	if (check_open(home, failure))
		return -1;
	events = cgroup_events_open(home->fd);
	err = events < 0 ?
		      events :
		      file_write(home->fd, "cgroup.freeze", freeze ? "1" : "0");
	if (!err)
		err = cgroup_event_wait(events, "frozen", freeze, WAIT_MS);
	if (!err)
		return 0;
	if (freeze)
		file_write(home->fd, "cgroup.freeze", "0");
	if (err == -EBUSY)
		return failed(failure, EXIT_FAILED,
			      "the kernel has not %s all processes in %d s",
			      freeze ? "frozen" : "thawed", WAIT_MS / 1000);
	return failed_errno(failure, err, "cannot %s its processes",
			    freeze ? "freeze" : "thaw");
}

int cgroup_home_frozen(const struct cgroup_home *home)
{
	int events __cleanup_close = home->fd < 0 ?
					     -ENOENT :
					     cgroup_events_open(home->fd);

	return events < 0 ? events : cgroup_event(events, "frozen");
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
		return 0;
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
