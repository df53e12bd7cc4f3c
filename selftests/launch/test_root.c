// SPDX-License-Identifier: GPL-2.0
/* The container's root: an overlay or a folder, and nothing of the host's. */
#include <sys/sysmacros.h>

#include "fixture.h"

#define FOLDER PLACE "/folder"

static bool exists(const char *path)
{
	struct stat st;

	return !lstat(path, &st);
}

static void test_overlay(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo new > /new; echo changed > /bin/sh; test -d /tmp || "
		   "mkdir /tmp; echo left: $(cat /new)"));
	char *before = get_file("/proc/self/mountinfo");
	struct outcome o __cleanup_outcome;
	struct stat st, shell;
	char *after;

	must(stat(BASE "/bin/busybox", &shell));
	run(&spec, &o);
	ok(went_well(&o), "a container in an overlay runs");
	is_str(field(&o, "left"), "new", "it reads what it has written");
	ok(!exists(BASE "/new") && !exists(BASE "/tmp"),
	   "the base stays as it was");
	ok(!stat(BASE "/bin/busybox", &st) && st.st_size == shell.st_size &&
		   st.st_mtim.tv_sec == shell.st_mtim.tv_sec,
	   "a file that it has overwritten too");
	ok(!exists(STATE), "what it has written goes with its state");
	after = get_file("/proc/self/mountinfo");
	is_str(after, before, "the host's mounts stay as they were");
	free(before);
	free(after);
}

static void test_mode_of_root(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("stat", "-c", "root: %a %u %g", "/"));
	struct outcome o __cleanup_outcome;

	must(chown(BASE, 12, 34));
	must(chmod(BASE, 0751));
	run(&spec, &o);
	ok(went_well(&o), "the root is asked for its mode");
	is_str(field(&o, "root"), "751 12 34", "owner and mode are the base's");
	must(chmod(BASE, 0755));
	must(chown(BASE, 0, 0));
}

/* While it runs: neither sees what the other has mounted. */
static void test_mounts_invisible(void)
{
	struct container_spec spec = fixture_spec(
		SH("cat /proc/self/mountinfo; read line; echo got: $line"));
	char *before = get_file("/proc/self/mountinfo");
	struct failure err;
	struct launch l;
	int in[2], out[2];
	char buf[65536];
	size_t n = 0;
	ssize_t r;
	char *during;

	must(mkdir(STATE, 0700));
	must(pipe2(in, O_CLOEXEC));
	must(pipe2(out, O_CLOEXEC));
	must(begin_launch(&l, &spec, (int[]){ in[0], out[1], out[1] }, &err));
	close(in[0]);
	close(out[1]);
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a container waits for input");
	/* Whole when the last of the default mounts and masks are in it. */
	while (n < sizeof(buf) - 1 &&
	       (r = must(read(out[0], buf + n, 1))) == 1) {
		n += (size_t)r;
		buf[n] = '\0';
		if (buf[n - 1] == '\n' && strstr(buf, " /proc/sys "))
			break;
	}
	during = get_file("/proc/self/mountinfo");
	is_str(during, before, "the host sees none of its mounts");
	ok(strstr(buf, " / / rw,nodev") != NULL, "it sees its root, nodev");
	ok(!strstr(buf, PLACE) && !strstr(buf, "ext4"),
	   "and nothing of the host's");
	must(write(in[1], "go\n", 3));
	launch_end(&l);
	is_int(wait_status(l.pid, l.pidfd), 0, "it ends");
	is_int(overlay_remove(STATE), 0, "and is removed");
	close(l.pidfd);
	close(in[1]);
	close(out[0]);
	free(before);
	free(during);
}

static void test_escape(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("probe", "escape", BASE));
	struct container_spec up = fixture_spec(
		SH("cd /../../..; echo up: $(test -e " PLACE " && echo yes)"
		   "$(test -e bin/probe && echo root)"));
	struct outcome o __cleanup_outcome;
	struct outcome o2 __cleanup_outcome;

	run(&spec, &o);
	ok(went_well(&o), "a container changes its root twice");
	is_str(field(&o, "escape"), "inside", "it stays in its own root");
	run(&up, &o2);
	is_str(field(&o2, "up"), "root", "there is nothing above its root");
}

