// SPDX-License-Identifier: GPL-2.0
/*
 * The cgroup of an OCI container, made by Purser: making, freezing, listing, removal, and
 * what is refused. test_systemd.sh has those that systemd makes, and
 * test_home_limits.c has the resources.
 */
#include "home.h"

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
	other.mark = "mark";
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

/* Two containers whose configurations name one cgroup. */
static void test_mark(void)
{
	struct cgroup_home home, other;
	pid_t child;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup is made");
	child = start_in(home.fd);
	must(cgroup_home_place(&other, CGROUP_MANAGER_CGROUPFS, NAME, "c2",
			       &failure));
	other.mark = "another";
	is_int(cgroup_home_open(&other), -ENOENT,
	       "another container does not open it");
	is_int(cgroup_home_make(&other, "c2", &nothing, NULL, 0, &failure), -1,
	       "nor make it");
	is_int(cgroup_home_remove(&other, &failure), 0,
	       "it has nothing to remove there");
	ok(!kill(child, 0), "and kills no process there");
	cgroup_home_free(&other);
	is_int(cgroup_home_remove(&home, &failure), 0, "the first removes it");
	must(waitpid(child, NULL, 0));
	ok(!exists(home.path), "it is gone");
	cgroup_home_free(&home);
}

static void test_place(void)
{
	struct cgroup_home home;

	is_int(cgroup_home_place(&home, CGROUP_MANAGER_CGROUPFS, NULL, "c.1",
				 &failure),
	       0, "a place can be found before");
	is_str(home.path, TOP "/purser-oci/_c.1", "with a path");
	ok(!exists(home.path) && home.fd < 0, "nothing is made there");
	is_int(cgroup_home_remove(&home, &failure), 0,
	       "removing it is no error");
	cgroup_home_free(&home);
	is_int(cgroup_home_place(&home, CGROUP_MANAGER_SYSTEMD, ":p:n", "c1",
				 &failure),
	       0, "so can that of a scope");
	is_str(home.scope, "p-n.scope", "with a name");
	ok(!home.path, "and no path yet");
	cgroup_home_free(&home);
}

static void test_delegate(void)
{
	struct cgroup_home home;
	struct stat st;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup is made");
	is_int(cgroup_home_delegate(&home, 12345, &failure), 0,
	       "it is delegated");
	must(fstat(home.fd, &st));
	is_int(st.st_uid, 12345, "its folder has another owner");
	must(fstatat(home.fd, "cgroup.procs", &st, 0));
	is_int(st.st_uid, 12345, "so has cgroup.procs");
	must(fstatat(home.fd, "cgroup.max.depth", &st, 0));
	is_int(st.st_uid, 0, "cgroup.max.depth has not");
	is_int(cgroup_home_remove(&home, &failure), 0, "it is removed");
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
	struct rlimit limit;
	struct cgroup_home home;
	int fd, next, depth = 0;

	is_int(make(&home, NAME, &nothing), 0, "a cgroup is made");
	for (int i = 0; i < 20; i++) {
		char name[16];

		snprintf(name, sizeof(name), "w%d", i);
		mkdirat(home.fd, name, 0755);
	}
	fd = must(dup(home.fd));
	while (depth < 150 && !mkdirat(fd, "d", 0755)) {
		mkdirat(fd, "e", 0755);
		next = must(openat(fd, "d", O_RDONLY | O_DIRECTORY));
		close(fd);
		fd = next;
		depth++;
	}
	close(fd);
	is_int(depth, 150, "cgroups are made below each other");
	must(getrlimit(RLIMIT_NOFILE, &limit));
	must(setrlimit(RLIMIT_NOFILE, &(struct rlimit){ 64, limit.rlim_max }));
	is_int(cgroup_home_remove(&home, &failure), 0, "all are removed");
	must(setrlimit(RLIMIT_NOFILE, &limit));
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
	is_int(make_by(&home, CGROUP_MANAGER_SYSTEMD, "/a/b", &nothing, NULL,
		       0),
	       -1, "systemd has no paths");
}

static void test_disabled(void)
{
	struct cgroup_home home;
	pid_t *pids;
	size_t n;

	is_int(make_by(&home, CGROUP_MANAGER_DISABLED, NAME, &nothing, NULL, 0),
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

/* Make a cgroup as another user; returns 0, the code of the failure, or 100. */
static int make_as(uid_t uid, bool in_namespace, const char *path, char *text,
		   size_t room)
{
	int out[2], status;
	pid_t pid;
	ssize_t n;

	must(pipe2(out, O_CLOEXEC));
	pid = must(fork());
	if (!pid) {
		struct cgroup_home home;
		int err;

		if (setresgid(uid, uid, uid) || setresuid(uid, uid, uid) ||
		    (in_namespace && unshare(CLONE_NEWUSER)))
			_exit(100);
		err = make(&home, path, &nothing);
		dprintf(out[1], "%s", failure.text);
		if (!err)
			cgroup_home_remove(&home, &failure);
		_exit(err ? failure.code : 0);
	}
	close(out[1]);
	n = read(out[0], text, room - 1);
	text[n > 0 ? n : 0] = '\0';
	close(out[0]);
	status = reap(pid);
	return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

static void test_rootless(void)
{
	char text[512];
	int code;

	is_int(make_as(12345, false, NAME "/x", text, sizeof(text)),
	       EXIT_NO_PERMISSION, "another user can make no cgroup");
	is_str(text,
	       "cannot make the cgroup " TOP "/" NAME
	       "/x: it is not in a cgroup that is delegated to this user",
	       "and is told why");

	must(mkdir(TOP "/" NAME, 0755));
	must(chown(TOP "/" NAME, 12345, 12345));
	is_int(make_as(12345, false, NAME "/x", text, sizeof(text)),
	       EXIT_NO_PERMISSION, "in a delegated cgroup that user cannot");
	is_str(text,
	       "cannot load the program of device rules: Operation not permitted",
	       "since there would be no device rules");
	ok(!exists(TOP "/" NAME "/x"), "nothing is left");
	code = make_as(12345, true, NAME "/x", text, sizeof(text));
	if (code == 100)
		skip("root of a user namespace can",
		     "users can make no namespaces here");
	else if (!is_int(code, 0, "root of a user namespace can"))
		printf("# %s\n", text);
	ok(!exists(TOP "/" NAME "/x"), "and remove it");
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

static int test(int root)
{
	test_disabled();
	if (!set_up(root)) {
		skip("cgroups", "no cgroup of version 2 can be made here");
		return tap_end();
	}
	test_life();
	test_open();
	test_place();
	test_mark();
	test_delegate();
	test_below();
	test_deep();
	test_old();
	test_bad();
	test_rootless();
	test_read_only();
	test_none();
	return tap_end();
}

int main(void)
{
	return run_below(test);
}
