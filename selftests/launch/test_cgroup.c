// SPDX-License-Identifier: GPL-2.0
/* A container that is born in a cgroup: any of version 2 will do here. */
#include "cgroup2.h"
#include "fixture.h"

/* Which cgroup of version 2 a process is in, as this one sees it. */
static const char *cgroup_of(pid_t pid)
{
	static char name[PATH_MAX];
	char path[64], *text, *line;

	snprintf(path, sizeof(path), "/proc/%d/cgroup", pid);
	text = get_file(path);
	line = strstr(text, "0::");
	snprintf(name, sizeof(name), "%.*s",
		 line ? (int)strcspn(line, "\n") : 0, line ? line : "");
	free(text);
	return name;
}

static char *get_file_of_proc(const char *path)
{
	char text[4096];
	int fd = must(open(path, O_RDONLY | O_CLOEXEC));
	ssize_t n = must(read(fd, text, sizeof(text) - 1));

	close(fd);
	text[n] = '\0';
	return strdup(text);
}

static void test_birth(int folder)
{
	struct container_spec spec = fixture_spec(SH("cat /proc/self/cgroup"));
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct failure err;
	struct launch l;
	char path[PATH_MAX + sizeof("/cgroup.procs")];
	char *text;

	spec.cgroup_fd = folder;
	must(mkdir(STATE, 0700));
	must(begin_launch(&l, &spec, (int[]){ 0, out, out }, &err));
	ok(!strcmp(strrchr(cgroup_of(l.pid), '/'), strrchr(cgroup_path, '/')),
	   "it is in its cgroup before it is let go");
	snprintf(path, sizeof(path), "%s/cgroup.procs", cgroup_path);
	text = get_file_of_proc(path);
	is_int(atoi(text), l.pid, "as the cgroup says, too");
	free(text);

	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "it runs");
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 0, "and ends");
	close(l.pidfd);
	must(overlay_remove(STATE));
	text = get_fd(out);
	close(out);
	ok(strstr(text, "0::/\n"), "its cgroup is the root of those it sees");
	free(text);
}

static void test_none(void)
{
	struct container_spec spec = fixture_spec(SH("cat /proc/self/cgroup"));
	struct outcome o __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container without a cgroup of its own runs");
	ok(strstr(o.output, "0::/\n"), "it sees none above the one it is in");
}

static void test_bad(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;
	int folder = must(open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC));

	spec.cgroup_fd = folder;
	run(&spec, &o);
	close(folder);
	is_int(o.result, -1, "a folder that is no cgroup is an error");
	is_str(o.error.text,
	       "cannot make a process in namespaces and a cgroup of its own: Bad file descriptor",
	       "with a text that says so");
	is_int(o.removed, 0, "nothing is left");
}

int main(void)
{
	int folder;

	fixture_begin();
	folder = make_cgroup();
	if (folder < 0)
		cannot_run("no cgroup of version 2 can be made here");
	test_birth(folder);
	test_none();
	test_bad();
	close(folder);
	return tap_end();
}
