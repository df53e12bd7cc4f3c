// SPDX-License-Identifier: GPL-2.0
/* /proc, /sys and /dev as a container has them, and mounts of its own. */
#include "fixture.h"

#define SHARED PLACE "/shared"

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static void test_proc(void)
{
	struct container_spec spec = fixture_spec(SH(
		"cd /proc; n=0; for p in [0-9]*; do "
		"test -d $p && n=$((n + 1)); done; "
		"echo processes: $n; echo self: $$; "
		"for f in kcore vmcore kpagecount kpageflags kpagecgroup "
		"vmallocinfo keys key-users timer_list sched_debug interrupts; "
		"do test ! -e $f || test -c $f || echo file: $f; done; "
		"echo keys: $(cat keys | grep -c .); "
		"for d in /proc/acpi /proc/asound /proc/scsi /sys/firmware "
		"/proc/dynamic_debug /sys/devices/virtual/powercap; "
		"do test -z \"$(ls $d 2>/dev/null)\" || echo folder: $d; done"));
	struct outcome o __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container looks into /proc");
	is_str(field(&o, "processes"), "1", "it sees its own process alone");
	is_str(field(&o, "self"), "1", "and is it");
	is_str(field(&o, "file"), NULL, "files of the machine are hidden");
	is_str(field(&o, "keys"), "0", "nothing is in them");
	is_str(field(&o, "folder"), NULL, "folders of the machine are empty");
}

/* With every capability and no filter: the mounts alone have to do. */
static void test_read_only(void)
{
	struct container_spec spec = fixture_spec(SH(
		"for f in /proc/sys/kernel/hostname /proc/sys/vm/swappiness "
		"/proc/irq/default_smp_affinity /proc/mtrr /proc/sysrq-trigger "
		"/sys/kernel/uevent_helper "
		"/sys/kernel/profiling /sys/power/state /sys/kernel/mm/ksm/run; "
		"do test -e $f || continue; true >> $f && echo open: $f; done; "
		"mkdir /sys/x && echo made: sys; "
		"mkdir /proc/acpi/x && echo made: acpi; "
		"echo ro: $(grep -c ' ro,' /proc/self/mountinfo)"));
	struct outcome o __cleanup_outcome;

	policy_set_capabilities(&spec.process, UINT64_MAX);
	spec.process.filter = NULL;
	run(&spec, &o);
	ok(went_well(&o), "a container tries to change the machine's settings");
	is_str(field(&o, "open"), NULL, "none can be opened for writing");
	is_str(field(&o, "made"), NULL, "no folder can be made in /sys");
	ok(atoi(field(&o, "ro")) > 5, "%s mounts are read-only",
	   field(&o, "ro"));
	ok(exists("/sys/kernel") && !access("/sys/kernel/uevent_seqnum", R_OK),
	   "the host has its own /sys still");
}

static const char devices[] =
	"cd /dev; for d in null zero full random urandom tty; do "
	"echo $d: $(stat -c '%F %t:%T %a' $d); done; "
	"for l in fd stdin stdout stderr ptmx; do "
	"echo $l: $(readlink $l); done; "
	"echo > null && echo writes: null; "
	"echo read: $(dd if=zero bs=1 count=3 2>/dev/null | grep -c .); "
	"echo x 2>/dev/null > full || echo full: full; "
	"test -c pts/ptmx && test -d mqueue && echo more: pts mqueue; "
	"touch shm/file && test -k shm && echo shm: sticky; "
	"echo names: $(ls); echo to: stdout >> stdout";

static void is_dev(const struct outcome *o)
{
	static const char *const want[][2] = {
		{ "null", "character special file 1:3 666" },
		{ "zero", "character special file 1:5 666" },
		{ "full", "character special file 1:7 666" },
		{ "random", "character special file 1:8 666" },
		{ "urandom", "character special file 1:9 666" },
		{ "tty", "character special file 5:0 666" },
		{ "fd", "/proc/self/fd" },
		{ "stdin", "/proc/self/fd/0" },
		{ "stdout", "/proc/self/fd/1" },
		{ "stderr", "/proc/self/fd/2" },
		{ "ptmx", "pts/ptmx" },
		{ "writes", "null" },
		{ "more", "pts mqueue" },
		{ "shm", "sticky" },
		{ "to", "stdout" },
		{ "names",
		  "fd full mqueue null ptmx pts random shm stderr stdin stdout tty urandom zero" },
	};
	size_t i;

	for (i = 0; i < sizeof(want) / sizeof(want[0]); i++)
		is_str(field(o, want[i][0]), want[i][1], "/dev: %s",
		       want[i][0]);
}

static void test_dev(void)
{
	struct container_spec spec = fixture_spec(SH(devices));
	struct outcome o __cleanup_outcome;

	/* A umask of the caller's shows nowhere. */
	umask(077);
	run(&spec, &o);
	umask(022);
	ok(went_well(&o), "a container looks into /dev");
	is_dev(&o);
}

