// SPDX-License-Identifier: GPL-2.0
/*
 * Whose inodes a container gets: it is root, and changes what it likes of all that
 * it can reach. Nothing of that is to be the host's. In these tests the host has
 * device nodes of its own, so that not this machine's are at stake.
 */
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "fixture.h"

#define NODES PLACE "/nodes"

static const struct {
	const char *name;
	unsigned int major, minor;
} nodes[] = {
	{ "null", 1, 3 },   { "zero", 1, 5 },	 { "full", 1, 7 },
	{ "random", 1, 8 }, { "urandom", 1, 9 }, { "tty", 5, 0 },
};

#define N_NODES (sizeof(nodes) / sizeof(nodes[0]))

static struct stat before[N_NODES];

static const char *path_of(size_t i)
{
	static char path[64];

	snprintf(path, sizeof(path), "/dev/%s", nodes[i].name);
	return path;
}

/* Over the machine's, in the test's own mount namespace. */
static void make_nodes(void)
{
	char own[64];
	size_t i;

	must(mkdir(NODES, 0755));
	for (i = 0; i < N_NODES; i++) {
		snprintf(own, sizeof(own), NODES "/%s", nodes[i].name);
		must(mknod(own, S_IFCHR | 0666,
			   makedev(nodes[i].major, nodes[i].minor)));
		must(chmod(own, 0666));
		must(mount(own, path_of(i), NULL, MS_BIND, NULL));
		must(stat(path_of(i), &before[i]));
	}
}

static void as_before(void)
{
	struct stat st;
	size_t i;

	for (i = 0; i < N_NODES; i++) {
		must(stat(path_of(i), &st));
		ok(st.st_mode == before[i].st_mode && !st.st_uid &&
			   !st.st_gid &&
			   st.st_ctim.tv_sec == before[i].st_ctim.tv_sec &&
			   st.st_ctim.tv_nsec == before[i].st_ctim.tv_nsec &&
			   getxattr(path_of(i), "security.capability", NULL,
				    0) < 0,
		   "the host's /dev/%s is as it was", nodes[i].name);
	}
}

static const char touch[] =
	"echo link: $(readlink /proc/self/fd/0); echo read: $(cat | grep -c .); "
	"probe touch 0 /dev/null /dev/zero /dev/full /dev/random /dev/urandom "
	"/dev/tty /proc/keys /proc/timer_list; exit 0";

static void test_stdin(void)
{
	struct container_spec spec = fixture_spec(SH(touch));
	struct outcome o __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container changes its stdin and its devices");
	is_str(field(&o, "link"), "/dev/null", "stdin is its /dev/null");
	is_str(field(&o, "node"), "20000 103", "which is the device");
	is_str(field(&o, "read"), "0", "nothing is in it");
	is_str(field(&o, "fchmod"), "success",
	       "it is the container's to change");
	as_before();
}

static void test_output(void)
{
	struct container_spec spec = fixture_spec(SH(
		"probe touch 1; echo out; echo err >&2; probe touch 2; exit 3"));
	struct failure err;
	struct launch l;

	must(mkdir(STATE, 0700));
	must(begin_launch(&l, &spec, (int[]){ -1, -1, -1 }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a container without any stdio runs");
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 3 << 8, "it can write");
	close(l.pidfd);
	is_int(overlay_remove(STATE), 0, "nothing is left");
	as_before();
}

static void test_without_dev(void)
{
	struct container_spec spec = fixture_spec(ARGV("probe", "touch", "0"));
	struct outcome o __cleanup_outcome;

	spec.n_mounts = 0;
	spec.n_devices = 0;
	spec.n_links = 0;
	run(&spec, &o);
	ok(went_well(&o), "a container without /dev changes its stdin");
	is_str(field(&o, "node"), "20000 103", "which is a null device");
	is_str(field(&o, "fchmod"), "success", "of its own");
	as_before();
}

/* As under a supervisor that may not make device nodes: they are the host's. */
static void test_without_mknod(void)
{
	struct container_spec spec = fixture_spec(SH(touch));
	struct outcome o __cleanup_outcome;
	struct outcome o2 __cleanup_outcome;

	set_mknod(false);
	run(&spec, &o);
	spec.process.argv = ARGV("probe", "touch", "0");
	spec.n_mounts = 0;
	spec.n_devices = 0;
	spec.n_links = 0;
	run(&spec, &o2);
	set_mknod(true);
	ok(went_well(&o), "a container with the host's devices changes them");
	is_str(field(&o, "link"), "/dev/null", "stdin is its /dev/null");
	is_str(field(&o, "node"), "20000 103", "which is the device");
	is_str(field(&o, "read"), "0", "nothing is in it");
	is_str(field(&o, "fchmod"), "EROFS", "it is refused");
	ok(!strstr(o.output, "success"), "whatever it tries, by any path");
	ok(went_well(&o2), "so is one without /dev");
	ok(!strstr(o2.output, "success"), "whatever it tries");
	as_before();
}

/* What has the name of a device may be anything. */
static void test_wrong_device(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;

	put_file(PLACE "/secret", "of the host", 0600);
	must(mount(PLACE "/secret", "/dev/full", NULL, MS_BIND, NULL));
	set_mknod(false);
	run(&spec, &o);
	set_mknod(true);
	must(umount("/dev/full"));
	is_int(o.result, -1, "a file in the place of a device is not bound");
	is_str(o.error.text,
	       "cannot make the device \"/dev/full\" in the container: No such device",
	       "the text says so");
}

/*
 * There is one owner and one mode of each, for all mounts of proc. The mode that a
 * file has already is a change as well, and does no harm where it is let through.
 */
static void test_proc(void)
{
	struct container_spec spec = fixture_spec(
		SH("n=0; for f in /proc/* /sys/* /sys/kernel/*; do "
		   "case $f in /proc/[0-9]*) continue; esac; "
		   "test -L $f && continue; n=$((n + 1)); "
		   "chmod $(stat -c %a $f) $f 2>/dev/null && echo changed: $f; "
		   "done; echo tried: $n; "
		   "echo 500 > /proc/self/oom_score_adj && "
		   "echo own: $(cat /proc/self/oom_score_adj)"));
	struct outcome o __cleanup_outcome;

	policy_set_capabilities(&spec.process, UINT64_MAX);
	spec.process.filter = NULL;
	run(&spec, &o);
	ok(went_well(&o),
	   "a container changes the mode of what is in /proc and /sys");
	ok(field(&o, "tried") && atoi(field(&o, "tried")) > 40,
	   "it tries %s files and folders", field(&o, "tried"));
	is_str(field(&o, "changed"), NULL,
	       "none of the machine's can be changed");
	is_str(field(&o, "own"), "500", "those of its own processes can");
}

int main(void)
{
	fixture_begin();
	make_nodes();
	test_stdin();
	test_output();
	test_without_dev();
	test_without_mknod();
	test_wrong_device();
	test_proc();
	return tap_end();
}
