// SPDX-License-Identifier: GPL-2.0
/*
 * Containers whose root is nobody outside: they join a user namespace that the caller has
 * made, and the ids of their files are mapped, so that files on disk belong to the users
 * inside.
 */
#include <linux/nsfs.h>
#include <sys/ioctl.h>

#include "fixture.h"

#define FIRST  1900000000u
#define COUNT  65536u
#define FOLDER PLACE "/folder"
#define DATA   PLACE "/data"

static const struct id_range range = { .outside = FIRST, .count = COUNT };
static const struct id_map ids = { &range, 1 };

static int userns; /* for all containers here */
static struct overlay_map layer_map = { .root = FIRST };
static struct namespace_spec joined = { .kind = CLONE_NEWUSER };

static struct container_spec mapped_spec(char *const *argv)
{
	struct container_spec spec = fixture_spec(argv);

	spec.joined = &joined;
	spec.n_joined = 1;
	return spec;
}

static uid_t owner_of(const char *path)
{
	struct stat st;

	if (lstat(path, &st))
		return (uid_t)-1;
	return st.st_uid == st.st_gid ? st.st_uid : (uid_t)-2;
}

#define LOOK                                                             \
	"echo id: $(id -u) $(id -g); "                                   \
	"cat /proc/self/uid_map | { read a b c; echo map: $a $b $c; }; " \
	"echo shell: $(stat -c '%u %g' /bin/sh); "                       \
	"touch /mine; echo mine: $(stat -c '%u %g' /mine); "             \
	"touch /tmp-of; probe chown /tmp-of 33 33 2>/dev/null; "         \
	"echo x >/bin/echo.new; rm /bin/echo.new; "                      \
	"echo sys: $(ls /sys/class/net | grep -c .); "                   \
	"echo null: $(echo x >/dev/null && echo works); "                \
	"chmod 0700 /bin/probe; echo probe: $(stat -c '%a %u' /bin/probe)"

static void check_look(const struct outcome *o, const char *what)
{
	char map[64];

	snprintf(map, sizeof(map), "0 %u %u", FIRST, COUNT);
	ok(went_well(o), "%s: a container runs in a user namespace", what);
	is_str(field(o, "id"), "0 0", "%s: it is root inside", what);
	is_str(field(o, "map"), map, "%s: and another user outside", what);
	is_str(field(o, "shell"), "0 0", "%s: root's files are its own", what);
	is_str(field(o, "mine"), "0 0", "%s: so are those that it makes", what);
	is_str(field(o, "probe"), "700 0", "%s: it can change its files", what);
	is_str(field(o, "null"), "works", "%s: its devices work", what);
	ok(field(o, "sys") && atoi(field(o, "sys")) > 0, "%s: it has a sysfs",
	   what);
}

static void test_folder(void)
{
	struct container_spec spec = mapped_spec(SH(LOOK));
	struct outcome o __cleanup_outcome;
	struct outcome plain __cleanup_outcome;

	make_root(FOLDER);
	spec.root.path = FOLDER;
	spec.root.is_mapped = true;
	spec.root.userns = userns;
	run(&spec, &o);
	check_look(&o, "folder");
	ok(owner_of(FOLDER "/mine") == 0,
	   "folder: on disk a file of its root belongs to root");
	ok(owner_of(FOLDER "/bin/probe") == 0,
	   "folder: a file that it has changed still does");
	spec.root.is_mapped = false;
	run(&spec, &plain);
	is_str(field(&plain, "shell"), "65534 65534",
	       "folder: without the mapping, root's files are nobody's");
}