static void test_dev_without_mknod(void)
{
	struct container_spec spec = fixture_spec(SH(devices));
	struct outcome o __cleanup_outcome;

	set_mknod(false);
	run(&spec, &o);
	set_mknod(true);
	ok(went_well(&o), "/dev is filled by a caller that may not make nodes");
	is_dev(&o);
}

/* The default mounts and one more. */
static void run_with(const struct mount_spec *more, size_t n,
		     const char *script, struct outcome *o)
{
	struct mount_spec mounts[16];
	struct container_spec spec = fixture_spec(SH(script));

	memcpy(mounts, policy_mounts, policy_n_mounts * sizeof(*mounts));
	memcpy(mounts + policy_n_mounts, more, n * sizeof(*mounts));
	spec.mounts = mounts;
	spec.n_mounts = policy_n_mounts + n;
	run(&spec, o);
}

static void test_binds(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED, .target = "/data/deep/rw" },
		{ .source = SHARED,
		  .target = "/data/ro",
		  .set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOEXEC |
			 MOUNT_ATTR_NOATIME },
		{ .source = SHARED, .target = "/data/all", .recursive = true },
		{ .source = SHARED "/file", .target = "/etc/one" },
		{ .source = "none",
		  .target = "/scratch",
		  .type = "tmpfs",
		  .set = MOUNT_ATTR_NOSUID,
		  .data = "mode=0701,size=8k" },
	};
	struct outcome o __cleanup_outcome;
	char *text;

	must(mkdir(SHARED, 0755));
	must(mkdir(SHARED "/inner", 0755));
	must(mount("tmpfs", SHARED "/inner", "tmpfs", 0, NULL));
	put_file(SHARED "/inner/below", "", 0644);
	put_file(SHARED "/file", "of the host", 0644);
	umask(077);
	run_with(
		mounts, 5,
		"echo made > /data/deep/rw/new; "
		"echo > /data/ro/other; "
		"grep ' /data/ro ro,noexec,noatime' /proc/self/mountinfo && "
		"echo ro: yes; "
		"test -e /data/all/inner/below && echo all: yes; "
		"test -e /data/ro/inner/below && echo ro: inner; "
		"echo one: $(cat /etc/one); echo between: $(stat -c %a /data); "
		"echo scratch: $(stat -c %a /scratch)",
		&o);
	umask(022);
	ok(went_well(&o), "a container with mounts of its own runs");
	text = get_file(SHARED "/new");
	is_str(text, "made\n", "it writes through a bind mount");
	free(text);
	ok(!exists(SHARED "/other"), "not through a read-only one");
	is_str(field(&o, "ro"), "yes", "which has the flags asked for");
	is_str(field(&o, "all"), "yes",
	       "a recursive one has what is mounted below");
	is_str(field(&o, "one"), "of the host", "one file can be bound");
	is_str(field(&o, "scratch"), "701", "a file system has its options");
	is_str(field(&o, "between"), "755",
	       "the caller's umask shows in no folder on the way");
	ok(!exists(BASE "/data") && !exists(BASE "/etc"),
	   "targets were made in the container alone");
	must(umount(SHARED "/inner"));
}

/* A link in the root may lead anywhere, but only in the root. */
static void test_targets_behind_links(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = SHARED, .target = "/var/run/x" },
		{ .source = SHARED, .target = "/trap/deep/x" },
	};
	struct outcome o __cleanup_outcome;

	must(mkdir(BASE "/run", 0755));
	must(mkdir(BASE "/var", 0755));
	must(symlink("/run", BASE "/var/run"));
	must(symlink("../../../../mnt", BASE "/trap"));
	must(mkdir(BASE "/mnt", 0755));
	run_with(
		mounts, 2,
		"echo run: $(cat /run/x/file); echo trap: $(cat /mnt/deep/x/file)",
		&o);
	ok(went_well(&o), "targets behind links are mounted on");
	is_str(field(&o, "run"), "of the host", "an absolute one");
	is_str(field(&o, "trap"), "of the host", "and one that climbs");
	ok(!exists(PLACE "/deep"), "inside the root");
	must(unlink(BASE "/trap"));
}

