// SPDX-License-Identifier: GPL-2.0
/* Device nodes, links and masks that a container is given beside the usual ones. */
#include <sys/sysmacros.h>

#include "fixture.h"

#define SHARED PLACE "/shared"

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static const struct device_spec devices[] = {
	{ "/dev/null", S_IFCHR | 0666, 1, 3, 0, 0 },
	{ "/dev/net/tun", S_IFCHR | 0620, 10, 200, 3, 4 },
	{ "/dev/disk", S_IFBLK | 0600, 7, 9, 0, 0 },
	{ "/opt/nodes/fifo", S_IFIFO | 0622, 0, 0, 5, 0 },
	{ "/data/zero", S_IFCHR | 0666, 1, 5, 0, 0 },
};

static void test_nodes(void)
{
	static const struct mount_spec data = { .source = SHARED,
						.target = "/data" };
	struct mount_spec mounts[16];
	struct container_spec spec = fixture_spec(
		SH("stat -c '%n %F %a %u %g %t:%T' /dev/net/tun /dev/disk "
		   "/opt/nodes/fifo /data/zero; echo names: $(ls /dev)"));
	struct outcome o __cleanup_outcome;
	struct stat st;

	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	mounts[policy_n_mounts] = data;
	spec.mounts = mounts;
	spec.n_mounts = policy_n_mounts + 1;
	spec.devices = devices;
	spec.n_devices = 5;
	spec.n_links = 0;
	umask(077);
	run(&spec, &o);
	umask(022);
	ok(went_well(&o), "a container with devices of its own runs");
	ok(strstr(o.output,
		  "/dev/net/tun character special file 620 3 4 a:c8\n"),
	   "one in a folder that is made, with owner and mode");
	ok(strstr(o.output, "/dev/disk block special file 600 0 0 7:9\n"),
	   "a block device");
	ok(strstr(o.output, "/opt/nodes/fifo fifo 622 5 0 0:0\n"),
	   "a FIFO, outside of /dev");
	ok(strstr(o.output, "/data/zero character special file 666 0 0 1:5\n"),
	   "one in a mount");
	is_str(field(&o, "names"), "disk mqueue net null pts shm",
	       "there are no others");
	ok(!stat(SHARED "/zero", &st) && S_ISCHR(st.st_mode),
	   "it is in what is mounted there");
}

/* What the root has already: the same device may stay, another is an error. */
static void test_existing(void)
{
	struct device_spec device = devices[4];
	struct mount_spec mount = { .source = SHARED, .target = "/data" };
	struct container_spec spec = fixture_spec(
		ARGV("stat", "-c", "number: %t:%T", "/data/zero"));
	struct outcome o __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	spec.mounts = &mount;
	spec.n_mounts = 1;
	spec.devices = &device;
	spec.n_devices = 1;
	spec.n_links = 0;
	run(&spec, &o);
	ok(went_well(&o), "a device that is there already stays");
	is_str(field(&o, "number"), "1:5", "it is that");
	device.minor = 7;
	run(&spec, &bad);
	is_str(bad.error.text,
	       "cannot make the device \"/data/zero\" in the container: No such device",
	       "another one in its place is an error");
}

/* Found on the host by the same path. */
static void test_without_mknod(void)
{
	static const struct device_spec own[] = {
		{ "/dev/null", S_IFCHR | 0666, 1, 3, 0, 0 },
		{ PLACE "/nodes/zero", S_IFCHR | 0666, 1, 5, 0, 0 },
	};
	static const struct device_spec none[] = {
		{ "/dev/null", S_IFCHR | 0666, 1, 3, 0, 0 },
		{ "/dev/no-such", S_IFCHR | 0666, 1, 5, 0, 0 },
	};
	struct container_spec spec = fixture_spec(
		SH("stat -c 'number: %t:%T' " PLACE "/nodes/zero; "
		   "chmod 600 " PLACE "/nodes/zero 2>/dev/null || "
		   "echo changed: no"));
	struct outcome o __cleanup_outcome;
	struct outcome bad __cleanup_outcome;

	must(mkdir(PLACE "/nodes", 0755));
	must(mknod(PLACE "/nodes/zero", S_IFCHR | 0666, makedev(1, 5)));
	spec.devices = own;
	spec.n_devices = 2;
	set_mknod(false);
	run(&spec, &o);
	spec.devices = none;
	run(&spec, &bad);
	set_mknod(true);
	ok(went_well(&o), "a caller that may make none binds the host's");
	is_str(field(&o, "number"), "1:5", "it is that");
	is_str(field(&o, "changed"), "no", "and cannot be changed");
	is_str(bad.error.text,
	       "cannot make the device \"/dev/no-such\" in the container: No such file or directory",
	       "one that the host has not is an error");
}

static void test_links(void)
{
	static const struct link_spec links[] = {
		{ "/dev/core", "/proc/kcore" },
		{ "/way/to/link", "../x" },
		{ "/bin/sh", "elsewhere" },
	};
	struct container_spec spec = fixture_spec(
		SH("for l in /dev/core /way/to/link /bin/sh; do "
		   "echo $l: $(readlink $l); done"));
	struct outcome o __cleanup_outcome;

	spec.links = links;
	spec.n_links = 3;
	run(&spec, &o);
	ok(went_well(&o), "a container with links of its own runs");
	is_str(field(&o, "/dev/core"), "/proc/kcore", "one in /dev");
	is_str(field(&o, "/way/to/link"), "../x", "one in a new folder");
	is_str(field(&o, "/bin/sh"), "busybox", "one that is there stays");
	ok(!exists(BASE "/way"), "the base has none");
}

