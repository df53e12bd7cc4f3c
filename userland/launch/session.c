// SPDX-License-Identifier: GPL-2.0
/*
 * Steps of the child before it has its own root: user, session, label, and the settings
 * of its namespaces. All files that it writes are in the host's /proc, where a process
 * sees its own namespaces.
 */
#include <ctype.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/keyctl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>

#include "child.h"
#include "raw.h"

/* The kernel's struct sigaction is not larger than this on any architecture. */
#define KERNEL_SIGACTION_WORDS 8
#define KERNEL_SIGSET_BYTES    (_NSIG / 8)

static bool joins_user(const struct launch_plan *plan)
{
	size_t i;

	for (i = 0; i < plan->n_joins; i++)
		if (plan->joins[i].kind == CLONE_NEWUSER)
			return true;
	return false;
}

/* The namespace that is joined may forbid setgroups(): leave the caller's groups before. */
int child_leave_groups(struct child *c)
{
	return joins_user(c->plan) ? (int)raw(SYS_setgroups, 0UL, NULL) : 0;
}

/* Where setgroups() is forbidden, the process has no groups, as with crun and runc. */
long child_groups(const struct child *c, const gid_t *groups, size_t n)
{
	long r = raw(SYS_setgroups, n, groups);

	return r == -EPERM && joins_user(c->plan) ? 0 : r;
}

/*
 * Become the group root, so that new files do not belong to the caller's group, and root
 * of the user namespace, so that new files belong to that root. Until
 * execve(), only processes that may trace the parent may trace the child: it has access
 * to the host, and other processes of the container may exist already.
 */
int child_root_user(struct child *c)
{
	long r;

	/* It fails in a user namespace without a group root; child_user() sets the group. */
	raw(SYS_setresgid, 0, 0, 0);
	r = raw(SYS_prctl, PR_SET_DUMPABLE, 0UL, 0UL, 0UL, 0UL);
	if (r || !c->plan->has_userns)
		return (int)r;
	r = raw(SYS_setresgid, 0, 0, 0);
	if (!r)
		r = raw(SYS_setresuid, 0, 0, 0);
	/* EINVAL: the id map has no root. */
	return r == -EINVAL ? 0 : (int)r;
}

/*
 * Drop what the child inherited: umask, controlling terminal, groups, session keyring, and
 * signal dispositions (CLONE_CLEAR_SIGHAND does not reset ignored signals).
 */
int child_session(struct child *c)
{
	unsigned long action[KERNEL_SIGACTION_WORDS] = { 0 };
	unsigned char none[KERNEL_SIGSET_BYTES] = { 0 };
	int sig;
	long r;

	raw(SYS_umask, 022);
	r = raw(SYS_setsid);
	if (r < 0)
		return (int)r;
	for (sig = 1; sig < _NSIG; sig++) {
		if (sig == SIGKILL || sig == SIGSTOP)
			continue;
		r = raw(SYS_rt_sigaction, sig, action, NULL, sizeof(none));
		if (r)
			return (int)r;
	}
	r = raw(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, sizeof(none));
	if (!r)
		r = child_groups(c, NULL, 0);
	if (r || c->plan->process->keep_keyring)
		return (int)r;
	r = raw(SYS_keyctl, KEYCTL_JOIN_SESSION_KEYRING, NULL, 0UL, 0UL, 0UL);
	return r < 0 && r != -ENOSYS ? (int)r : 0;
}

int child_personality(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	long r;

	if (!p->has_personality)
		return 0;
	r = raw(SYS_personality, p->personality);
	return r < 0 ? (int)r : 0;
}

static int write_parts(int fd, const char *prefix, const char *text)
{
	char buf[PATH_MAX];
	size_t n = strlen(prefix), len = strlen(text);
	long r;

	if (n + len > sizeof(buf))
		return -ENAMETOOLONG;
	memcpy(buf, prefix, n);
	memcpy(buf + n, text, len);
	r = raw(SYS_write, fd, buf, n + len);
	return r < 0 ? (int)r : 0;
}

/*
 * Set the label for the next execve(). Write to the host's /proc: in a running container,
 * /proc may be anything, for example a file that accepts every write.
 */
