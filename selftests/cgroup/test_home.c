// SPDX-License-Identifier: GPL-2.0
/*
 * The cgroup of an OCI container, made by Purser: making, freezing, listing, removal, and
 * what is refused. test_systemd.sh has those that systemd makes.
 *
 * Where cgroup v1 is mounted too, the test mounts v2 in its place, in a mount namespace of
 * its own.
 */
#include <sched.h>
#include <sys/mount.h>

#include "cgroup/home.h"
#include "fixture.h"

#define TOP  "/sys/fs/cgroup"
#define NAME "purser-test-home"

static const struct cgroup_resources nothing;
static struct failure failure;

static bool is_v2(void)
{
	struct statfs fs;

	return !statfs(TOP, &fs) && fs.f_type == CGROUP2_SUPER_MAGIC;
}

/* Returns false if no cgroup can be made here. */
static bool set_up(void)
{
	struct cgroup_home home;

	if (geteuid() || unshare(CLONE_NEWNS) ||
	    mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL))
		return false;
	if (!is_v2()) {
		is_int(cgroup_home_make(&home, CGROUP_MANAGER_CGROUPFS, NAME,
					"c", &nothing, NULL, 0, &failure),
		       -1, "cgroup v1 is refused");
		is_str(failure.text,
		       "the controllers of this host are in cgroup v1; containers need cgroup v2 (kernel parameter systemd.unified_cgroup_hierarchy=1)",
		       "with a text that says what to do");
		if (umount2(TOP, MNT_DETACH) ||
		    mount("cgroup2", TOP, "cgroup2", 0, NULL))
			return false;
	}
	return !mkdir(TOP "/" NAME, 0755) && !rmdir(TOP "/" NAME);
}

static int make(struct cgroup_home *home, const char *path,
		const struct cgroup_resources *resources)
{
	static const struct device_rule rules[] = {
		{ false, 'a', -1, -1, DEVICE_ALL },
	};

	failure.text[0] = '\0';
	return cgroup_home_make(home, CGROUP_MANAGER_CGROUPFS, path, "c1",
				resources, rules, 1, &failure);
}

static bool exists(const char *path)
{
	return !access(path, F_OK);
}

static void test_life(void)
{
	struct cgroup_home home, again;
	pid_t child, *pids;
	size_t n;

	if (!is_int(make(&home, NAME "/a//./b/", &nothing), 0,
		    "a cgroup is made"))
		bail("%s", failure.text);
	is_str(home.path, TOP "/" NAME "/a/b", "where the path says");
	ok(exists(home.path), "its folder is there");
	is_int(cgroup_home_pids(&home, &pids, &n, &failure), 0,
	       "its processes can be listed");
	ok(n == 0 && !pids, "there are none");

	child = start_in(home.fd);
	is_int(cgroup_home_pids(&home, &pids, &n, &failure), 0,
	       "a process enters it");
	ok(n == 1 && pids[0] == child, "the list has it");
	free(pids);
	is_int(make(&again, NAME "/a/b", &nothing), -1,
	       "a second container gets no cgroup with processes in it");
	is_str(failure.text,
	       "the cgroup " TOP "/" NAME
	       "/a/b exists, and there are processes in it",
	       "and is told so");

	is_int(cgroup_home_frozen(&home), 0, "it is not frozen");
	is_int(cgroup_home_freeze(&home, true, &failure), 0, "it is frozen");
	is_int(cgroup_home_frozen(&home), 1, "and says so");
	is_int(cgroup_home_freeze(&home, false, &failure), 0, "it is thawed");
	is_int(cgroup_home_frozen(&home), 0, "and says so");

	is_int(cgroup_home_freeze(&home, true, &failure), 0,
	       "it is frozen again");
	is_int(cgroup_home_remove(&home, &failure), 0,
	       "it is removed with a frozen process in it");
	is_int(WTERMSIG(reap(child)), SIGKILL, "which was killed");
	ok(!exists(TOP "/" NAME "/a/b"), "its folder is gone");
	ok(exists(TOP "/" NAME "/a"), "the one above is not");
	is_int(cgroup_home_remove(&home, &failure), 0,
	       "it can be removed again");
	is_int(cgroup_home_frozen(&home), -ENOENT, "it is gone");
	cgroup_home_free(&home);
	rmdir(TOP "/" NAME "/a");
	rmdir(TOP "/" NAME);
}

