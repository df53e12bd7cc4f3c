// SPDX-License-Identifier: GPL-2.0
/*
 * Supervisors that share the cgroup of all containers: none turns the cpu controller off
 * while another one sets a limit. A folder with plain files takes the place of the cgroup.
 */
#include <sys/file.h>

#include "cgroup/tree.h"
#include "fixture.h"
#include "scratch.h"

#define ON "cgroup.subtree_control"

static void put(int folder, const char *file, const char *text)
{
	int fd = must(openat(folder, file,
			     O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));

	must(write(fd, text, strlen(text)));
	close(fd);
}

static void test_lock(struct cgroup_tree *tree, int folder)
{
	int first, second, lock;

	is_int(cgroup_tree_turn_on_cpu(tree, &first), 0,
	       "one supervisor turns the controller on");
	is_str(get_text(folder, ON), "+cpu", "it is on");
	put(folder, ON, "cpu");
	is_int(cgroup_tree_turn_on_cpu(tree, &second), 0,
	       "another one does not wait for it");
	ok(first >= 0 && second >= 0, "both hold the lock");
	close(second);
	is_int(cgroup_tree_spare_cpu(tree), 0,
	       "a third one sees no limit, and does not wait");
	is_str(get_text(folder, ON), "cpu", "the controller stays on");
	close(first);
	lock = must(openat(folder, "cgroup.kill", O_WRONLY | O_CLOEXEC));
	must(flock(lock, LOCK_EX | LOCK_NB));
	close(lock);
	is_int(cgroup_tree_spare_cpu(tree), 0, "later it is turned off");
	is_str(get_text(folder, ON), "-cpu", "it is off");
}

static void test_limit(struct cgroup_tree *tree, int folder)
{
	put(folder, ON, "cpu");
	must(mkdirat(folder, "web", 0755));
	put(folder, "web/cpu.max", "50000 100000\n");
	is_int(cgroup_tree_spare_cpu(tree), 0, "a container has a limit");
	is_str(get_text(folder, ON), "cpu", "the controller stays on");
	put(folder, "web/cpu.max", "max 100000\n");
	is_int(cgroup_tree_spare_cpu(tree), 0, "it has none any more");
	is_str(get_text(folder, ON), "-cpu", "the controller is off");
}

/* Before Linux 5.14, there is no such file. */
static void test_no_lock(struct cgroup_tree *tree, int folder)
{
	int hold;

	must(unlinkat(folder, "cgroup.kill", 0));
	put(folder, ON, "");
	is_int(cgroup_tree_turn_on_cpu(tree, &hold), 0,
	       "a kernel without the file");
	is_int(hold, -1, "there is nothing to hold");
	put(folder, ON, "memory");
	put(folder, "cgroup.controllers", "memory pids");
	is_int(cgroup_tree_turn_on_cpu(tree, &hold), -ENODEV,
	       "a kernel without the controller");
}

int main(void)
{
	char path[] = "/tmp/purser-tree-XXXXXX";
	struct cgroup_tree tree = { 0 };
	int folder, hold;

	is_int(cgroup_tree_turn_on_cpu(&tree, &hold), -ENODEV,
	       "without cgroups there is no controller");
	is_int(cgroup_tree_spare_cpu(&tree), 0, "and none to turn off");
	if (!mkdtemp(path))
		bail("no folder");
	tree.root = path;
	folder = must(open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC));
	put(folder, "cgroup.controllers", "cpu memory");
	put(folder, ON, "");
	put(folder, "cgroup.kill", "");
	test_lock(&tree, folder);
	test_limit(&tree, folder);
	test_no_lock(&tree, folder);
	close(folder);
	scratch_remove(path);
	return tap_end();
}
