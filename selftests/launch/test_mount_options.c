// SPDX-License-Identifier: GPL-2.0
/* Options of mounts and of the root: attributes, propagation, ids, copies. */
#include <sys/sysmacros.h>
#include <sys/xattr.h>

#include "fixture.h"

#define SHARED PLACE "/shared"
#define INNER  SHARED "/inner"
#define FOLDER PLACE "/folder"

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

/* The default mounts and more. */
static void run_with(const struct container_spec *given,
		     const struct mount_spec *more, size_t n, struct outcome *o)
{
	struct container_spec spec = *given;
	struct mount_spec mounts[16];

	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	memcpy(mounts + policy_n_mounts, more, n * sizeof(*mounts));
	spec.mounts = mounts;
	spec.n_mounts = policy_n_mounts + n;
	run(&spec, o);
}

/* The options and the optional fields of a mount in "mountinfo", as it was printed. */
static const char *info(const struct outcome *o, const char *target)
{
	static char text[256];
	char name[64];
	const char *line;

	snprintf(name, sizeof(name), " %s ", target);
	line = strstr(o->output, name);
	if (!line)
		return "";
	line += strlen(name);
	snprintf(text, sizeof(text), "%.*s", (int)strcspn(line, "\n"), line);
	return text;
}

static void has(const struct outcome *o, const char *target, const char *want,
		const char *name)
{
	ok(strstr(info(o, target), want), "%s: %s", name, info(o, target));
}

static void has_not(const struct outcome *o, const char *target,
		    const char *want, const char *name)
{
	ok(*info(o, target) && !strstr(info(o, target), want), "%s: %s", name,
	   info(o, target));
}

#define MOUNTINFO SH("cat /proc/self/mountinfo")

static void test_attributes(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED,
		  .target = "/top",
		  .recursive = true,
		  .set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID },
		{ .source = SHARED,
		  .target = "/all",
		  .recursive = true,
		  .all_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC },
		{ .source = INNER,
		  .target = "/clear",
		  .clear = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV },
		{ .source = SHARED,
		  .target = "/allclear",
		  .recursive = true,
		  .all_clear = MOUNT_ATTR_NODEV },
		{ .source = INNER,
		  .target = "/times",
		  .set = MOUNT_ATTR_NOATIME },
	};
	struct container_spec spec = fixture_spec(MOUNTINFO);
	struct outcome o __cleanup_outcome;

	run_with(&spec, mounts, 5, &o);
	ok(went_well(&o), "a container with attributes of mounts runs");
	has(&o, "/top", "ro,nosuid", "attributes of a mount");
	has_not(&o, "/top/inner", "ro,", "not of what is mounted below");
	has(&o, "/all", "ro,noexec", "attributes of all mounts");
	has(&o, "/all/inner", "ro,nosuid,nodev,noexec", "also below");
	has_not(&o, "/clear", "nosuid", "one is taken away");
	has_not(&o, "/clear", "nodev", "and another");
	has(&o, "/allclear/inner", "nosuid", "one stays below");
	has_not(&o, "/allclear/inner", "nodev", "another is taken away there");
	has(&o, "/times", "noatime", "times of access are a number");
	has_not(&o, "/times", "relatime", "that has one value");
}