static void test_open(void)
{
	struct cgroup_home home, other;

	is_int(make(&home, "/" NAME, &nothing), 0, "a cgroup is made");
	cgroup_home_init(&other);
	other.manager = CGROUP_MANAGER_CGROUPFS;
	other.path = strdup(home.path);
	is_int(cgroup_home_open(&other), 0, "it is opened by its path");
	is_int(cgroup_home_frozen(&other), 0, "and can be used");
	is_int(cgroup_home_remove(&other, &failure), 0, "and be removed");
	is_int(cgroup_home_open(&other), -ENOENT, "then it is gone");
	is_int(cgroup_home_remove(&other, &failure), 0,
	       "removing it is no error");
	is_int(cgroup_home_freeze(&other, true, &failure), -1,
	       "freezing it is one");
	is_str(failure.text, "its cgroup is gone", "that says why");
	cgroup_home_free(&other);
	cgroup_home_free(&home);
}

/* A container's processes can make cgroups below. */
static void test_below(void)
{
	struct cgroup_home home;
	pid_t child[3], *pids;
	size_t n;
	int fd;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup is made");
	for (int i = 0; i < 3; i++) {
		char path[64];

		snprintf(path, sizeof(path), "x%d", i);
		must(mkdirat(home.fd, path, 0755));
		snprintf(path, sizeof(path), "x%d/y", i);
		must(mkdirat(home.fd, path, 0755));
		fd = must(openat(home.fd, path, O_RDONLY | O_DIRECTORY));
		child[i] = start_in(fd);
		close(fd);
	}
	is_int(cgroup_home_pids(&home, &pids, &n, &failure), 0,
	       "its processes can be listed");
	ok(n == 3 && pids[0] < pids[1] && pids[1] < pids[2],
	   "also those in cgroups below, in order");
	free(pids);
	is_int(cgroup_home_freeze(&home, true, &failure), 0,
	       "all are frozen with it");
	is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
	for (int i = 0; i < 3; i++)
		is_int(WTERMSIG(reap(child[i])), SIGKILL, "a child was killed");
	ok(!exists(home.path), "nothing is left");
	cgroup_home_free(&home);
}

/* Deeper than there are descriptors, and wide. */
static void test_deep(void)
{
	struct cgroup_home home;
	int fd, next, depth = 0;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup is made");
	for (int i = 0; i < 100; i++) {
		char name[16];

		snprintf(name, sizeof(name), "w%d", i);
		mkdirat(home.fd, name, 0755);
	}
	fd = must(dup(home.fd));
	while (depth < 1500 && !mkdirat(fd, "d", 0755)) {
		mkdirat(fd, "e", 0755);
		next = must(openat(fd, "d", O_RDONLY | O_DIRECTORY));
		close(fd);
		fd = next;
		depth++;
	}
	close(fd);
	ok(depth > 1100, "%d cgroups are made below each other", depth);
	is_int(cgroup_home_remove(&home, &failure), 0, "all are removed");
	ok(!exists(home.path), "nothing is left");
	cgroup_home_free(&home);
}

/* What an earlier container has left, without processes. */
static void test_old(void)
{
	struct cgroup_home home;
	pid_t child;
	int fd;

	must(mkdir(TOP "/" NAME, 0755));
	fd = must(open(TOP "/" NAME, O_RDONLY | O_DIRECTORY));
	must(-put_text(fd, "cgroup.freeze", "1"));
	close(fd);
	is_int(make(&home, NAME, &nothing), 0,
	       "a cgroup that is there is taken");
	child = start_in(home.fd);
	is_int(cgroup_home_frozen(&home), 0, "it is not frozen any more");
	is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
	reap(child);
	cgroup_home_free(&home);
}