/* The overlay is removed later: look at the layer first. */
static void test_overlay(void)
{
	struct container_spec spec = mapped_spec(SH(LOOK));
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct outcome o __cleanup_outcome = { .status = -1 };
	struct launch l;

	must(mkdir(STATE, 0700));
	fixture_overlay.map = &layer_map;
	o.result = begin_launch(&l, &spec, (int[]){ -1, out, out }, &o.error);
	fixture_overlay.map = NULL;
	if (!o.result) {
		release(&l);
		o.result = wait_result(&l, &o.error);
		launch_end(&l);
		o.status = wait_status(l.pid, l.pidfd);
		close(l.pidfd);
	}
	o.output = get_fd(out);
	close(out);
	check_look(&o, "overlay");
	ok(owner_of(STATE "/upper/mine") == 0,
	   "overlay: in the layer a file of its root belongs to root");
	ok(owner_of(STATE "/upper/bin/probe") == 0,
	   "overlay: so does a file that it has copied up");
	ok(owner_of(BASE "/bin/probe") == 0, "overlay: the base is unchanged");
	ok(!overlay_remove(STATE), "overlay: the layer can be removed");
}

static void test_network(void)
{
	struct container_spec spec = mapped_spec(
		SH("echo sys: $(ls /sys/class/net); "
		   "test -r /sys/firmware/memmap && echo seen; "
		   "mkdir /sys/x 2>/dev/null || echo ro: yes"));
	struct outcome o __cleanup_outcome;

	spec.root.path = FOLDER;
	spec.root.is_mapped = true;
	spec.root.userns = userns;
	spec.namespaces |= CLONE_NEWNET;
	run(&spec, &o);
	ok(went_well(&o), "with a network of its own it runs");
	is_str(field(&o, "sys"), "lo", "its sysfs shows that network");
	is_str(field(&o, "ro"), "yes", "its sysfs is read-only");
}

static void test_volume(void)
{
	struct mount_spec mounts[] = {
		{ .source = DATA,
		  .target = "/mapped",
		  .is_mapped = true,
		  .userns = userns },
		{ .source = DATA, .target = "/unmapped" },
	};
	struct container_spec spec = mapped_spec(
		SH("echo one: $(stat -c %u /mapped/a); touch /mapped/b; "
		   "echo other: $(stat -c %u /unmapped/a); "
		   "touch /unmapped/c 2>/dev/null || echo refused: yes"));
	struct outcome o __cleanup_outcome;

	must(mkdir(DATA, 0755));
	put_file(DATA "/a", "a", 0600);
	spec.root.path = FOLDER;
	spec.root.is_mapped = true;
	spec.root.userns = userns;
	spec.mounts = mounts;
	spec.n_mounts = 2;
	spec.devices = NULL;
	spec.n_devices = 0;
	spec.links = NULL;
	spec.n_links = 0;
	run(&spec, &o);
	ok(went_well(&o), "a container with volumes runs");
	is_str(field(&o, "one"), "0", "files of a mapped volume are root's");
	ok(owner_of(DATA "/b") == 0, "on disk a new file there is root's, too");
	is_str(field(&o, "other"), "65534",
	       "without the map they are nobody's");
	is_str(field(&o, "refused"), "yes", "and the volume is the host's");
	spec.mounts = (struct mount_spec[]){
		{ .source = "x",
		  .type = "tmpfs",
		  .target = "/t",
		  .is_mapped = true,
		  .userns = userns },
	};
	spec.n_mounts = 1;
	outcome_free(&o);
	run(&spec, &o);
	ok(o.result < 0 && strstr(o.error.text, "only a bind has"),
	   "a new file system cannot be mapped: %s", o.error.text);
}

