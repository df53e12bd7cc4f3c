// SPDX-License-Identifier: GPL-2.0
/* User namespaces of containers, see userns.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "ids.h"
#include "launch/launch.h"
#include "userns.h"

/* The first kernel that has overlays over mapped folders. */
#define OVERLAY_MAJOR 5
#define OVERLAY_MINOR 19

static bool can_map_overlay(struct failure *reason)
{
	struct utsname name;
	int major = 0, minor = 0;

	if (uname(&name) ||
	    sscanf(name.release, "%d.%d", &major, &minor) != 2 ||
	    major > OVERLAY_MAJOR ||
	    (major == OVERLAY_MAJOR && minor >= OVERLAY_MINOR))
		return true;
	return !failed(
		reason, EXIT_FAILED,
		"this kernel cannot map the ids of an overlay: that needs Linux %d.%d",
		OVERLAY_MAJOR, OVERLAY_MINOR);
}

static bool can_map(int folder, int userns, const char *what, const char *path,
		    struct failure *reason)
{
	int tree __cleanup_close = launch_map_folder(folder, userns);

	if (tree >= 0)
		return true;
	if (tree == -EINVAL)
		return !failed(
			reason, EXIT_FAILED,
			"the kernel cannot map the ids of the file system of its %s %s",
			what, path);
	return !failed(reason, EXIT_FAILED, "mapping the ids of its %s %s: %s",
		       what, path, strerror(-tree));
}

/*
 * If nobody has chosen a user namespace, a volume must not change its owner for the
 * container: a user whom the container does not have would be nobody there.
 */
static bool has_owner(const struct mount_spec *m, struct failure *reason)
{
	struct stat st;

	if (fstat(m->fd, &st) < 0)
		return !failed(reason, EXIT_FAILED, "its volume %s: %s",
			       m->source, strerror(errno));
	if (st.st_uid < IDS_PER_CONTAINER && st.st_gid < IDS_PER_CONTAINER)
		return true;
	return !failed(
		reason, EXIT_FAILED,
		"its volume %s belongs to user %u and group %u, which its user namespace does not have",
		m->source, st.st_uid, st.st_gid);
}

/* The files that the container sees: its root or its layer, and its volumes. */
static bool can_map_files(const struct admission *a, bool chosen,
			  struct failure *reason)
{
	const struct supervisor *supervisor = a->c->supervisor;
	const struct mount_spec *m;

	if (!can_map(a->root.fd, a->userns,
		     a->request->rootfs ? "root" : "base", a->root.path,
		     reason))
		return false;
	if (!a->request->rootfs && !can_map_overlay(reason))
		return false;
	if (!a->request->rootfs &&
	    !can_map(supervisor->state_fd, a->userns, "state directory",
		     supervisor->roots.state, reason))
		return false;
	for (m = a->mounts.specs; m < a->mounts.specs + a->mounts.n; m++)
		if (m->is_open &&
		    (!can_map(m->fd, a->userns, "volume", m->source, reason) ||
		     (!chosen && !has_owner(m, reason))))
			return false;
	return true;
}

/* Make the namespace, which maps the container's ids to those from @first on. */
static int make(uint32_t first)
{
	const struct id_range range = { .outside = first,
					.count = IDS_PER_CONTAINER };
	const struct id_map map = { &range, 1 };

	return launch_user_namespace(&map, &map, first);
}

/* Make a user namespace only to see what can be mapped. */
static bool can_map_own(const struct supervisor *supervisor,
			struct failure *reason)
{
	const char *lacks = launch_userns_lacks();
	int userns __cleanup_close = lacks ? -1 : make(supervisor->ids.first);

	if (lacks)
		return !failed(reason, EXIT_FAILED, "%s", lacks);
	if (userns < 0)
		return !failed(reason, EXIT_FAILED,
			       "making a user namespace: %s",
			       strerror(-userns));
	return can_map(supervisor->base_fd, userns, "base",
		       supervisor->roots.base, reason) &&
	       can_map_overlay(reason) &&
	       can_map(supervisor->state_fd, userns, "state directory",
		       supervisor->roots.state, reason);
}