static void test_bad(void)
{
	static const struct cgroup_pair pair = { "nonsense.max", "1" };
	const struct cgroup_resources bad = { .unified = &pair,
					      .n_unified = 1 };
	struct cgroup_home home;

	is_int(make(&home, NAME "/a/b/c", &bad), -1,
	       "resources that cannot be set are an error");
	is_str(failure.text,
	       "cannot write \"1\" to nonsense.max: the cgroup has no such file; the controller \"nonsense\" may not be on",
	       "with a text that says which");
	ok(!exists(TOP "/" NAME), "nothing is left of it");
	ok(!home.path && home.fd < 0, "nor in the structure");
	is_int(make(&home, "../x", &nothing), -1, "\"..\" is refused");
	is_int(make(&home, "/", &nothing), -1, "the root is refused");
	is_int(cgroup_home_make(&home, CGROUP_MANAGER_SYSTEMD, "/a/b", "c1",
				&nothing, NULL, 0, &failure),
	       -1, "systemd has no paths");
}

static void test_disabled(void)
{
	struct cgroup_home home;
	pid_t *pids;
	size_t n;

	is_int(cgroup_home_make(&home, CGROUP_MANAGER_DISABLED, NAME, "c1",
				&nothing, NULL, 0, &failure),
	       0, "no cgroup is made if none is wanted");
	ok(!home.path && home.fd < 0, "there is none");
	is_int(cgroup_home_open(&home), 0, "there is nothing to open");
	is_int(cgroup_home_update(&home, &nothing, &failure), -1,
	       "nothing to change");
	is_str(failure.text, "it has no cgroup of its own", "as the text says");
	is_int(cgroup_home_pids(&home, &pids, &n, &failure), -1,
	       "nothing to list");
	is_int(cgroup_home_remove(&home, &failure), 0, "nothing to remove");
	cgroup_home_free(&home);
}

/* With the controllers that there are. */
static void test_update(void)
{
	const struct cgroup_resources first = { .pids_limit = { true, 100 } };
	const struct cgroup_resources second = { .pids_limit = { true, -1 } };
	struct cgroup_home home;

	if (!strstr(get_text(AT_FDCWD, TOP "/cgroup.controllers"), "pids")) {
		skip("resources are set", "there is no controller for pids");
		return;
	}
	is_int(make(&home, NAME "/a/b", &first), 0, "resources are set");
	is_str(get_text(home.fd, "pids.max"), "100\n", "with the cgroup");
	is_int(cgroup_home_update(&home, &second, &failure), 0,
	       "they are changed");
	is_str(get_text(home.fd, "pids.max"), "max\n", "later");
	is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
	cgroup_home_free(&home);
	rmdir(TOP "/" NAME "/a");
	rmdir(TOP "/" NAME);
}

static void test_read_only(void)
{
	struct cgroup_home home;

	must(mount(NULL, TOP, NULL, MS_REMOUNT | MS_BIND | MS_RDONLY, NULL));
	is_int(make(&home, NAME, &nothing), -1,
	       "a read-only mount is an error");
	is_str(failure.text,
	       "cannot make the cgroup " TOP "/" NAME
	       ": cgroup v2 is mounted read-only",
	       "with a text that says so");
	is_int(failure.code, EXIT_NO_PERMISSION, "and its code");
	must(umount2(TOP, MNT_DETACH));
}

static void test_none(void)
{
	struct cgroup_home home;

	is_int(make(&home, NAME, &nothing), -1, "no cgroup v2 is an error");
	is_str(failure.text, "cgroup v2 is not mounted",
	       "with a text that says so");
}

int main(void)
{
	test_disabled();
	if (!set_up()) {
		skip("cgroups", "no cgroup of version 2 can be made here");
		return tap_end();
	}
	test_life();
	test_open();
	test_below();
	test_deep();
	test_old();
	test_bad();
	test_update();
	test_read_only();
	test_none();
	return tap_end();
}