static void test_bad_paths(void)
{
	struct device_spec device = devices[0];
	struct link_spec link = { "link", "x" };
	struct mask_spec mask = { .path = "//" };
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome a __cleanup_outcome;
	struct outcome b __cleanup_outcome;
	struct outcome c __cleanup_outcome;

	device.path = "/dev/";
	spec.devices = &device;
	spec.n_devices = 1;
	run(&spec, &a);
	is_str(a.error.text,
	       "cannot make the device \"/dev/\": it is not a path below the root",
	       "a folder is no device");
	spec.n_devices = 0;
	spec.links = &link;
	spec.n_links = 1;
	run(&spec, &b);
	is_str(b.error.text,
	       "cannot make the link \"link\": it is not a path below the root",
	       "a relative path is no link's");
	spec.n_links = 0;
	spec.masks = &mask;
	spec.n_masks = 1;
	run(&spec, &c);
	is_str(c.error.text,
	       "cannot protect \"//\": it is not a path below the root",
	       "the root cannot be hidden");
}

/* As a bundle has them: some paths, and all else can be written to. */
static void test_masks(void)
{
	static const struct mask_spec masks[] = {
		{ .path = "/proc/timer_list" },
		{ .path = "/proc/no-such" },
		{ .path = "/proc/sys", .read_only = true },
		{ .path = "/proc/sys/kernel/hostname" },
		{ .path = "/sys/firmware" },
		{ .path = "/secret/folder" },
		{ .path = "/secret/file" },
		{ .path = "/secret/link" },
		{ .path = "/fixed", .read_only = true },
		{ .path = "/dev/shm", .read_only = true },
		{ .path = "/data/file" },
		{ .path = "/data/sub", .read_only = true },
		{ .path = "/no/such" },
	};
	struct mount_spec mounts[16];
	struct container_spec spec = fixture_spec(
		SH("echo timers: $(cat /proc/timer_list | grep -c .); "
		   "true > /proc/sys/kernel/shmmax || echo sys: read-only; "
		   "true > /proc/self/oom_score_adj && echo own: writable; "
		   "grep -q ' /proc/uptime ' /proc/self/mountinfo || "
		   "echo rest: as it is; "
		   "echo name: $(cat /proc/sys/kernel/hostname); "
		   "echo firmware: $(ls /sys/firmware); "
		   "echo folder: $(ls -A /secret/folder); "
		   "echo file: $(cat /secret/file) $(cat /secret/target); "
		   "echo > /fixed/new || echo fixed: read-only; "
		   "echo > /free || echo free: read-only; "
		   "echo > /dev/shm/new || echo shm: read-only; "
		   "echo data: $(cat /data/file); "
		   "echo > /data/sub/new || echo sub: read-only; "
		   "test -e /no && echo made: something; exit 0"));
	struct outcome o __cleanup_outcome;

	must(mkdir(BASE "/secret", 0755));
	must(mkdir(BASE "/secret/folder", 0755));
	put_file(BASE "/secret/folder/in", "", 0644);
	put_file(BASE "/secret/file", "secret", 0644);
	put_file(BASE "/secret/target", "secret", 0644);
	must(symlink("../secret/target", BASE "/secret/link"));
	must(mkdir(BASE "/fixed", 0755));
	must(mkdir(SHARED "/sub", 0755));
	put_file(SHARED "/file", "secret", 0644);
	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	mounts[policy_n_mounts] = (struct mount_spec){
		.source = SHARED,
		.target = "/data",
	};
	spec.mounts = mounts;
	spec.n_mounts = policy_n_mounts + 1;
	spec.masks = masks;
	spec.n_masks = sizeof(masks) / sizeof(masks[0]);
	spec.proc_read_only = false;
	run(&spec, &o);
	ok(went_well(&o), "a container with masks of its own runs");
	is_str(field(&o, "timers"), "0", "a file of proc is hidden");
	is_str(field(&o, "sys"), "read-only", "a folder of it is read-only");
	is_str(field(&o, "name"), "", "with a file in it that is hidden");
	is_str(field(&o, "own"), "writable", "what is a process' is not");
	is_str(field(&o, "rest"), "as it is", "nor is the rest");
	is_str(field(&o, "firmware"), "", "a folder of sysfs is hidden");
	is_str(field(&o, "folder"), "", "a folder of the root");
	is_str(field(&o, "file"), "", "files of the root, one by a link");
	is_str(field(&o, "fixed"), "read-only", "one that is read-only");
	is_str(field(&o, "free"), NULL, "which the root is not");
	is_str(field(&o, "shm"), "read-only", "a mount that is read-only");
	is_str(field(&o, "data"), "", "a file in a mount");
	is_str(field(&o, "sub"), "read-only", "a folder in a mount");
	is_str(field(&o, "made"), NULL, "what is not there needs no mask");
}

int main(void)
{
	fixture_begin();
	must(mkdir(SHARED, 0755));
	test_nodes();
	test_existing();
	test_without_mknod();
	test_links();
	test_bad_paths();
	test_masks();
	return tap_end();
}
