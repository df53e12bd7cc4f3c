// SPDX-License-Identifier: GPL-2.0
/*
 * What a container finds, from inside: run as its command by the unit tests of
 * launching. Prints one "name: value" a line.
 *
 *	probe fds		every open file descriptor
 *	probe calls		what system calls that containers are refused
 *				come to, by the name of the error
 *	probe abi		the same of calls by another ABI
 *	probe keyring		the number of the session's keyring
 *	probe scheduling	policy, nice value, I/O priority and number of CPUs
 *	probe inherited		what else execve() keeps of the process that
 *				made the container
 *	probe escape PATH	whether PATH, a folder of the host, can be
 *				reached by changing the root twice
 *	probe masks NAME...	whether the proc or sysfs that one of these
 *				names in the root leads to has its masks; the
 *				names may be exchanged meanwhile
 *	probe touch FD PATH...	change mode, owner, times and attributes of the
 *				inode of a descriptor and of files
 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/keyctl.h>
#include <linux/magic.h>
#include <linux/sched.h>
#include <sched.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <sys/wait.h>
#include <sys/xattr.h>
#include <unistd.h>

static void say(const char *name, long result)
{
	const char *error = result < 0 ? strerrorname_np(errno) : "success";

	printf("%s: %s\n", name, error ? error : "unknown");
}

static int fds(void)
{
	int fd;

	for (fd = 0; fd < 4096; fd++)
		if (fcntl(fd, F_GETFD) >= 0)
			printf("fd: %d\n", fd);
	return 0;
}

/*
 * Arguments are such that each call fails with another error, or does no harm,
 * where it is let through.
 */
#define CALL(name) say(#name, syscall(SYS_##name, -1L, NULL, NULL, NULL, -1L))
#define PATH_CALL(name) \
	say(#name, syscall(SYS_##name, NULL, NULL, NULL, 0L, NULL))
/* Beyond the 32 bits that the kernel reads, to get past a rule. */
#define HIGH (UINT64_C(1) << 32)

static void namespace_calls(void)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} spaces[] = {
		{ "user", CLONE_NEWUSER },     { "mount", CLONE_NEWNS },
		{ "pid", CLONE_NEWPID },       { "uts", CLONE_NEWUTS },
		{ "ipc", CLONE_NEWIPC },       { "net", CLONE_NEWNET },
		{ "cgroup", CLONE_NEWCGROUP },
	};
	struct clone_args args = { .exit_signal = SIGCHLD };
	char name[32];
	size_t i;
	long r;

	for (i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
		r = syscall(SYS_clone, spaces[i].flag | SIGCHLD, NULL, NULL,
			    NULL, NULL);
		if (!r)
			_exit(0);
		snprintf(name, sizeof(name), "clone %s", spaces[i].name);
		say(name, r);
		/* In a child: it would change the namespaces of what follows. */
		r = syscall(SYS_clone, (long)SIGCHLD, NULL, NULL, NULL, NULL);
		if (!r) {
			snprintf(name, sizeof(name), "unshare %s",
				 spaces[i].name);
			say(name, syscall(SYS_unshare, spaces[i].flag | HIGH));
			fflush(stdout);
			_exit(0);
		}
		waitpid((pid_t)r, NULL, __WALL);
	}
	r = syscall(SYS_clone3, &args, sizeof(args));
	if (!r)
		_exit(0);
	say("clone3", r);
	say("unshare nothing", syscall(SYS_unshare, 0L));
}