static void test_propagation(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED, .target = "/private", .recursive = true },
		{ .source = SHARED,
		  .target = "/slave",
		  .recursive = true,
		  .propagation = MS_SLAVE },
		{ .source = SHARED,
		  .target = "/peer",
		  .recursive = true,
		  .propagation = MS_SHARED },
		{ .source = SHARED,
		  .target = "/unbindable",
		  .propagation = MS_UNBINDABLE },
		{ .source = "x",
		  .target = "/new",
		  .type = "tmpfs",
		  .propagation = MS_SHARED },
	};
	struct container_spec spec = fixture_spec(SH(
		"cat /proc/self/mountinfo; read line; "
		"echo late: $(ls /slave/late) private: $(ls /private/late)"));
	struct mount_spec all[16];
	struct outcome o = { 0 };
	struct failure err;
	struct launch l;
	int in[2], out = must(memfd_create("output", MFD_CLOEXEC));

	must(mkdir(SHARED "/late", 0755));
	must(pipe2(in, O_CLOEXEC));
	memcpy(all, policy_mounts, policy_n_mounts * sizeof(*all));
	memcpy(all + policy_n_mounts, mounts, sizeof(mounts));
	spec.mounts = all;
	spec.n_mounts = policy_n_mounts + 5;
	spec.root.path = BASE;
	must(launch_begin(&l, &spec, (int[]){ in[0], out, out }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a container with propagation runs");
	launch_end(&l);
	/* The host mounts something while it runs. */
	must(mount("late", SHARED "/late", "tmpfs", 0, NULL));
	put_file(SHARED "/late/file", "", 0644);
	must(write(in[1], "\n", 1));
	is_int(wait_status(l.pid, l.pidfd), 0, "it ends");
	close(l.pidfd);
	close(in[0]);
	close(in[1]);
	must(umount(SHARED "/late"));
	must(rmdir(SHARED "/late"));
	o.output = get_fd(out);
	close(out);
	has_not(&o, "/private", "shared:", "a bind is private");
	has_not(&o, "/private", "master:", "not a slave either");
	has(&o, "/slave", "master:", "a slave");
	has_not(&o, "/slave", "shared:", "that is not shared");
	has(&o, "/slave/inner", "master:", "with what is below it");
	has(&o, "/peer", "shared:", "a shared one");
	has(&o, "/peer/inner", "shared:", "with what is below it");
	has(&o, "/unbindable", "unbindable", "an unbindable one");
	has(&o, "/new", "shared:", "a file system that is shared");
	is_str(field(&o, "late"), "file private:",
	       "what the host mounts comes to the slave alone");
	free(o.output);
	must(rmdir(BASE "/private"));
	must(rmdir(BASE "/slave"));
	must(rmdir(BASE "/peer"));
	must(rmdir(BASE "/unbindable"));
	must(rmdir(BASE "/new"));
}

static void test_idmap(void)
{
	static const struct id_range range = { 0, 5000, 10 };
	static const struct id_map map = { &range, 1 };
	struct mount_spec mount = {
		.source = SHARED,
		.target = "/mapped",
		.recursive = true,
		.uids = &map,
		.gids = &map,
	};
	struct container_spec spec = fixture_spec(
		SH("stat -c 'file: %u %g' /mapped/file; "
		   "stat -c 'root: %u' /; cat /proc/self/mountinfo"));
	struct outcome o __cleanup_outcome;
	struct outcome first __cleanup_outcome = { 0 };
	struct outcome root __cleanup_outcome = { 0 };

	/* What it is mapped to, and as the kernel says which mounts can be. */
	run_with(&spec, &mount, 1, &o);
	if (o.result < 0 && strstr(o.error.text, "Invalid argument")) {
		skip("mapped ids of a mount", "tmpfs has none on this kernel");
		return;
	}
	ok(went_well(&o), "a container with mapped ids of a mount runs");
	is_str(field(&o, "file"), "5000 5000", "root's file is the user's");
	has(&o, "/mapped", "idmapped", "the mount is mapped");
	has(&o, "/mapped/inner", "idmapped", "and what is below it");

	mount.map_first = true;
	run_with(&spec, &mount, 1, &first);
	ok(went_well(&first), "one with mapped ids of the first mount runs");
	has(&first, "/mapped", "idmapped", "the first is mapped");
	has_not(&first, "/mapped/inner", "idmapped", "the one below is not");

	spec.root.path = BASE;
	spec.root.uids = &map;
	spec.root.gids = &map;
	spec.process.argv = ARGV("/bin/stat", "-c", "root: %u", "/");
	run(&spec, &root);
	ok(went_well(&root), "one with a mapped root runs");
	is_str(field(&root, "root"), "5000", "its root is the user's");
}

static void test_copy_up(void)
{
	static const struct mount_spec mount = {
		.source = "tmpfs",
		.target = "/copied",
		.type = "tmpfs",
		.data = "mode=0700",
		.copy_up = true,
	};
	struct container_spec spec = fixture_spec(SH(
		"cd /copied; stat -c '%n %a %u %g %F' . a a/b file link; "
		"echo text: $(cat file); echo link: $(readlink link); "
		"echo big: $(stat -c %s big); test -p fifo && echo fifo: yes; "
		"echo > new; cd a/b && ls"));
	struct outcome o __cleanup_outcome;
	struct outcome deep __cleanup_outcome;
	char path[PATH_MAX] = BASE "/copied";
	int i;

	must(mkdir(BASE "/copied", 0751));
	must(mkdir(BASE "/copied/a", 0700));
	must(mkdir(BASE "/copied/a/b", 0755));
	put_file(BASE "/copied/a/b/deep", "", 0644);
	put_file(BASE "/copied/file", "the text", 04640);
	must(chown(BASE "/copied/a", 3, 4));
	must(chown(BASE "/copied/file", 1, 2));
	must(chmod(BASE "/copied/file", 04640));
	must(symlink("/etc/passwd", BASE "/copied/link"));
	must(mkfifo(BASE "/copied/fifo", 0600));
	put_file(BASE "/copied/big", "", 0600);
	must(truncate(BASE "/copied/big", 3000001));
	run_with(&spec, &mount, 1, &o);
	ok(went_well(&o), "a tmpfs starts with a copy");
	ok(strstr(o.output, ". 751 0 0 directory\n"), "of the folder itself");
	ok(strstr(o.output, "a 700 3 4 directory\na/b 755 0 0 directory\n"),
	   "of folders, with owner and mode");
	ok(strstr(o.output, "file 4640 1 2 regular file\n"), "of files");
	is_str(field(&o, "text"), "the text", "with what is in them");
	is_str(field(&o, "link"), "/etc/passwd", "of links");
	is_str(field(&o, "big"), "3000001", "of large ones");
	is_str(field(&o, "fifo"), "yes", "of FIFOs");
	ok(strstr(o.output, "\ndeep\n"), "all the way down");
	ok(!exists(BASE "/copied/new"), "it is written to, not the base");

	for (i = 0; i < 70; i++) {
		const size_t len = strlen(path);

		snprintf(path + len, sizeof(path) - len, "/d");
		must(mkdir(path, 0755));
	}
	run_with(&spec, &mount, 1, &deep);
	is_str(deep.error.text,
	       "cannot copy what \"/copied\" holds in the container: Too many levels of symbolic links",
	       "a folder that is too deep is an error");
}

static void test_keep_mode(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = "tmpfs",
		  .target = "/kept",
		  .type = "tmpfs",
		  .label = "u:o:t:s0:c1,c2",
		  .data = "size=1m",
		  .keep_mode = true },
		{ .source = "tmpfs",
		  .target = "/kept/sub",
		  .type = "tmpfs",
		  .keep_mode = true },
		{ .source = "tmpfs",
		  .target = "/given",
		  .type = "tmpfs",
		  .data = "mode=0700",
		  .keep_mode = true },
		{ .source = "tmpfs",
		  .target = "/behind",
		  .type = "tmpfs",
		  .keep_mode = true },
	};
	struct container_spec spec = fixture_spec(
		SH("stat -c '%n: %a' /kept /kept/sub /given /linked"));
	struct outcome o __cleanup_outcome;

	must(mkdir(BASE "/kept", 0755));
	must(chmod(BASE "/kept", 02710));
	must(mkdir(BASE "/given", 0755));
	must(mkdir(BASE "/linked", 0711));
	must(symlink("linked", BASE "/behind"));
	run_with(&spec, mounts, 4, &o);
	ok(went_well(&o), "tmpfs with the mode of its target");
	is_str(field(&o, "/kept"), "2710", "the mode of the folder");
	is_str(field(&o, "/kept/sub"), "1777",
	       "the mode of tmpfs, if there is no folder");
	is_str(field(&o, "/given"), "700", "a mode that is given");
	is_str(field(&o, "/linked"), "711", "the mode behind a link");
	must(unlink(BASE "/behind"));
}