/* It lies on top of the old root, which has to go with it. */
static void test_mount_on_root(void)
{
	struct container_spec spec = fixture_spec(
		ARGV("probe", "escape", BASE));
	struct outcome o __cleanup_outcome;

	must(mount("tmpfs", "/", "tmpfs", 0, NULL));
	run(&spec, &o);
	must(umount2("/", MNT_DETACH));
	ok(went_well(&o),
	   "a container starts where something is mounted on \"/\"");
	is_str(field(&o, "escape"), "inside", "it stays in its own root");
}

/* Characters that options of mounts have a meaning for. */
static void test_odd_paths(void)
{
	static const char *const names[] = {
		"a:b", "a,b", "a\\b", "a=b c", "a\\:b,c:\\,d", "-", "\"\n'",
	};
	char base[PATH_MAX], state[PATH_MAX];
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct container_spec spec = fixture_spec(
			SH("echo in: $(echo there > /f; cat /f)"));
		struct outcome o __cleanup_outcome;

		snprintf(base, sizeof(base), PLACE "/base %s", names[i]);
		snprintf(state, sizeof(state), PLACE "/state %s", names[i]);
		make_root(base);
		run_over(&spec, base, -1, state, &o);
		ok(went_well(&o), "odd path %zu serves as base and state",
		   i + 1);
		is_str(field(&o, "in"), "there", "and is written to");
	}
}

static void test_relative_paths(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;

	must(chdir(PLACE));
	run_over(&spec, "base", -1, "state", &o);
	ok(went_well(&o), "relative paths serve as base and state");
	must(chdir("/"));
}

static void test_folder(void)
{
	struct container_spec spec = fixture_spec(SH("echo written > /new"));
	struct outcome o __cleanup_outcome;
	char *text;

	make_root(FOLDER);
	must(mknod(FOLDER "/zero", S_IFCHR | 0666, makedev(1, 5)));
	spec.root.path = FOLDER;
	run(&spec, &o);
	ok(went_well(&o), "a container in a folder runs");
	text = get_file(FOLDER "/new");
	is_str(text, "written\n", "what it writes is in the folder");
	free(text);
	ok(exists(FOLDER "/proc") && exists(FOLDER "/sys"),
	   "missing mount points were made");
}

/* What was opened is the root, whatever has its name by then. */
static void test_opened(void)
{
	struct container_spec spec = fixture_spec(
		SH("echo mark: $(cat /mark); echo seen > /seen"));
	struct outcome folder __cleanup_outcome;
	struct outcome base __cleanup_outcome;
	struct outcome file __cleanup_outcome;

	put_file(FOLDER "/mark", "the right one", 0644);
	spec.root.fd = must(open(FOLDER, O_PATH | O_CLOEXEC));
	must(rename(FOLDER, PLACE "/moved"));
	must(symlink(BASE, FOLDER));
	spec.root.path = FOLDER;
	run(&spec, &folder);
	ok(went_well(&folder),
	   "a folder is opened, and its name then leads elsewhere");
	is_str(field(&folder, "mark"), "the right one",
	       "the folder is the root");
	ok(exists(PLACE "/moved/seen") && !exists(BASE "/seen"),
	   "what has its name now is not");
	run_over(&spec, FOLDER, spec.root.fd, STATE, &base);
	ok(went_well(&base), "so it is with a base");
	is_str(field(&base, "mark"), "the right one", "below an overlay");
	close(spec.root.fd);
	must(unlink(FOLDER));
	must(rename(PLACE "/moved", FOLDER));

	spec.root.fd = must(open(BASE "/bin/busybox", O_PATH | O_CLOEXEC));
	run(&spec, &file);
	is_int(file.result, -1, "a file is no root");
	is_str(file.error.text,
	       "cannot use the root \"/mnt/folder\": Not a directory",
	       "the text says so");
	close(spec.root.fd);
}