int child_label(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	int fd __cleanup_raw_close = -1;
	const char *path = "proc/self/attr/exec";

	if (!p->apparmor && !p->selinux)
		return 0;
	if (p->apparmor &&
	    !raw(SYS_faccessat, c->host, "proc/self/attr/apparmor", F_OK))
		path = "proc/self/attr/apparmor/exec";
	fd = (int)raw(SYS_openat, c->host, path, O_WRONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	return write_parts(fd, p->apparmor ? "exec " : "",
			   p->apparmor ? p->apparmor : p->selinux);
}

int child_hostname(struct child *c)
{
	const char *name = c->plan->spec->hostname;

	return name ? (int)raw(SYS_sethostname, name, strlen(name)) : 0;
}

int child_domainname(struct child *c)
{
	const char *name = c->plan->spec->domainname;

	return name ? (int)raw(SYS_setdomainname, name, strlen(name)) : 0;
}

#define SYSCTLS "/proc/sys/"

/* The separator is the first dot or slash: "net.ipv4.x", "net/ipv4/conf/eth0.1/x". */
static int sysctl_path(char *path, size_t room, const char *key)
{
	size_t n = strlen(SYSCTLS), len = strlen(key), i;
	bool dots = key[strcspn(key, "./")] == '.';

	if (n + len + 1 > room)
		return -ENAMETOOLONG;
	memcpy(path, SYSCTLS, n);
	for (i = 0; i <= len; i++)
		path[n + i] = dots && key[i] == '.' ? '/' :
			      dots && key[i] == '/' ? '.' :
						      key[i];
	return 0;
}

int child_sysctls(struct child *c)
{
	const struct container_spec *spec = c->plan->spec;
	char path[256];
	int r = 0;

	for (c->index = 0; !r && c->index < spec->n_sysctls; c->index++) {
		const struct sysctl_spec *s = &spec->sysctls[c->index];
		int fd __cleanup_raw_close = -1;

		r = sysctl_path(path, sizeof(path), s->key);
		if (r)
			return r;
		fd = (int)raw(SYS_openat, AT_FDCWD, path,
			      O_WRONLY | O_NOFOLLOW | O_CLOEXEC, 0);
		r = fd < 0 ? fd : write_parts(fd, "", s->value);
		if (r)
			return r;
	}
	return 0;
}

/* Whether a setting in "kernel." belongs to the IPC namespace. */
static bool is_ipc(const char *name)
{
	static const char *const names[] = {
		"msgmax", "msgmnb", "msgmni", "sem",
		"shmall", "shmmax", "shmmni", "shm_rmid_forced",
	};
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (!strcmp(name, names[i]))
			return true;
	return false;
}

static bool is_clean(const char *key)
{
	const char *s;

	for (s = key; *s; s++)
		if (!isalnum((unsigned char)*s) && !strchr("._-/:@", *s))
			return false;
	return !strstr(key, "..") && !strstr(key, "//") && !strstr(key, "./") &&
	       !strstr(key, "/.");
}

/* The kind of namespace that @key belongs to; 0: the key affects the whole machine. */
static uint64_t owner_of(const char *key)
{
	size_t len = strcspn(key, "./");

	if (!is_clean(key) || !key[len])
		return 0;
	if (len == strlen("net") && !strncmp(key, "net", len))
		return CLONE_NEWNET;
	if (len == strlen("kernel") && !strncmp(key, "kernel", len) &&
	    is_ipc(key + len + 1))
		return CLONE_NEWIPC;
	if (len == strlen("fs") && !strncmp(key, "fs", len) &&
	    !strncmp(key + len + 1, "mqueue", strlen("mqueue")))
		return CLONE_NEWIPC;
	return 0;
}

int plan_sysctls(const struct container_spec *spec, struct failure *failure)
{
	uint64_t kinds = spec->namespaces;
	const struct sysctl_spec *s;
	size_t i;

	for (i = 0; i < spec->n_joined; i++)
		kinds |= spec->joined[i].kind;
	for (s = spec->sysctls; s < spec->sysctls + spec->n_sysctls; s++)
		if (!(owner_of(s->key) & kinds))
			return failed(
				failure, EXIT_ENGINE,
				"cannot set the sysctl \"%s\": it is not the container's own",
				QUOTE(s->key));
	return 0;
}