void userns_settle(struct supervisor *supervisor)
{
	struct failure *reason;

	if (supervisor->userns != USERNS_PLAIN)
		return;
	reason = malloc(sizeof(*reason));
	if (!reason || can_map_own(supervisor, reason)) {
		free(reason);
		return;
	}
	supervisor->userns = USERNS_HOST;
	supervisor->userns_not = reason;
}

/* What needs root of the host was asked for, so it is meant. */
static bool needs_host(const struct start_request *request)
{
	return !request->own_network || request->cap_add.n ||
	       request->privileged;
}

static enum userns_mode wanted(const struct admission *a)
{
	const struct supervisor *supervisor = a->c->supervisor;

	if (a->request->userns.chosen)
		return a->request->userns.mode;
	if (supervisor->userns != USERNS_PLAIN)
		return supervisor->userns;
	return needs_host(a->request) ? USERNS_HOST : USERNS_PLAIN;
}

static bool can_make(struct admission *a, struct failure *reason)
{
	struct supervisor *supervisor = a->c->supervisor;
	const char *lacks;
	uint32_t first;
	int err;

	if (a->request->privileged)
		return !failed(reason, EXIT_FAILED, "it is privileged");
	if (!supervisor->userns_probed) {
		supervisor->userns_probed = true;
		supervisor->userns_lacks = launch_userns_lacks();
	}
	lacks = supervisor->userns_lacks;
	if (lacks)
		return !failed(reason, EXIT_FAILED, "%s", lacks);
	err = ids_pick(supervisor, &first);
	if (err)
		return !failed(reason, EXIT_FAILED, "finding ids for it: %s",
			       err == -ENOSPC ? "all are in use" :
						strerror(-err));
	a->userns = make(first);
	/* Something may have changed since the look at the supervisor's first start. */
	lacks = a->userns < 0 ? launch_userns_lacks() : NULL;
	if (lacks)
		return !failed(reason, EXIT_FAILED, "%s", lacks);
	if (a->userns < 0)
		return !failed(reason, EXIT_FAILED,
			       "making its user namespace: %s",
			       strerror(-a->userns));
	a->c->ids.first = first;
	return true;
}

/* Tell the client, or whoever reads the supervisor's messages. */
static int warn(struct container *c, const struct failure *reason, bool client)
{
	char *old = c->warning;

	if (!client) {
		container_warning(c, 0, "its root is root of the host: %s",
				  reason->text);
		return 0;
	}
	if (asprintf(&c->warning,
		     "%s%scontainer \"%s\": its root is root of the host: %s",
		     old ? old : "", old ? "\n" : "", c->name,
		     reason->text) < 0)
		c->warning = NULL;
	free(old);
	return c->warning ? 0 : -ENOMEM;
}

static void map_volumes(struct admission *a)
{
	struct mount_spec *m;

	for (m = a->mounts.specs; m < a->mounts.specs + a->mounts.n; m++) {
		m->is_mapped = m->is_open;
		m->userns = a->userns;
	}
}

int userns_choose(struct admission *a, bool client, struct failure *failure)
{
	const enum userns_mode mode = wanted(a);
	struct failure reason;

	a->c->ids.known = true;
	if (mode == USERNS_HOST)
		return 0;
	if (can_make(a, &reason) &&
	    can_map_files(a, mode == USERNS_AUTO, &reason)) {
		map_volumes(a);
		return 0;
	}
	a->c->ids.first = 0;
	cleanup_close(&a->userns);
	return failed_if(failure, warn(a->c, &reason, client),
			 "container \"%s\"", a->c->name);
}

void userns_give_input(const struct container *c, int fd)
{
	struct stat st;

	if (c->ids.first && fd >= 0 && !fstat(fd, &st) && S_ISFIFO(st.st_mode))
		(void)!fchown(fd, c->ids.first, c->ids.first);
}