/* What is mounted below one that is read-only, and what is made in it, is there. */
static void test_read_only_last(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = "tmpfs",
		  .target = "/sealed",
		  .type = "tmpfs",
		  .set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID },
		{ .source = "tmpfs", .target = "/sealed/in", .type = "tmpfs" },
		{ .source = SHARED "/file", .target = "/sealed/deep/file" },
	};
	static const struct device_spec device = {
		.path = "/sealed/null",
		.mode = S_IFCHR | 0666,
		.major = 1,
		.minor = 3,
	};
	struct container_spec spec = fixture_spec(
		SH("cat /proc/self/mountinfo /sealed/deep/file; "
		   "test -c /sealed/null && echo null: yes; "
		   "echo > /sealed/in/x && echo in: yes; "
		   "echo > /sealed/x || echo sealed: yes"));
	struct outcome o __cleanup_outcome;

	spec.devices = &device;
	spec.n_devices = 1;
	run_with(&spec, mounts, 3, &o);
	ok(went_well(&o), "mounts in one that is read-only");
	has(&o, "/sealed", "ro,nosuid", "it is read-only");
	has_not(&o, "/sealed/in", "ro,", "the one in it is not");
	is_str(field(&o, "in"), "yes", "a file can be made there");
	is_str(field(&o, "null"), "yes", "a device was made in it");
	is_str(field(&o, "sealed"), "yes", "nothing can be made in it now");
}