/* Whatever the host has mounted in a folder, its own procfs among it. */
static void test_submounts(void)
{
	struct container_spec spec = fixture_spec(SH(
		"for f in /a/sys/kernel/core_pattern /b/power/state /c/file; do "
		"test -e $f && echo file: $f; done; "
		"echo below: $(cat /c/below); "
		"echo mounts: $(grep -c ' /[abc] ' /proc/self/mountinfo)"));
	struct outcome o __cleanup_outcome;
	struct outcome o2 __cleanup_outcome;

	must(mkdir(FOLDER "/a", 0755));
	must(mkdir(FOLDER "/b", 0755));
	must(mkdir(FOLDER "/c", 0755));
	put_file(FOLDER "/c/below", "of the folder", 0644);
	must(mount("proc", FOLDER "/a", "proc", 0, NULL));
	must(mount("sysfs", FOLDER "/b", "sysfs", 0, NULL));
	must(mount("tmpfs", FOLDER "/c", "tmpfs", 0, NULL));
	put_file(FOLDER "/c/file", "", 0644);
	spec.root.path = FOLDER;
	run(&spec, &o);
	ok(went_well(&o), "a folder in which more is mounted serves as a root");
	is_str(field(&o, "file"), NULL, "nothing of that is in the container");
	is_str(field(&o, "mounts"), "0", "nor a mount of it");
	is_str(field(&o, "below"), "of the folder",
	       "it sees the folder itself");
	run_over(&spec, FOLDER, -1, STATE, &o2);
	is_str(field(&o2, "file"), NULL, "nor in one over such a base");
	must(umount2(FOLDER "/a", MNT_DETACH));
	must(umount2(FOLDER "/b", MNT_DETACH));
	must(umount2(FOLDER "/c", MNT_DETACH));
}

static void test_nodev(void)
{
	struct container_spec spec = fixture_spec(SH(
		"dd if=/zero of=/dev/null bs=1 count=1 2>/dev/null && echo node: works; "
		"dd if=/dev/zero of=/dev/null bs=1 count=1 2>/dev/null && "
		"echo dev: works"));
	struct outcome o __cleanup_outcome;
	struct outcome o2 __cleanup_outcome;

	run_over(&spec, FOLDER, -1, STATE, &o);
	is_str(field(&o, "node"), NULL,
	       "a device node in a base does not work");
	is_str(field(&o, "dev"), "works", "those in /dev do");
	spec.root.path = FOLDER;
	run(&spec, &o2);
	is_str(field(&o2, "node"), NULL, "nor does one in a folder");
	is_str(field(&o2, "dev"), "works", "where those in /dev do too");
}

/* In each case what comes of it is a message, or a mount inside the root. */
static void test_hostile_folder(void)
{
	struct container_spec spec = fixture_spec(
		SH("test -c /mnt/victim/null && test -c /dev/pts/ptmx && "
		   "echo fine: yes"));
	struct outcome proc __cleanup_outcome;
	struct outcome sys __cleanup_outcome;
	struct outcome dev __cleanup_outcome;

	spec.root.path = PLACE "/hostile";
	make_root(PLACE "/hostile");
	must(symlink("/../../mnt/victim", PLACE "/hostile/proc"));
	must(mkdir(PLACE "/victim", 0755));
	put_file(PLACE "/victim/file", "", 0644);
	run(&spec, &proc);
	is_int(proc.result, -1, "/proc that is a symbolic link is refused");
	is_str(proc.error.text,
	       "cannot mount proc on \"/proc\" in the container: a symbolic link is on the way to it",
	       "with a text that says so");

	must(unlink(PLACE "/hostile/proc"));
	must(symlink("/proc", PLACE "/hostile/sys"));
	run(&spec, &sys);
	is_int(sys.result, -1, "so is /sys");
	is_str(sys.error.text,
	       "cannot mount sysfs on \"/sys\" in the container: a symbolic link is on the way to it",
	       "with a text that says so");

	must(unlink(PLACE "/hostile/sys"));
	must(symlink("../../../../mnt/victim", PLACE "/hostile/dev"));
	must(mkdir(PLACE "/hostile/mnt", 0755));
	must(mkdir(PLACE "/hostile/mnt/victim", 0755));
	run(&spec, &dev);
	ok(went_well(&dev),
	   "/dev that leads out of the root leads back into it");
	is_str(field(&dev, "fine"), "yes", "the rest is mounted");
	ok(exists(PLACE "/victim/file") && !exists(PLACE "/victim/null"),
	   "the host's folder is as it was");
	must(unlink(PLACE "/hostile/dev"));
}