/* A container that waits, and what the host sees of it. */
static void test_outside(void)
{
	static char *const envp[] = { "PATH=/bin", NULL };
	struct container_spec spec = mapped_spec(SH("read line"));
	struct enter_spec enter = { .id = "box", .cgroup_fd = -1 };
	int in[2], out = must(memfd_create("output", MFD_CLOEXEC));
	struct outcome o __cleanup_outcome = { 0 };
	struct failure err;
	struct launch l, e;
	char path[64];
	uid_t owner = 0;
	int fd, status;

	must(pipe2(in, O_CLOEXEC));
	spec.root.path = FOLDER;
	spec.root.is_mapped = true;
	spec.root.userns = userns;
	if (launch_begin(&l, &spec, (int[]){ in[0], 1, 2 }, &err))
		bail("%s", err.text);
	release(&l);
	if (wait_result(&l, &err) != 1)
		bail("%s", err.text);
	launch_end(&l);

	snprintf(path, sizeof(path), "/proc/%d", l.pid);
	ok(owner_of(path) == FIRST, "for the host its process is nobody's: %u",
	   owner_of(path));
	snprintf(path, sizeof(path), "/proc/%d/ns/user", l.pid);
	fd = must(open(path, O_RDONLY | O_CLOEXEC));
	must(ioctl(fd, NS_GET_OWNER_UID, &owner));
	close(fd);
	ok(owner == FIRST, "its user namespace is not root's: %u", owner);

	process_spec_init(&enter.process);
	enter.process.argv = SH("echo id: $(id -u); touch /entered; "
				"echo map: $(cat /proc/self/uid_map)");
	enter.process.envp = envp;
	enter.process.capabilities.bounding = policy_capabilities;
	enter.process.capabilities.permitted = policy_capabilities;
	enter.process.capabilities.effective = policy_capabilities;
	enter.pid = l.pid;
	enter.pidfd = l.pidfd;
	if (launch_enter(&e, &enter, (int[]){ -1, out, out }, &err))
		bail("%s", err.text);
	release(&e);
	ok(wait_result(&e, &err) == 1, "a process enters it");
	launch_end(&e);
	status = wait_status(e.pid, e.pidfd);
	close(e.pidfd);
	o.output = get_fd(out);
	close(out);
	ok(!status && !strcmp(field(&o, "id") ?: "", "0"), "as its root");
	ok(owner_of(FOLDER "/entered") == 0, "its file is root's on disk");
	close(in[0]);
	close(in[1]);
	wait_status(l.pid, l.pidfd);
	close(l.pidfd);
}

static void test_refusals(void)
{
	const int folder = must(open("/proc", O_PATH | O_CLOEXEC));
	static const struct id_range twice[] = {
		{ 0, FIRST, 2 },
		{ 1, FIRST + 100, 2 },
	};
	static const struct id_map bad = { twice, 2 };

	ok(launch_map_folder(folder, userns) == -EINVAL,
	   "a file system of the kernel's own cannot be mapped");
	ok(launch_user_namespace(&bad, &ids, FIRST) == -EINVAL,
	   "a map of overlapping ranges is refused");
	close(folder);
}

/* Whether a file system of that type is mounted more than once, for example by another test. */
static bool is_elsewhere(const char *type)
{
	char *text = get_file("/proc/self/mounts");
	const char *at = text;
	int n = 0;

	while ((at = strstr(at, type))) {
		n++;
		at += strlen(type);
	}
	free(text);
	return n > 1;
}

/* What is covered in the mount namespace of the test stays so until the end. */
static void check_cover(const char *type, const char *path, const char *what)
{
	const char *lacks;

	if (is_elsewhere(type)) {
		skip(what, "it can be seen in another place");
		return;
	}
	must(mount("none", path, "tmpfs", 0, NULL));
	lacks = launch_userns_lacks();
	ok(lacks && strstr(lacks, what), "a covered part of %s is in the way",
	   what);
}

static void test_lacks(void)
{
	is_str(launch_userns_lacks(), NULL, "nothing is in the way");
	check_cover(" sysfs ", "/sys/class", "/sys");
	check_cover(" proc ", "/proc/irq", "/proc");
}

/* Whether the file system of the fixture, a tmpfs, can be mapped: not before 6.3. */
static bool can_map(void)
{
	const int folder = must(open(PLACE, O_PATH | O_CLOEXEC));
	int fd = launch_map_folder(folder, userns);

	close(folder);
	if (fd >= 0)
		close(fd);
	return fd >= 0;
}

int main(void)
{
	fixture_begin();
	userns = launch_user_namespace(&ids, &ids, FIRST);
	if (userns < 0)
		cannot_run("user namespaces cannot be made here");
	joined.fd = userns;
	layer_map.userns = userns;
	if (!can_map())
		cannot_run("this kernel cannot map the ids of a tmpfs");
	test_folder();
	test_overlay();
	test_network();
	test_volume();
	test_outside();
	test_refusals();
	test_lacks();
	return tap_end();
}
