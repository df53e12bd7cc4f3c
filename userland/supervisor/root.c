// SPDX-License-Identifier: GPL-2.0
/* Roots of containers, see root.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "admission.h"
#include "base/cleanup.h"
#include "cookie.h"
#include "exposed.h"
#include "base/report.h"
#include "root.h"
#include "supervisor.h"

static const char *const own_names[N_OWN_FOLDERS] = {
	[OWN_HOST] = "the host's own root",
	[OWN_BASE] = "the base of this supervisor's overlays",
	[OWN_RUN] = "this supervisor's run directory",
	[OWN_STATE] = "this supervisor's state directory",
	[OWN_LOG] = "this supervisor's log directory",
};

static const char *const relation_names[] = {
	[RELATION_SAME] = "is",
	[RELATION_HOLDS] = "holds",
	[RELATION_INSIDE] = "is inside",
};

const char *root_own_name(enum own_folder folder)
{
	return own_names[folder];
}

const char *root_relation_name(enum relation relation)
{
	return relation_names[relation];
}

int root_find(const char *path, struct place *place)
{
	int fd __cleanup_close = open(path, O_PATH | O_DIRECTORY | O_CLOEXEC);

	*place = (struct place){ 0 };
	return fd < 0 ? -errno : place_find(fd, place);
}

int root_set_up(struct supervisor *supervisor, const char **what)
{
	int err;

	*what = supervisor->roots.base;
	err = place_find(supervisor->base_fd, &supervisor->own[OWN_BASE]);
	if (err)
		return err;
	*what = "/";
	return root_find("/", &supervisor->own[OWN_HOST]);
}

void root_take_down(struct supervisor *supervisor)
{
	for (int i = 0; i < N_OWN_FOLDERS; i++)
		place_free(&supervisor->own[i]);
	cleanup_close(&supervisor->base_fd);
}

static bool refuse_open(struct admission *a, const char *path, int err)
{
	return refuse(&a->error, EXIT_FAILED, "rootfs \"%s\": %s", path,
		      err == -EXDEV ? "it is in another mount namespace" :
				      strerror(-err));
}

static bool check_own(struct admission *a)
{
	const char *wanted = a->request->rootfs;
	const char *type = place_kernel_type(&a->root);

	if (type)
		return refuse(
			&a->error, EXIT_FAILED,
			"rootfs \"%s\" is in a file system of the kernel's own: %s",
			wanted, type);
	for (int i = 0; i < N_OWN_FOLDERS; i++) {
		enum relation relation = place_compare(&a->root,
						       &a->supervisor->own[i]);

		if (relation == RELATION_NONE ||
		    (i == OWN_HOST && relation == RELATION_INSIDE))
			continue;
		return refuse(&a->error, EXIT_FAILED, "rootfs \"%s\" %s %s",
			      wanted, relation_names[relation], own_names[i]);
	}
	return true;
}

/* A root belongs to one live container alone. */
static bool check_others(struct admission *a, const char *path)
{
	struct container *c;

	TAILQ_FOREACH(c, &a->supervisor->registry.all, link) {
		enum relation relation;

		if (c->phase == PHASE_ENDED || c->overlay)
			continue;
		relation = place_compare(&a->root, &c->root);
		/* Its root may have another name by now. */
		if (relation == RELATION_NONE &&
		    place_is_above(&c->root, a->root_fd))
			relation = RELATION_INSIDE;
		if (relation == RELATION_SAME)
			return refuse(
				&a->error, EXIT_FAILED,
				"rootfs \"%s\" is in use by container \"%s\"",
				path, c->name);
		if (relation != RELATION_NONE)
			return refuse(
				&a->error, EXIT_FAILED,
				"rootfs \"%s\" %s the root of container \"%s\"",
				path, relation_names[relation], c->name);
	}
	return true;
}

/* The one folder that is not opened anew: what has its name may have changed. */
static int open_base(struct admission *a)
{
	a->root_fd = fcntl(a->supervisor->base_fd, F_DUPFD_CLOEXEC, 0);
	if (a->root_fd < 0)
		return -errno;
	a->rootfs = strdup(a->supervisor->roots.base);
	return a->rootfs ? 0 : -ENOMEM;
}

static bool note_exposure(struct admission *a)
{
	if (!exposed(a->root_fd))
		return true;
	if (asprintf(
		    &a->warning,
		    "container \"%s\": users of the host can enter its root %s, and run as root what it makes setuid there: have it in a folder that root alone may enter",
		    a->request->id, a->rootfs) >= 0)
		return true;
	a->warning = NULL;
	return refuse(&a->error, EXIT_FAILED, "container \"%s\": %s",
		      a->request->id, strerror(ENOMEM));
}

bool root_admit(struct admission *a)
{
	const char *wanted = a->request->rootfs;
	const char *path = wanted ? wanted : a->supervisor->roots.base;
	int err = wanted ? path_open_dir(wanted, &a->root_fd, &a->rootfs) :
			   open_base(a);

	if (!err)
		err = place_find(a->root_fd, &a->root);
	if (err)
		return refuse_open(a, path, err);
	if (wanted && !check_own(a))
		return false;
	return check_others(a, path) && (!wanted || note_exposure(a));
}

int root_find_known(const struct cookie_fields *fields, struct place *place)
{
	int err = root_find(fields->rootfs, place);

	if (err == -ENOMEM)
		return err;
	/* A cookie that does not tell is of an earlier version. */
	if (!fields->root_ino || (!err && place->dev == fields->root_dev &&
				  place->ino == fields->root_ino))
		return 0;
	/* Its name leads elsewhere now: all that is known of it is its number. */
	if (!err)
		place_free(place);
	*place = (struct place){
		.dev = fields->root_dev,
		.ino = fields->root_ino,
	};
	return 0;
}

int root_recover(struct container *c, const struct cookie_fields *fields)
{
	return fields->overlay ? 0 : root_find_known(fields, &c->root);
}