static void test_wrong_roots(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct outcome base __cleanup_outcome;
	struct outcome file __cleanup_outcome;
	struct outcome none __cleanup_outcome;

	run_over(&spec, PLACE "/nowhere", -1, STATE, &base);
	is_int(base.result, -1, "a base that is not there is an error");
	is_str(base.error.text,
	       "cannot use the base folder \"/mnt/nowhere\": No such file or directory",
	       "with a text that says so");
	is_int(base.error.code, 125, "and code 125");
	spec.root.path = BASE "/bin/busybox";
	run(&spec, &file);
	is_str(file.error.text,
	       "cannot use the root \"/mnt/base/bin/busybox\": Not a directory",
	       "so is a file as a root");
	spec.root.path = NULL;
	fixture_overlay.state_dir = PLACE "/nostate";
	none.output = NULL;
	none.result = begin_launch(&(struct launch){ 0 }, &spec,
				   (int[]){ 0, 1, 2 }, &none.error);
	is_int(none.result, -1, "so is a state folder that is not there");
	is_str(none.error.text,
	       "cannot use the state folder \"/mnt/nostate\": No such file or directory",
	       "with a text that says so");
	fixture_overlay.state_dir = STATE;
}

/* Two containers may not get each other's files. */
static void test_state_in_use(void)
{
	struct container_spec spec = fixture_spec(ARGV("true"));
	struct failure err;
	struct launch l;

	must(mkdir(STATE, 0700));
	must(mkdir(STATE "/upper", 0755));
	put_file(STATE "/upper/file", "", 0644);
	is_int(begin_launch(&l, &spec, (int[]){ 0, 1, 2 }, &err), -1,
	       "files of an earlier container are an error");
	is_str(err.text,
	       "cannot use the state folder \"/mnt/state\": it holds an earlier container's files",
	       "with a text that says so");
	launch_end(&l);
	ok(exists(STATE "/upper/file") && !exists(STATE "/work"),
	   "they stay, and nothing comes to them");
	is_int(overlay_remove(STATE), 0, "they can be removed");

	must(mkdir(STATE, 0700));
	put_file(STATE "/image", "its files", 0600);
	fixture_overlay.image_bytes = 1 << 20;
	is_int(begin_launch(&l, &spec, (int[]){ 0, 1, 2 }, &err), -1,
	       "so is a file system of an earlier container");
	is_str(err.text,
	       "cannot use the state folder \"/mnt/state\": it holds an earlier container's files",
	       "the text says so");
	launch_end(&l);
	ok(exists(STATE "/image"), "which stays");
	is_int(overlay_remove(STATE), 0, "and can be removed");
	fixture_overlay.image_bytes = 0;
}

int main(void)
{
	fixture_begin();
	test_overlay();
	test_mode_of_root();
	test_mounts_invisible();
	test_escape();
	test_mount_on_root();
	test_odd_paths();
	test_relative_paths();
	test_folder();
	test_opened();
	test_submounts();
	test_nodev();
	test_hostile_folder();
	test_wrong_roots();
	test_state_in_use();
	return tap_end();
}
