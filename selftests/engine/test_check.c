// SPDX-License-Identifier: GPL-2.0
/* Tests what "engine check" finds, on machines that are folders with files. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/lock.h"
#include "cases.h"
#include "engine/check.h"
#include "must.h"
#include "scratch.h"
#include "tap.h"

#define RELEASE "6.1.0-1-amd64"
#define MODULES "lib/modules/" RELEASE
#define VERSION "1.2.0"
#define BOOT	"sys/firmware/efi/efivars/"
#define SECURE	BOOT "SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"

static char place[] = "/tmp/check.XXXXXX";
static char run_dir[sizeof(place) + sizeof("/run/purser")];
static struct string_list records;
static struct machine machine = {
	.version = VERSION,
	.run_dir = run_dir,
	.records = &records,
};

/* Make the folders above a file. */
static void make_way(const char *path)
{
	char folder[256];

	for (const char *s = path; (s = strchr(s, '/')); s++) {
		snprintf(folder, sizeof(folder), "%.*s", (int)(s - path), path);
		mkdirat(machine.root, folder, 0755);
	}
}

static void put_bytes(const char *path, const void *bytes, size_t len)
{
	int fd;

	make_way(path);
	fd = must(
		openat(machine.root, path, O_WRONLY | O_CREAT | O_TRUNC, 0644));
	must(write(fd, bytes, len));
	close(fd);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void take_away(const char *path)
{
	must(unlinkat(machine.root, path, 0));
}

/* A machine that has all. */
static void make_machine(void)
{
	static const char *const kinds[] = { "mnt", "pid",  "uts",    "ipc",
					     "net", "user", "cgroup", "time" };
	char path[64];

	put("proc/sys/kernel/osrelease", RELEASE "\n");
	put("proc/sys/kernel/seccomp/actions_avail", "kill_process allow\n");
	put("proc/filesystems", "nodev\ttmpfs\nnodev\toverlay\n");
	put("proc/self/status", "Name:\tx\nCapEff:\t000001ffffffffff\n");
	put("proc/self/uid_map", "         0          0 4294967295\n");
	put("proc/self/mountinfo",
	    "30 1 0:26 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	put("proc/self/ns/x", "");
	for (size_t i = 0; i < ARRAY_SIZE(kinds); i++) {
		snprintf(path, sizeof(path), "proc/self/ns/%s", kinds[i]);
		must(symlinkat("pid:[1]", machine.root, path));
	}
	put("sys/fs/cgroup/cgroup.controllers", "cpuset cpu io memory pids\n");
	put("sys/module/purser/version", VERSION "\n");
	put(MODULES "/modules.dep",
	    "kernel/fs/overlayfs/overlay.ko:\nupdates/dkms/purser.ko.xz:\n");
	put(MODULES "/build/Makefile", "");
}

/* What the check of that name says: "STATE: FOUND [REMEDY]", or "" if there is none. */
static const char *check(const char *name)
{
	static char text[512];
	struct findings f = { 0 };

	*text = '\0';
	check_machine(&machine, &f);
	for (size_t i = 0; i < f.n; i++) {
		if (strcmp(f.list[i].name, name))
			continue;
		snprintf(text, sizeof(text), "%s: %s [%s]",
			 finding_state_name(f.list[i].state), f.list[i].found,
			 f.list[i].remedy ? f.list[i].remedy : "");
	}
	findings_free(&f);
	return text;
}

static bool misses(void)
{
	struct findings f = { 0 };
	bool missing;

	check_machine(&machine, &f);
	missing = findings_miss(&f);
	findings_free(&f);
	return missing;
}

static void test_whole(void)
{
	struct findings f = { 0 };
	size_t n = 0;

	check_machine(&machine, &f);
	for (size_t i = 0; i < f.n; i++) {
		n += f.list[i].state == FINDING_OK;
		if (f.list[i].state != FINDING_OK || f.list[i].remedy)
			printf("# %s: %s\n", f.list[i].name, f.list[i].found);
	}
	is_int(f.n, 15, "there are 15 checks");
	is_int(n, f.n, "on a machine that has all, all are ok");
	findings_free(&f);
	ok(!misses(), "and nothing is missing");
}

static void test_kernel(void)
{
	put("proc/sys/kernel/osrelease", "5.10.0-9-amd64\n");
	is_str(check("kernel"),
	       "missing: Linux 5.10.0-9-amd64, but engine needs 5.12 [apt full-upgrade]",
	       "an old kernel is missing");
	ok(misses(), "which makes the check fail");
	put("proc/sys/kernel/osrelease", "5.12\n");
	is_str(check("kernel"), "ok: Linux 5.12 []", "the oldest one is ok");
	put("proc/sys/kernel/osrelease", RELEASE "\n");
}

static void test_module(void)
{
	take_away("sys/module/purser/version");
	must(unlinkat(machine.root, "sys/module/purser", AT_REMOVEDIR));
	is_str(check("module"),
	       "missing: installed, but not loaded [modprobe purser]",
	       "a module that is not loaded");
	ok(misses(), "without the module nothing works");
	is_str(check("versions"), "", "without a module, no versions differ");
	put(MODULES "/modules.dep", "kernel/fs/x.ko: updates/dkms/purser.ko\n");
	is_str(check("module"),
	       "missing: not installed for this kernel [apt install purser-dkms]",
	       "one that is not installed");
	put("usr/src/purser-1.1.0/dkms.conf", "");
	put("usr/src/purser-1.10.0/dkms.conf", "");
	put("usr/src/other-2.0/dkms.conf", "");
	is_str(check("module"),
	       "missing: not installed for this kernel [dkms install purser/1.10.0 -k " RELEASE
	       "]",
	       "one that DKMS can build");
	take_away(MODULES "/build/Makefile");
	is_str(check("headers"),
	       "warning: none; the module cannot be built for this kernel [apt install linux-headers-" RELEASE
	       "]",
	       "but not without the headers");
	put("sys/module/purser/version", VERSION "\n");
	is_str(check("headers"),
	       "ok: none; the module has been built already []",
	       "a module that is loaded needs none");
	machine.unreachable = "why";
	is_str(check("module"),
	       "missing: loaded, but out of reach here: why [nsenter --net=/proc/1/ns/net engine check]",
	       "a table that cannot be reached");
	machine.unreachable = NULL;
	take_away("usr/src/purser-1.10.0/dkms.conf");
	must(unlinkat(machine.root, "usr/src/purser-1.10.0", AT_REMOVEDIR));
}

static void test_versions(void)
{
	put("sys/module/purser/version", "1.10.0\n");
	is_str(check("versions"),
	       "warning: module: 1.10.0, programs: 1.2.0; the programs must be upgraded [apt install --only-upgrade purser purser-oci]",
	       "a newer module: the programs must be upgraded");
	ok(!misses(), "they work together for what both know");
	put("sys/module/purser/version", "1.1.9\n");
	is_str(check("versions"),
	       "warning: module: 1.1.9, programs: 1.2.0; the module must be upgraded [apt install --only-upgrade purser-dkms]",
	       "an older module must be upgraded");
	put("usr/src/purser-1.2.0/dkms.conf", "");
	is_str(check("versions"),
	       "warning: module: 1.1.9, programs: 1.2.0; the module must be upgraded [modprobe -r purser && modprobe purser]",
	       "or loaded again, if the new one is installed");
	put("sys/module/purser/version", VERSION "\n");
}

static void test_secure_boot(void)
{
	put_bytes(SECURE, "\6\0\0\0\1", 5);
	is_str(check("secure boot"),
	       "ok: on; the kernel loads modules without a signature []",
	       "Secure Boot alone refuses no module");
	put("sys/kernel/security/lockdown",
	    "none [integrity] confidentiality\n");
	is_str(check("secure boot"),
	       "ok: on; the kernel has accepted the module []",
	       "a module that is loaded has its signature");
	take_away("sys/module/purser/version");
	must(unlinkat(machine.root, "sys/module/purser", AT_REMOVEDIR));
	is_str(check("secure boot"),
	       "warning: on; the kernel loads only modules with a signature that it knows [mokutil --import /var/lib/dkms/mok.pub]",
	       "one that is not needs one");
	put("sys/kernel/security/lockdown",
	    "[none] integrity confidentiality\n");
	put("sys/module/module/parameters/sig_enforce", "Y\n");
	put_bytes(SECURE, "\6\0\0\0\0", 5);
	is_str(check("secure boot"),
	       "warning: off; the kernel loads only modules with a signature that it knows [mokutil --import /var/lib/dkms/mok.pub]",
	       "also without Secure Boot, if the kernel wants it");
	put("sys/module/module/parameters/sig_enforce", "N\n");
	put("sys/module/purser/version", VERSION "\n");
}

static void test_cgroups(void)
{
	put("sys/fs/cgroup/cgroup.controllers", "cpu memory pids\n");
	is_str(check("controllers"), "warning: cgroup v2 lacks: cpuset io []",
	       "some controllers had better be there");
	put("sys/fs/cgroup/cgroup.controllers",
	    "cpuset cpu io memory_x pids\n");
	is_str(check("controllers"),
	       "missing: cgroup v2 lacks: memory [boot with cgroup_enable=memory]",
	       "others must be");
	put("proc/self/mountinfo",
	    "30 1 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	    "31 1 0:27 / /sys/fs/cgroup rw - cgroup2 cgroup2 rw\n");
	is_str(check("controllers"),
	       "missing: cgroup v2 lacks: memory [boot with systemd.unified_cgroup_hierarchy=1]",
	       "version 1 has taken them");
	put("proc/self/mountinfo",
	    "30 1 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n");
	is_str(check("cgroup v2"),
	       "missing: only cgroup v1 is mounted [boot with systemd.unified_cgroup_hierarchy=1]",
	       "only version 1");
	put("proc/self/mountinfo", "");
	is_str(check("cgroup v2"),
	       "missing: not mounted [mount -t cgroup2 none /sys/fs/cgroup]",
	       "no cgroups");
}

static void test_features(void)
{
	put("proc/filesystems", "nodev\ttmpfs\n");
	put(MODULES "/modules.dep", "kernel/fs/overlayfs/overlay.ko:\n");
	is_str(check("overlay"), "ok: the kernel loads it when it is needed []",
	       "overlay as a module");
	put(MODULES "/modules.dep", "");
	is_str(check("overlay"),
	       "warning: missing; each container needs a root of its own [modprobe overlay]",
	       "no overlay");
	take_away("proc/sys/kernel/seccomp/actions_avail");
	is_str(check("seccomp"), "missing: the kernel was built without it []",
	       "no seccomp");
	take_away("proc/self/ns/time");
	is_str(check("namespaces"), "warning: the kernel lacks: time []",
	       "a namespace that containers can do without");
	take_away("proc/self/ns/pid");
	is_str(check("namespaces"), "missing: the kernel lacks: pid time []",
	       "one that they cannot do without");
}

static void test_permissions(void)
{
	put("proc/self/uid_map", "0 100000 65536\n");
	is_str(check("permissions"),
	       "missing: root of this user namespace is not root of the machine []",
	       "root of a container");
	put("proc/self/status", "CapEff:\t0000000000001000\n");
	is_str(check("permissions"),
	       "missing: only a process with CAP_SYS_ADMIN and CAP_NET_ADMIN can start containers [sudo engine check]",
	       "a user with one of two capabilities");
}

static pid_t hold_lock(void)
{
	char path[sizeof(run_dir) + sizeof("/" LOCK_FILE)], c;
	int ready[2];
	pid_t pid, holder;

	snprintf(path, sizeof(path), "%s/" LOCK_FILE, run_dir);
	must(pipe(ready));
	pid = must(fork());
	if (!pid) {
		if (lock_take(path, &holder) < 0)
			_exit(1);
		must(write(ready[1], "", 1));
		pause();
	}
	must(read(ready[0], &c, 1));
	close(ready[0]);
	close(ready[1]);
	return pid;
}

static void test_leftovers(void)
{
	char want[256];
	pid_t pid;

	put("run/purser/containers/web/stdout", "");
	put("sys/fs/cgroup/purser/web/cgroup.events",
	    "populated 0\nfrozen 0\n");
	put("sys/fs/cgroup/purser/_a.b/cgroup.events", "populated 0\n");
	put("sys/fs/cgroup/purser/lives/cgroup.events", "populated 1\n");
	put("sys/fs/cgroup/purser/cgroup.procs", "");
	is_str(check("containers"),
	       "warning: without a supervisor, which takes them over: web [engine supervisor BASE-ROOTFS]",
	       "a container of a dead supervisor");
	put("run/systemd/system/x", "");
	put("usr/lib/systemd/system/purser.service", "");
	ok(strstr(check("containers"), " [systemctl start purser]"),
	   "its service can start the next one: %s", check("containers"));
	is_str(check("cgroups"),
	       "warning: of no container: _a.b [rmdir /sys/fs/cgroup/purser/_a.b]",
	       "an empty cgroup that no run folder knows");
	pid = hold_lock();
	snprintf(want, sizeof(want), "ok: process %d serves %s []", pid,
		 run_dir);
	is_str(check("supervisor"), want, "a supervisor that lives");
	is_str(check("containers"), "", "has no containers without one");
	is_str(check("cgroups"), "", "and removes its cgroups");
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	snprintf(want, sizeof(want), "ok: none serves %s []", run_dir);
	is_str(check("supervisor"), want, "the lock of a dead one is no lock");
}

/* How many lines of the table have that name. */
static size_t count(const char *name)
{
	struct findings f = { 0 };
	size_t n = 0;

	check_machine(&machine, &f);
	for (size_t i = 0; i < f.n; i++)
		n += !strcmp(f.list[i].name, name);
	findings_free(&f);
	return n;
}

/* The service serves another run directory than this command. */
static void test_service(void)
{
	char settings[256];

	snprintf(settings, sizeof(settings),
		 "#PURSER_RUN_DIR=/no\nPURSER_RUN_DIR=\"%s\"\n", run_dir);
	put("etc/default/purser", settings);
	is_int(count("supervisor"), 1,
	       "settings with the same run directory change nothing");
	snprintf(settings, sizeof(settings),
		 "PURSER_RUN_DIR=%s\nPURSER_RUN_DIR=\"%s/srv\" \n", place,
		 place);
	put("etc/default/purser", settings);
	put("srv/containers/db/stdout", "");
	is_int(count("supervisor"), 2, "with another one, both are looked at");
	ok(strstr(check("containers"), ": db [systemctl start purser]"),
	   "its containers wait for a supervisor: %s", check("containers"));
	put("sys/fs/cgroup/purser/db/cgroup.events", "populated 0\n");
	ok(!strstr(check("cgroups"), "db"), "and their cgroups are known: %s",
	   check("cgroups"));
	put("etc/default/purser", "PURSER_RUN_DIR=srv\nXPURSER_RUN_DIR=/x\n");
	is_int(count("supervisor"), 1, "a path must begin with a slash");
	take_away("etc/default/purser");
}

static void test_oci(void)
{
	string_list_add(&records, "a1");
	put("run/purser-oci/a1/state.json", "{}");
	put("run/purser-oci/.seccomp/x", "");
	is_str(check("oci containers"), "ok: none is left []",
	       "a container with a record is no leftover");
	put("run/purser-oci/b1/state.json", "{}");
	is_str(check("oci containers"),
	       "warning: without a record in the kernel's table: b1 [purser-oci delete --force b1]",
	       "one without a record is");
	for (char name[] = "run/purser-oci/b2/state.json"; name[16] < '7';
	     name[16]++)
		put(name, "{}");
	ok(strstr(check("oci containers"), " and 2 more ["),
	   "only some are named: %s", check("oci containers"));
	machine.records = NULL;
	is_str(check("oci containers"),
	       "ok: not compared: the kernel's table is out of reach []",
	       "without the table nothing is called a leftover");
}

int main(void)
{
	if (!mkdtemp(place))
		bail("cannot make a folder");
	snprintf(run_dir, sizeof(run_dir), "%s/run/purser", place);
	machine.root = must(open(place, O_PATH | O_DIRECTORY | O_CLOEXEC));
	make_machine();
	test_whole();
	test_kernel();
	test_module();
	test_versions();
	test_secure_boot();
	test_cgroups();
	test_features();
	test_permissions();
	test_leftovers();
	test_service();
	test_oci();
	string_list_free(&records);
	close(machine.root);
	scratch_remove(place);
	return tap_end();
}