/* Each is found from the mount that it is in. */
static void test_targets_in_mounts(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = "none", .target = "/a", .type = "tmpfs" },
		{ .source = SHARED, .target = "/a/b" },
		{ .source = "none",
		  .target = "//a/b/inner/./deep",
		  .type = "tmpfs",
		  .data = "mode=0712" },
		{ .source = "none", .target = "/c", .type = "tmpfs" },
		{ .source = "none", .target = "/c/old", .type = "tmpfs" },
		{ .source = "none", .target = "/c", .type = "tmpfs" },
		{ .source = SHARED, .target = "/c/old/new" },
		{ .source = SHARED, .target = "/c/../e" },
	};
	static const struct mount_spec link[] = {
		{ .source = SHARED, .target = "/data" },
		{ .source = "none", .target = "/data/link/x", .type = "tmpfs" },
	};
	struct outcome o __cleanup_outcome;
	struct outcome behind __cleanup_outcome;

	run_with(mounts, 8,
		 "echo in: $(cat /a/b/file); "
		 "echo deep: $(stat -c %a /a/b/inner/deep); "
		 "echo covered: $(ls /c) $(ls /c/old); "
		 "echo new: $(cat /c/old/new/file); echo up: $(cat /e/file)",
		 &o);
	ok(went_well(&o), "mounts in mounts are made");
	is_str(field(&o, "in"), "of the host", "in a file system of its own");
	is_str(field(&o, "deep"), "712", "in a folder of the host");
	is_str(field(&o, "covered"), "old new", "what is covered stays so");
	is_str(field(&o, "new"), "of the host", "the last mount counts");
	is_str(field(&o, "up"), "of the host", "\"..\" leads out of one");
	must(rmdir(SHARED "/inner/deep"));
	must(symlink("inner", SHARED "/link"));
	run_with(link, 2, "true", &behind);
	is_int(behind.result, -1, "a link in one is not followed");
	is_str(behind.error.text,
	       "cannot mount tmpfs on \"/data/link/x\" in the container: a symbolic link is on the way to it",
	       "the text says so");
}

/* Not by their path: by what they are. */
static void test_masks_anywhere(void)
{
	static const struct mount_spec mounts[] = {
		{ .source = "proc", .target = "/a", .type = "proc" },
		{ .source = "/proc", .target = "/b", .recursive = true },
		{ .source = "/sys", .target = "/c", .set = MOUNT_ATTR_RDONLY },
	};
	static const char *const names[] = { "/a", "/b", "/c" };
	char script[64];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct outcome o __cleanup_outcome;

		snprintf(script, sizeof(script), "probe masks %s", names[i]);
		run_with(&mounts[i], 1, script, &o);
		ok(went_well(&o), "%s is mounted on %s", mounts[i].source,
		   names[i]);
		is_str(field(&o, "masks"), "there", "it has its masks");
	}
}

static void refused(const struct mount_spec *mount, const char *want)
{
	struct outcome o __cleanup_outcome;

	run_with(mount, 1, "true", &o);
	is_int(o.result, -1, "%s", want);
	is_str(o.error.text, want, "the text says so");
	is_int(o.removed, 0, "nothing is left");
}

static void test_errors(void)
{
	refused(&(struct mount_spec){ .source = PLACE "/none", .target = "/x" },
		"cannot bind \"/mnt/none\" to \"/x\": No such file or directory");
	refused(&(struct mount_spec){ .source = "x",
				      .target = "/x",
				      .type = "nosuchfs" },
		"cannot mount nosuchfs on \"/x\" in the container: No such device");
	refused(&(struct mount_spec){ .source = "x",
				      .target = "/x",
				      .type = "tmpfs",
				      .data = "color=red" },
		"cannot mount tmpfs on \"/x\" in the container: Invalid argument");
	refused(&(struct mount_spec){ .source = "x",
				      .target = "x",
				      .type = "tmpfs" },
		"cannot mount on \"x\": the target is not a path below the root");
	refused(&(struct mount_spec){ .source = "x",
				      .target = "//",
				      .type = "tmpfs" },
		"cannot mount on \"//\": the target is not a path below the root");
	refused(&(struct mount_spec){ .source = "x",
				      .target = "/x",
				      .type = "tmpfs",
				      .recursive = true },
		"cannot mount on \"/x\": an option is asked for that only a bind has");
	refused(&(struct mount_spec){ .source = SHARED,
				      .target = "/x",
				      .copy_up = true },
		"cannot mount on \"/x\": only a tmpfs can start with a copy");
	refused(&(struct mount_spec){ .source = NULL, .target = "/x" },
		"cannot mount on \"/x\": there is no source to bind");
	refused(&(struct mount_spec){ .source = SHARED, .target = "/bin/sh/x" },
		"cannot mount a folder of the host on \"/bin/sh/x\" in the container: Not a directory");
}

static void test_no_mounts(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo root: $(echo /*); echo umask: $(umask)"));
	struct outcome o __cleanup_outcome;

	spec.n_mounts = 0;
	spec.n_devices = 0;
	spec.n_links = 0;
	umask(077);
	run(&spec, &o);
	umask(022);
	is_str(field(&o, "umask"), "0022", "its umask is 022");
	ok(went_well(&o), "a container without any mount runs");
	is_str(field(&o, "root"), "/bin /mnt /run /var",
	       "nothing was made in it");
}

int main(void)
{
	fixture_begin();
	test_proc();
	test_read_only();
	test_dev();
	test_dev_without_mknod();
	test_binds();
	test_targets_behind_links();
	test_targets_in_mounts();
	test_masks_anywhere();
	test_errors();
	test_no_mounts();
	return tap_end();
}
