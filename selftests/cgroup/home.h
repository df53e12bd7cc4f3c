/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Cgroups of OCI containers in a test.
 *
 * The test runs in a child, in namespaces of its own: all cgroups that it sees are below
 * one that the parent makes and removes. Where cgroup v1 is mounted, too, the child mounts
 * v2 in its place.
 */
#ifndef SELFTESTS_CGROUP_HOME_H
#define SELFTESTS_CGROUP_HOME_H

#include <sched.h>
#include <sys/mount.h>
#include <sys/resource.h>

#include "cgroup/home.h"
#include "fixture.h"

#define TOP  "/sys/fs/cgroup"
#define NAME "purser-test-home"

static const struct cgroup_resources nothing;
static struct failure failure;

/* Enter a cgroup below the one that is to be the root: no process may be in that. */
static inline bool enter(int root)
{
	int self;
	bool entered;

	if (mkdirat(root, "self", 0755))
		return false;
	self = must(openat(root, "self", O_RDONLY | O_DIRECTORY));
	entered = !put_text(root, "cgroup.procs", "0") &&
		  !unshare(CLONE_NEWCGROUP | CLONE_NEWNS) &&
		  !put_text(self, "cgroup.procs", "0");
	close(self);
	return entered;
}

static inline int make_by(struct cgroup_home *home, enum cgroup_manager manager,
			  const char *path,
			  const struct cgroup_resources *resources,
			  const struct device_rule *rules, size_t n_rules)
{
	int err;

	failure.text[0] = '\0';
	err = cgroup_home_place(home, manager, path, "c1", &failure);
	home->mark = "mark";
	if (!err)
		err = cgroup_home_make(home, "c1", resources, rules, n_rules,
				       &failure);
	if (err)
		cgroup_home_free(home);
	return err;
}

/* Returns false if no cgroup can be made here. */
static inline bool set_up(int root)
{
	struct cgroup_home home;
	struct statfs fs;

	if (root < 0 || !enter(root) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	if (!statfs(TOP, &fs) && fs.f_type != CGROUP2_SUPER_MAGIC) {
		is_int(make_by(&home, CGROUP_MANAGER_CGROUPFS, NAME, &nothing,
			       NULL, 0),
		       -1, "cgroup v1 is refused");
		is_str(failure.text,
		       "the controllers of this host are in cgroup v1; containers need cgroup v2 (kernel parameter systemd.unified_cgroup_hierarchy=1)",
		       "with a text that says what to do");
	}
	return !umount2(TOP, MNT_DETACH) &&
	       !mount("cgroup2", TOP, "cgroup2", 0, NULL);
}

static inline int make(struct cgroup_home *home, const char *path,
		       const struct cgroup_resources *resources)
{
	static const struct device_rule rules[] = {
		{ false, 'a', -1, -1, DEVICE_ALL },
	};

	return make_by(home, CGROUP_MANAGER_CGROUPFS, path, resources, rules,
		       1);
}

static inline bool exists(const char *path)
{
	return !access(path, F_OK);
}

/** run_below() - run a test in a child; @root: the cgroup that is to be its root, or -1 */
static inline int run_below(int (*test)(int root))
{
	int root = make_cgroup(), status;
	pid_t pid = must(fork());

	if (!pid)
		exit(test(root));
	status = reap(pid);
	if (root >= 0)
		unlinkat(root, "self", AT_REMOVEDIR);
	close(root);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 1;
}

#endif /* SELFTESTS_CGROUP_HOME_H */
