// SPDX-License-Identifier: GPL-2.0
/* Namespaces: id maps, joining, clocks, and the loopback interface. */
#include <errno.h>
#include <fcntl.h>
#include <net/if.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "child.h"
#include "raw.h"

/* The kernel's UID_GID_MAP_MAX_EXTENTS. */
#define RANGES_MAX 340

static const struct {
	uint64_t kind;
	const char *name; /* in /proc/PID/ns */
} kinds[] = {
	{ CLONE_NEWPID, "pid" },       { CLONE_NEWNET, "net" },
	{ CLONE_NEWIPC, "ipc" },       { CLONE_NEWUTS, "uts" },
	{ CLONE_NEWCGROUP, "cgroup" }, { CLONE_NEWTIME, "time" },
	{ CLONE_NEWNS, "mnt" },	       { CLONE_NEWUSER, "user" },
};

#define N_KINDS (sizeof(kinds) / sizeof(kinds[0]))

static const char *name_of(uint64_t kind)
{
	size_t i;

	for (i = 0; i < N_KINDS - 1; i++)
		if (kinds[i].kind == kind)
			break;
	return kinds[i].name;
}

static bool joins(const struct launch_plan *plan, uint64_t kind)
{
	size_t i;

	for (i = 0; i < plan->n_joins; i++)
		if ((uint64_t)plan->joins[i].kind == kind)
			return true;
	return false;
}

static bool needs_middle(const struct launch_plan *plan)
{
	return joins(plan, CLONE_NEWPID) || joins(plan, CLONE_NEWUSER) ||
	       (plan->n_joins && plan->spec->namespaces & CLONE_NEWUSER);
}

int plan_joins(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	const struct namespace_spec *n;

	plan->has_userns = spec->namespaces & CLONE_NEWUSER;
	if (!spec->n_joined)
		return 0;
	plan->joins = calloc(spec->n_joined, sizeof(*plan->joins));
	if (!plan->joins)
		return no_memory(failure);
	for (n = spec->joined; n < spec->joined + spec->n_joined; n++) {
		int fd = n->fd < 0 ? open(n->path, O_RDONLY | O_CLOEXEC) :
				     fcntl(n->fd, F_DUPFD_CLOEXEC, 0);

		if (fd < 0)
			return failed(failure, EXIT_ENGINE,
				      "cannot open the %s namespace \"%s\": %s",
				      name_of(n->kind),
				      n->path ? QUOTE(n->path) : "",
				      strerror(errno));
		plan->joins[plan->n_joins++] =
			(struct join_plan){ .kind = (int)n->kind, .fd = fd };
	}
	plan->has_userns |= joins(plan, CLONE_NEWUSER);
	plan->middle = needs_middle(plan);
	return 0;
}

/* Returns 1 if process and caller are in different namespaces; 0; or a negative errno. */
static int differs(pid_t pid, const char *name)
{
	struct stat own, its;
	char path[64];

	snprintf(path, sizeof(path), "/proc/self/ns/%s", name);
	/* The kernel does not have this kind of namespace. */
	if (stat(path, &own))
		return errno == ENOENT ? 0 : -errno;
	snprintf(path, sizeof(path), "/proc/%d/ns/%s", pid, name);
	if (stat(path, &its))
		return errno == ENOENT ? -ESRCH : -errno;
	return !same_file(&own, &its);
}

int plan_enter(struct launch_plan *plan, const struct enter_spec *spec,
	       struct failure *failure)
{
	int r = 0;
	size_t i;

	plan->joins = calloc(N_KINDS, sizeof(*plan->joins));
	if (!plan->joins)
		return no_memory(failure);
	plan->middle = true;
	for (i = 0; r >= 0 && i < N_KINDS; i++) {
		r = differs(spec->pid, kinds[i].name);
		if (r <= 0)
			continue;
		r = fcntl(spec->pidfd, F_DUPFD_CLOEXEC, 0);
		if (r < 0)
			r = -errno;
		else
			plan->joins[plan->n_joins++] = (struct join_plan){
				.kind = (int)kinds[i].kind,
				.fd = r,
			};
	}
	/* The process is still alive, so the PID belonged to it all the time. */
	if (r >= 0 && raw(SYS_pidfd_send_signal, spec->pidfd, 0, NULL, 0U))
		r = -ESRCH;
	if (r < 0)
		return failed(failure, EXIT_ENGINE,
			      "cannot enter the container \"%s\": %s",
			      QUOTE(spec->id),
			      r == -ESRCH ? "it has ended" : strerror(-r));
	plan->has_userns = joins(plan, CLONE_NEWUSER);
	/* Otherwise the new process would be in the host's mount namespace. */
	if (!joins(plan, CLONE_NEWNS))
		return failed(
			failure, EXIT_ENGINE,
			"cannot enter the container \"%s\": it has no mount namespace of its own",
			QUOTE(spec->id));
	return 0;
}

