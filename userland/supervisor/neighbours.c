// SPDX-License-Identifier: GPL-2.0
/* The containers of other supervisors, see neighbours.h. */
#include <errno.h>
#include <libgen.h>
#include <string.h>

#include "base/array.h"
#include "base/cleanup.h"
#include "neighbours.h"

/**
 * struct look - a comparison with all records
 * @root: the root of the new container; NULL: compare only the supervisor's folders
 */
struct look {
	struct supervisor *supervisor;
	uint64_t before; /* permit records with this or a higher id; 0: none */
	const char *wanted;
	const struct root *root;
	bool overlay;
	bool refused; /* the failure is filled */
	bool seen;    /* there is a live container of another supervisor */
	struct failure *failure;
};

/** struct neighbour - a container of another supervisor */
struct neighbour {
	const char *name;
	const struct cookie *has;
	struct place root;
};

static int refuse_root(struct look *look, const struct neighbour *n,
		       enum relation relation, const char *what)
{
	look->refused = true;
	return failed(
		look->failure, EXIT_FAILED,
		"rootfs \"%s\" %s %s container \"%s\", of the supervisor of %s",
		look->wanted, root_relation_name(relation), what, n->name,
		n->has->run);
}

/* Overlays may share a base, because nothing writes to it. */
static int compare_roots(struct look *look, const struct neighbour *n)
{
	enum relation relation = place_compare(&look->root->place, &n->root);

	if (look->overlay && n->has->overlay)
		return 0;
	if (relation == RELATION_NONE &&
	    place_is_above(&n->root, look->root->fd))
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

	/* A folder that does not exist any more cannot be in the way. */
	if (err)
		return err == -ENOMEM ? err : 0;
	relation = place_compare(&look->root->place, &place);
	place_free(&place);
	return relation == RELATION_NONE ? 0 :
					   refuse_root(look, n, relation, what);
}

/* Compare the root with the other supervisor's folders. */
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

/* Compare the folders of this supervisor with the other container's root. */
static int compare_own_folders(struct look *look, const struct neighbour *n)
{
	static const enum own_folder folders[] = { OWN_RUN, OWN_STATE,
						   OWN_LOG };

	if (n->has->overlay)
		return 0;
	for (size_t i = 0; i < ARRAY_SIZE(folders); i++) {
		enum relation relation = place_compare(
			&look->supervisor->own[folders[i]], &n->root);

		if (relation == RELATION_NONE)
			continue;
		look->refused = true;
		return failed(
			look->failure, EXIT_FAILED,
			"%s %s the root of container \"%s\", of the supervisor of %s",
			root_own_name(folders[i]), root_relation_name(relation),
			n->name, n->has->run);
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

static int compare_record(const struct purser_container *record, void *arg)
{
	struct look *look = arg;
	struct neighbour n = { .name = record->name };
	struct cookie cookie;
	int err;

	if (!record->cookie_len ||
	    !neighbours_is_foreign(&look->supervisor->registry, record))
		return 0;
	err = cookie_parse(record, NULL, &cookie);
	/* The cookie is of another version, or of another program. */
	if (err)
		return err == -ENOMEM ? err : 0;
	n.has = &cookie;
	/* A container of this supervisor may not have been taken over yet. */
	if (strcmp(cookie.run, look->supervisor->roots.run)) {
		look->seen = true;
		if (!look->before || record->id < look->before)
			err = compare(look, &n);
	}
	cookie_free(&cookie);
	return err;
}

static int look_at_all(struct look *look)
{
	struct supervisor *supervisor = look->supervisor;
	int err;

	supervisor->alone = false;
	err = kernel_list(&supervisor->kernel, compare_record, look);
	if (look->refused)
		return -1;
	/* A record that came meanwhile is an event that this supervisor has not read yet. */
	supervisor->alone = !err && !look->seen;
	return failed_if(look->failure, err, "reading the kernel's table");
}

/** struct news - the events that the supervisor has not read yet */
struct news {
	const struct registry *registry;
	uint64_t next; /* the number of the next event */
	bool foreign;
};

static int look_at_event(const struct purser_event *e, void *arg)
{
	struct news *news = arg;

	if (e->seq != news->next++ ||
	    neighbours_is_foreign(news->registry, &e->container))
		news->foreign = true;
	return 0;
}

bool neighbours_is_foreign(const struct registry *registry,
			   const struct purser_container *record)
{
	return record->state != PURSER_STATE_EXITED &&
	       !registry_id(registry, record->id);
}

/*
 * Whether no live container of another supervisor can be in the table. That was so when
 * the table was read last, and since then no event says that another container was
 * registered. So a start takes no longer if there are many containers. False also means
 * that this is not known. @checked: kernel_check() was just called.
 */
static bool is_alone(struct supervisor *supervisor, bool checked)
{
	struct kernel *kernel = &supervisor->kernel;
	struct news news = {
		.registry = &supervisor->registry,
		.next = kernel->stream.last + 1,
	};

	if (!supervisor->alone)
		return false;
	if (checked && kernel->newest == kernel->stream.last)
		return true;
	return !purser_events_since(kernel->dumps, kernel->stream.last,
				    look_at_event, &news) &&
	       !news.foreign;
}

int neighbours_check(struct supervisor *supervisor, const struct root *root,
		     const char *wanted, bool overlay, uint64_t id,
		     struct failure *failure)
{
	struct look look = {
		.supervisor = supervisor,
		.before = id,
		.wanted = wanted ? wanted : supervisor->roots.base,
		.root = root,
		.overlay = overlay,
		.failure = failure,
	};

	return is_alone(supervisor, !id) ? 0 : look_at_all(&look);
}

int neighbours_check_folders(struct supervisor *supervisor,
			     struct failure *failure)
{
	struct look look = { .supervisor = supervisor, .failure = failure };

	return look_at_all(&look);
}