static void test_root(void)
{
	struct container_spec spec = fixture_spec(
		SH("cat /proc/self/mountinfo; echo > /new; echo > /dev/shm/x; "
		   "ls /inner"));
	struct outcome plain __cleanup_outcome;
	struct outcome o __cleanup_outcome;
	struct outcome shared __cleanup_outcome;

	make_root(FOLDER);
	must(mkdir(FOLDER "/inner", 0755));
	must(mount("inner", FOLDER "/inner", "tmpfs", 0, NULL));
	put_file(FOLDER "/inner/file", "", 0644);
	spec.root.path = FOLDER;
	run(&spec, &plain);
	ok(went_well(&plain), "a container in a folder runs");
	has(&plain, "/", "rw,nodev", "its root is writable");
	has_not(&plain, "/", "shared:", "and private");
	ok(!strstr(plain.output, "\nfile\n"), "without what is mounted in it");
	must(unlink(FOLDER "/new"));

	spec.root.read_only = true;
	spec.root.recursive = true;
	spec.root.propagation = MS_SLAVE;
	spec.root.attributes = MOUNT_ATTR_NOSUID;
	run(&spec, &o);
	ok(!o.status, "one with a read-only root runs");
	has(&o, "/", "ro,nosuid", "its root is read-only");
	has(&o, "/", "master:", "and a slave");
	has_not(&o, "/", "nodev", "with the attributes asked for");
	ok(!exists(FOLDER "/new"), "nothing is written to it");
	ok(strstr(o.output, "\nfile\n"), "with what is mounted in it");
	has(&o, "/inner", "nosuid", "which has the attributes, too");

	spec.root.propagation = MS_SHARED;
	run(&spec, &shared);
	ok(!shared.status, "one whose root is shared runs");
	has(&shared, "/", "shared:", "a root can be shared");
	ok(!strstr(info(&shared, "/"), "master:"), "with nobody outside");
	must(umount(FOLDER "/inner"));
}