static int calls(void)
{
	setvbuf(stdout, NULL, _IOLBF, 0);
	PATH_CALL(mount);
	PATH_CALL(umount2);
	PATH_CALL(pivot_root);
	CALL(open_tree);
	CALL(move_mount);
	PATH_CALL(fsopen);
	CALL(fsconfig);
	CALL(fsmount);
	CALL(fspick);
	CALL(mount_setattr);
	say("open_tree_attr", syscall(467, -1L, NULL, -1L, NULL, 0L));
	CALL(setns);
	CALL(name_to_handle_at);
	CALL(open_by_handle_at);
	CALL(add_key);
	CALL(request_key);
	CALL(keyctl);
	CALL(syslog);
	PATH_CALL(perf_event_open);
	CALL(bpf);
	CALL(userfaultfd);
	CALL(io_uring_setup);
	CALL(io_uring_enter);
	CALL(io_uring_register);
	PATH_CALL(init_module);
	CALL(finit_module);
	PATH_CALL(delete_module);
	CALL(kexec_load);
	CALL(kexec_file_load);
	CALL(reboot);
	CALL(settimeofday);
	CALL(clock_settime);
	CALL(clock_adjtime);
	PATH_CALL(adjtimex);
	PATH_CALL(swapon);
	PATH_CALL(swapoff);
	CALL(acct);
	CALL(quotactl);
	CALL(quotactl_fd);
#ifdef SYS_iopl
	CALL(iopl);
	CALL(ioperm);
#endif
	say("ioctl TIOCSTI", syscall(SYS_ioctl, 0L, (long)TIOCSTI, NULL));
	say("ioctl TIOCSTI high", syscall(SYS_ioctl, 0L, TIOCSTI | HIGH, NULL));
	say("ioctl TIOCLINUX", syscall(SYS_ioctl, 0L, (long)TIOCLINUX, NULL));
	say("socket AF_VSOCK", syscall(SYS_socket, AF_VSOCK | HIGH, -1L, 0L));
	say("socket AF_ALG", syscall(SYS_socket, AF_ALG | HIGH, -1L, 0L));
	namespace_calls();
	return 0;
}

/* In a child, which the kernel may kill. */
static void try(const char *name, void (*attempt)(void))
{
	pid_t pid = fork();
	int status;

	if (!pid) {
		attempt();
		_exit(0);
	}
	if (waitpid(pid, &status, 0) != pid)
		printf("%s: lost\n", name);
	else if (WIFSIGNALED(status))
		printf("%s: SIG%s\n", name, sigabbrev_np(WTERMSIG(status)));
	else
		printf("%s: survived\n", name);
	fflush(stdout);
}

#ifdef __x86_64__
static void call_i386(void)
{
	long nr = 20; /* getpid() */

	__asm__ volatile("int $0x80"
			 : "+a"(nr)
			 :
			 : "memory", "r8", "r9", "r10", "r11");
}

static void call_x32(void)
{
	syscall(0x40000000L | SYS_getpid);
}
#endif

static int abi(void)
{
#ifdef __x86_64__
	try("i386", call_i386);
	try("x32", call_x32);
#endif
	return 0;
}

static int keyring(void)
{
	printf("keyring: %ld\n", syscall(SYS_keyctl, KEYCTL_GET_KEYRING_ID,
					 KEY_SPEC_SESSION_KEYRING, 0L));
	return 0;
}

static int scheduling(void)
{
	cpu_set_t cpus;

	printf("policy: %d\n", sched_getscheduler(0));
	printf("nice: %d\n", getpriority(PRIO_PROCESS, 0));
	printf("io: %ld\n", syscall(SYS_ioprio_get, 1L, 0L));
	if (!sched_getaffinity(0, sizeof(cpus), &cpus))
		printf("cpus: %d\n", CPU_COUNT(&cpus));
	return 0;
}

/* Copy a file of /proc to stdout. */
static void show(const char *name, const char *path)
{
	char text[64] = "";
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || read(fd, text, sizeof(text) - 1) < 0)
		say(name, -1);
	else
		printf("%s: %s\n", name, strtok(text, "\n"));
	close(fd);
}

static int inherited(void)
{
	int policy = -1;

	printf("slack: %d\n", prctl(PR_GET_TIMERSLACK));
	printf("no huge pages: %d\n", prctl(PR_GET_THP_DISABLE, 0, 0, 0, 0));
	printf("securebits: %d\n", prctl(PR_GET_SECUREBITS));
	if (syscall(SYS_get_mempolicy, &policy, NULL, 0L, NULL, 0L))
		say("memory policy", -1);
	else
		printf("memory policy: %d\n", policy);
	show("personality", "/proc/self/personality");
	show("core dumps", "/proc/self/coredump_filter");
	printf("gid: %d\n", getgid());
	return 0;
}

static int escape(const char *path)
{
	int root = open("/", O_RDONLY | O_DIRECTORY);
	struct stat st;
	int i;

	if (root < 0 || (mkdir("/cell", 0700) && errno != EEXIST) ||
	    chroot("/cell") || fchdir(root)) {
		say("escape", -1);
		return 1;
	}
	for (i = 0; i < 64; i++)
		if (chdir(".."))
			return 1;
	if (chroot("."))
		return 1;
	printf("escape: %s\n", stat(path, &st) ? "inside" : "outside");
	return 0;
}