static int write_map(pid_t pid, const char *name, const struct id_map *map)
{
	char *text __cleanup_free = NULL;
	int fd __cleanup_close = -1;
	size_t size, i;
	char path[64];
	FILE *f;
	int bad;

	if (map->n > RANGES_MAX)
		return -E2BIG;
	f = open_memstream(&text, &size);
	if (!f)
		return -ENOMEM;
	for (i = 0; i < map->n; i++)
		fprintf(f, "%u %u %u\n", map->ranges[i].inside,
			map->ranges[i].outside, map->ranges[i].count);
	bad = ferror(f);
	if (fclose(f) || bad)
		return -ENOMEM;
	snprintf(path, sizeof(path), "/proc/%d/%s", pid, name);
	fd = open(path, O_WRONLY | O_CLOEXEC);
	/* The kernel accepts the map in one write(), or not at all. */
	return fd < 0 || write(fd, text, size) < 0 ? -errno : 0;
}

int plan_write_maps(pid_t pid, const struct id_map *uids,
		    const struct id_map *gids)
{
	int r = write_map(pid, "gid_map", gids);

	return r ? r : write_map(pid, "uid_map", uids);
}

/*
 * Join the namespaces that belong to the host before the user namespace: afterwards that
 * is not permitted. Those that belong to the user namespace may have to come after it.
 */
int child_join(struct child *c)
{
	const struct launch_plan *plan = c->plan;
	struct join_plan *j, *user = NULL;
	long r = 0;
	int pass;

	for (pass = 0; pass < 2; pass++) {
		for (j = plan->joins; j < plan->joins + plan->n_joins; j++) {
			c->index = (uint32_t)(j - plan->joins);
			if (j->kind == CLONE_NEWUSER)
				user = j;
			if (j->done || j->kind == CLONE_NEWUSER)
				continue;
			r = raw(SYS_setns, j->fd, j->kind);
			j->done = !r;
			if (r && (r != -EPERM || pass))
				return (int)r;
		}
		if (pass || !user)
			continue;
		c->index = (uint32_t)(user - plan->joins);
		r = raw(SYS_setns, user->fd, user->kind);
		if (r)
			return (int)r;
	}
	return 0;
}

int plan_clocks(struct launch_plan *plan, struct failure *failure)
{
	const struct container_spec *spec = plan->spec;
	const struct clock_offset *o;
	size_t size;
	FILE *f;
	int bad;

	if (!(spec->namespaces & CLONE_NEWTIME))
		return 0;
	f = open_memstream(&plan->clocks, &size);
	if (!f)
		return no_memory(failure);
	for (o = spec->clocks; o < spec->clocks + spec->n_clocks; o++)
		fprintf(f, "%s %lld %u\n", o->clock, (long long)o->seconds,
			o->nanoseconds);
	bad = ferror(f);
	return fclose(f) || bad ? no_memory(failure) : 0;
}

static int write_file(const char *path, const char *text)
{
	int fd __cleanup_raw_close = (int)raw(SYS_openat, AT_FDCWD, path,
					      O_WRONLY | O_CLOEXEC, 0);
	long r = fd;

	if (fd >= 0)
		r = raw(SYS_write, fd, text, strlen(text));
	return r < 0 ? (int)r : 0;
}

/* Set the offsets of a new time namespace. The kernel allows that only while it is empty. */
int child_clocks(struct child *c)
{
	const char *clocks = c->plan->clocks;
	int fd __cleanup_raw_close = -1;
	long r;

	if (!clocks)
		return 0;
	r = raw(SYS_unshare, CLONE_NEWTIME);
	if (!r && *clocks)
		r = write_file("/proc/self/timens_offsets", clocks);
	if (r)
		return (int)r;
	fd = (int)raw(SYS_openat, AT_FDCWD, "/proc/self/ns/time_for_children",
		      O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? fd : (int)raw(SYS_setns, fd, CLONE_NEWTIME);
}

/* In a new network namespace, the loopback interface is down: bring it up. */
int child_loopback(struct child *c)
{
	struct ifreq request = { .ifr_name = "lo" };
	int fd __cleanup_raw_close = -1;
	long r;

	if (!(c->plan->spec->namespaces & CLONE_NEWNET))
		return 0;
	fd = (int)raw(SYS_socket, AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	r = raw(SYS_ioctl, fd, (unsigned long)SIOCGIFFLAGS, &request);
	if (r)
		return (int)r;
	request.ifr_flags |= IFF_UP;
	return (int)raw(SYS_ioctl, fd, (unsigned long)SIOCSIFFLAGS, &request);
}
