// SPDX-License-Identifier: GPL-2.0
/* The containers of other supervisors, see neighbours.h. */
#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "admission.h"
#include "base/cleanup.h"
#include "cookie.h"
#include "neighbours.h"
#include "base/report.h"
#include "root.h"
#include "supervisor.h"

/**
 * struct look - at all records
 * @root: NULL where the supervisor's own folders alone are looked at
 * @error: filled where something is in the way
 */
struct look {
	struct supervisor *supervisor;
	uint64_t before; /* records with higher ids came later; 0: none did */
	const char *rootfs;
	const struct place *root;
	int root_fd;
	bool overlay;
	bool refused;
	struct failure error;
};

/** struct neighbour - a container of another supervisor */
struct neighbour {
	const char *name;
	const struct cookie_fields *has;
	struct place root;
};

static int refuse_root(struct look *look, const struct neighbour *n,
		       enum relation relation, const char *what)
{
	look->refused = true;
	refuse(&look->error, EXIT_FAILED,
	       "rootfs \"%s\" %s %s container \"%s\", of the supervisor of %s",
	       look->rootfs, root_relation_name(relation), what, n->name,
	       n->has->run);
	return -ECANCELED;
}

/* Many overlays may have a base, if nobody writes it. */
static int compare_roots(struct look *look, const struct neighbour *n)
{
	enum relation relation = place_compare(look->root, &n->root);

	if (look->overlay && n->has->overlay)
		return 0;
	if (relation == RELATION_NONE &&
	    place_is_above(&n->root, look->root_fd))
		relation = RELATION_INSIDE;
	if (relation == RELATION_NONE)
		return 0;
	return refuse_root(look, n, relation,
			   n->has->overlay ? "the base of" : "the root of");
}

static int compare_folder(struct look *look, const struct neighbour *n,
			  const char *path, const char *what)
{
	struct place place;
	enum relation relation;
	int err = path ? root_find(path, &place) : -ENOENT;

	/* What is not there any more is in nobody's way. */
	if (err)
		return err == -ENOMEM ? err : 0;
	relation = place_compare(look->root, &place);
	place_free(&place);
	return relation == RELATION_NONE ? 0 :
					   refuse_root(look, n, relation, what);
}

/* A root beside the folders of the other supervisor. */
static int compare_its_folders(struct look *look, const struct neighbour *n)
{
	__cleanup_free char *log = n->has->log ? strdup(n->has->log) : NULL;
	int err;

	if (look->overlay)
		return 0;
	if (n->has->log && !log)
		return -ENOMEM;
	err = compare_folder(look, n, n->has->run, "the run directory of");
	if (!err)
		err = compare_folder(look, n, n->has->state,
				     "the state directory of");
	if (!err)
		err = compare_folder(look, n, log ? dirname(log) : NULL,
				     "the log directory of");
	return err;
}

/* The folders of this supervisor beside the other's root. */
static int compare_own_folders(struct look *look, const struct neighbour *n)
{
	static const enum own_folder folders[] = { OWN_RUN, OWN_STATE,
						   OWN_LOG };

	if (n->has->overlay)
		return 0;
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		enum relation relation = place_compare(
			&look->supervisor->own[folders[i]], &n->root);

		if (relation == RELATION_NONE)
			continue;
		look->refused = true;
		refuse(&look->error, EXIT_FAILED,
		       "%s %s the root of container \"%s\", of the supervisor of %s",
		       root_own_name(folders[i]), root_relation_name(relation),
		       n->name, n->has->run);
		return -ECANCELED;
	}
	return 0;
}

static int compare(struct look *look, struct neighbour *n)
{
	int err = root_find_known(n->has, &n->root);

	if (!err)
		err = compare_own_folders(look, n);
	if (!err && look->root)
		err = compare_roots(look, n);
	if (!err && look->root)
		err = compare_its_folders(look, n);
	place_free(&n->root);
	return err;
}

static int look_at(const struct purser_container *record, void *arg)
{
	struct look *look = arg;
	struct neighbour n = { .name = record->name };
	struct cookie cookie;
	int err;

	if (record->state == PURSER_STATE_EXITED || !record->cookie_len ||
	    (look->before && record->id >= look->before) ||
	    registry_id(&look->supervisor->registry, record->id))
		return 0;
	err = cookie_parse(record, NULL, &cookie);
	/* Of a version that nobody knows, or not of a supervisor at all. */
	if (err)
		return err == -ENOMEM ? err : 0;
	n.has = &cookie.fields;
	/* This one's own, and not taken over yet. */
	if (strcmp(n.has->run, look->supervisor->roots.run))
		err = compare(look, &n);
	cookie_free(&cookie);
	return err;
}

static int look_around(struct look *look)
{
	int err = purser_list(look->supervisor->kernel.dumps, 0, look_at, look);

	return look->refused ? 0 : err;
}

bool neighbours_admit(struct admission *a, const struct place *root,
		      uint64_t id)
{
	struct look look = {
		.supervisor = a->supervisor,
		.before = id,
		.rootfs = a->request->rootfs ? a->request->rootfs :
					       a->supervisor->roots.base,
		.root = root,
		.root_fd = a->root_fd,
		.overlay = !a->request->rootfs,
	};
	int err = look_around(&look);

	if (err)
		return refuse(
			&a->error, EXIT_FAILED,
			"container \"%s\": looking for its root in the kernel's table: %s",
			a->request->id, strerror(-err));
	if (look.refused)
		a->error = look.error;
	return !look.refused;
}

int neighbours_check_folders(struct supervisor *supervisor)
{
	struct look look = { .supervisor = supervisor, .root_fd = -1 };
	int err = look_around(&look);

	if (err) {
		report(err, "reading the kernel's table");
		return EXIT_FAILED;
	}
	if (look.refused)
		report(0, "%s", look.error.text);
	return look.refused ? EXIT_FAILED : EXIT_OK;
}