/* How often a name is looked at, which another process may exchange. */
#define LOOKS 100000

/* The type of the file system that is mounted on @name, which is opened. */
static long look(const char *name, int *fd)
{
	struct statfs fs;

	*fd = openat(AT_FDCWD, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (*fd < 0)
		return 0;
	if (!fstatfs(*fd, &fs) &&
	    (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC))
		return fs.f_type;
	close(*fd);
	return 0;
}

/* Opens and never writes: this may be the machine that runs the tests. */
static int can_write(int folder, const char *name)
{
	int fd = openat(folder, name, O_WRONLY | O_CLOEXEC);

	if (fd < 0)
		return 0;
	close(fd);
	printf("bare: %s\n", name);
	return 1;
}

static int is_visible(int folder, const char *name)
{
	struct stat st;

	if (fstatat(folder, name, &st, AT_SYMLINK_NOFOLLOW) ||
	    !S_ISREG(st.st_mode))
		return 0;
	printf("bare: %s\n", name);
	return 1;
}

static int has_entries(int folder, const char *name)
{
	int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	int n = 0;

	while (dir && readdir(dir))
		n++;
	if (dir)
		closedir(dir);
	if (n > 2)
		printf("bare: %s\n", name);
	return n > 2;
}

/* Each says what it has found. */
static int is_bare(int fd, long type)
{
	struct statvfs fs;

	if (type == PROC_SUPER_MAGIC)
		return can_write(fd, "sys/kernel/core_pattern") +
		       can_write(fd, "sysrq-trigger") +
		       is_visible(fd, "kcore") + is_visible(fd, "keys");
	return has_entries(fd, "firmware") || fstatvfs(fd, &fs) ||
	       !(fs.f_flag & ST_RDONLY);
}

static int masks(char **names)
{
	int i, fd = -1;
	long type = 0;
	char **name;

	for (i = 0; i < LOOKS && !type; i++)
		for (name = names; *name && !type; name++)
			type = look(*name, &fd);
	printf("masks: %s\n", !type		? "nothing is mounted" :
			      is_bare(fd, type) ? "missing" :
						  "there");
	return 0;
}

static void change(const char *path)
{
	static const struct timespec times[2] = { { 1, 0 }, { 2, 0 } };
	static const unsigned char caps[20] = { 1, 0, 0, 2 };

	say("chmod", chmod(path, 0));
	say("chown", chown(path, 1000, 1000));
	say("utimens", utimensat(AT_FDCWD, path, times, 0));
	say("setxattr",
	    setxattr(path, "security.capability", caps, sizeof(caps), 0));
}

static int touch(int fd, char **paths)
{
	static const struct timespec times[2] = { { 1, 0 }, { 2, 0 } };
	struct stat st;
	char path[32];

	if (fstat(fd, &st))
		return 1;
	printf("node: %o %x\n", st.st_mode & S_IFMT, (unsigned int)st.st_rdev);
	say("fchmod", fchmod(fd, 0));
	say("fchown", fchown(fd, 1000, 1000));
	say("futimens", futimens(fd, times));
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	change(path);
	for (; *paths; paths++)
		change(*paths);
	return 0;
}

int main(int argc, char *argv[])
{
	const char *what = argc > 1 ? argv[1] : "";

	if (!strcmp(what, "fds"))
		return fds();
	if (!strcmp(what, "calls"))
		return calls();
	if (!strcmp(what, "abi"))
		return abi();
	if (!strcmp(what, "keyring"))
		return keyring();
	if (!strcmp(what, "scheduling"))
		return scheduling();
	if (!strcmp(what, "inherited"))
		return inherited();
	if (!strcmp(what, "escape") && argc == 3)
		return escape(argv[2]);
	if (!strcmp(what, "masks") && argc > 2)
		return masks(argv + 2);
	if (!strcmp(what, "touch") && argc > 2)
		return touch(atoi(argv[2]), argv + 3);
	fprintf(stderr,
		"usage: probe fds | calls | abi | keyring | scheduling | inherited | escape PATH | masks NAME... | touch FD PATH...\n");
	return 2;
}