/* A mount that is attached nowhere. */
static void test_root_mount(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo mark: $(cat /mark)"));
	struct failure err;
	struct launch l;
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct outcome o = { 0 };

	put_file(FOLDER "/mark", "of the folder", 0644);
	spec.root.path = "a name";
	spec.root.is_mount = true;
	spec.root.fd = must(open_tree(AT_FDCWD, FOLDER,
				      OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC));
	must(launch_begin(&l, &spec, (int[]){ -1, out, out }, &err));
	ok(fcntl(spec.root.fd, F_GETFD) == FD_CLOEXEC,
	   "a mount for a root stays the caller's");
	close(spec.root.fd);
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a container in such a mount runs");
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 0, "it ends");
	close(l.pidfd);
	o.output = get_fd(out);
	is_str(field(&o, "mark"), "of the folder", "it is the root");
	free(o.output);
	close(out);
}

/* As /etc/resolv.conf often is: what it leads to is made. */
static void test_dangling_links(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED "/file", .target = "/etc/conf" },
		{ .source = SHARED "/file", .target = "/etc/absolute" },
		{ .source = SHARED "/file", .target = "/etc/way/on/file" },
		{ .source = SHARED "/file", .target = "/etc/climb" },
	};
	static const struct mount_spec circle = { .source = SHARED "/file",
						  .target = "/etc/circle" };
	struct container_spec spec = fixture_spec(
		SH("cat /etc/conf /run/stub/conf /etc/absolute /abs/olute "
		   "/etc/way/on/file /run/elsewhere/on/file /etc/climb"));
	struct outcome o __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	must(mkdir(FOLDER "/etc", 0755));
	must(symlink("../run/stub/conf", FOLDER "/etc/conf"));
	must(symlink("/abs/olute", FOLDER "/etc/absolute"));
	must(symlink("../run/elsewhere", FOLDER "/etc/way"));
	must(symlink("../../../../../.." PLACE "/climbed",
		     FOLDER "/etc/climb"));
	must(symlink("circle", FOLDER "/etc/circle"));
	spec.root.path = FOLDER;
	run_with(&spec, mounts, 4, &o);
	ok(went_well(&o), "files are bound to links that lead nowhere");
	is_str(o.output,
	       "of the host\nof the host\nof the host\nof the host\nof the host\nof the host\nof the host\n",
	       "what they lead to is made, and bound");
	ok(!exists(PLACE "/climbed") && exists(FOLDER PLACE "/climbed"),
	   "in the root, never outside");
	run_with(&spec, &circle, 1, &bad);
	is_str(bad.error.text,
	       "cannot mount a folder of the host on \"/etc/circle\" in the container: a symbolic link is on the way to it",
	       "a link to itself is an error");
}

/* The later one counts, and is no sign of an attack. */
static void test_covered(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED, .target = "/sys" },
		{ .source = "proc", .target = "/proc", .type = "proc" },
	};
	struct container_spec spec = fixture_spec(
		SH("cat /sys/file; probe masks /proc"));
	struct outcome o __cleanup_outcome;

	run_with(&spec, mounts, 2, &o);
	ok(went_well(&o) && !strncmp(o.output, "of the host\n", 12),
	   "a mount covers an earlier one");
	is_str(field(&o, "masks"), "there", "the last one has the masks");
}

int main(void)
{
	fixture_begin();
	must(mkdir(SHARED, 0755));
	put_file(SHARED "/file", "of the host\n", 0644);
	must(mkdir(INNER, 0755));
	must(mount("tmpfs", INNER, "tmpfs", MS_NOSUID | MS_NODEV, NULL));
	test_attributes();
	test_propagation();
	test_idmap();
	test_copy_up();
	test_keep_mode();
	test_read_only_last();
	test_root();
	test_root_mount();
	test_dangling_links();
	test_covered();
	return tap_end();
}
