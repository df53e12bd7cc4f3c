/* SPDX-License-Identifier: GPL-2.0 */
/*
 * What the tests of launching share: a place for roots and state folders, and
 * running one container from a description to its end.
 *
 * The place is a tmpfs over /mnt in a mount namespace of the test's own, so it
 * goes with the test however that ends. Its base folder is a root with busybox
 * and the probe of this folder.
 */
#ifndef SELFTESTS_LAUNCH_FIXTURE_H
#define SELFTESTS_LAUNCH_FIXTURE_H

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/capability.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/launch.h"
#include "overlay/overlay.h"
#include "supervisor/policy.h"
#include "must.h"

#define PLACE	"/mnt"
#define BASE	PLACE "/base"
#define STATE	PLACE "/state"
#define BUSYBOX "/bin/busybox"

/* When to stop believing that a container will end; nothing is measured. */
#define PATIENCE_MS 120000

#define ARGV(...) ((char *const[]){ __VA_ARGS__, NULL })
/* A script for the container's shell. */
#define SH(script) ARGV("sh", "-c", (char *)(uintptr_t)(script))

/** struct outcome - how a container went */
struct outcome {
	int result; /* of launch_begin(), else of launch_result() */
	struct failure error;
	int status;   /* as waitpid() has it; -1: it never began */
	int removed;  /* of overlay_remove() */
	char *output; /* stdout and stderr */
};

static inline void put_file(const char *path, const char *text, mode_t mode)
{
	int fd = must(
		open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode));

	must(write(fd, text, strlen(text)));
	must(fchmod(fd, mode));
	close(fd);
}

/* All of a file that can be sought in; for free(). */
static inline char *get_fd(int fd)
{
	size_t room = 4096, n = 0;
	char *text = malloc(room);
	ssize_t r;

	while (text && (r = must(pread(fd, text + n, room - n - 1, n))) > 0) {
		n += (size_t)r;
		if (n == room - 1)
			text = realloc(text, room *= 2);
	}
	if (!text)
		bail("out of memory");
	text[n] = '\0';
	return text;
}

static inline char *get_file(const char *path)
{
	int fd = must(open(path, O_RDONLY | O_CLOEXEC));
	char *text = get_fd(fd);

	close(fd);
	return text;
}

static inline void copy_program(const char *from, const char *to)
{
	int in = must(open(from, O_RDONLY | O_CLOEXEC));
	int out = must(
		open(to, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0755));
	char buf[65536];
	ssize_t n;

	while ((n = must(read(in, buf, sizeof(buf)))) > 0)
		if (must(write(out, buf, n)) != n)
			bail("%s: short write", to);
	close(in);
	close(out);
}

/* The helper programs are in ../../bin/launch of where the tests are. */
static inline void copy_probe(const char *to)
{
	char path[PATH_MAX] = "";
	static const char probe[] = "/bin/launch/probe";
	size_t len;
	char *slash;
	int up;

	must(readlink("/proc/self/exe", path, sizeof(path) - 1));
	for (up = 0; up < 3; up++) {
		slash = strrchr(path, '/');
		if (!slash)
			bail("%s: not where tests are", path);
		*slash = '\0';
	}
	len = strlen(path);
	if (len + sizeof(probe) > sizeof(path))
		bail("%s: too long", path);
	snprintf(path + len, sizeof(path) - len, "%s", probe);
	copy_program(path, to);
}

static inline void make_root(const char *root)
{
	static const char *const applets[] = {
		"sh",	 "cat",	  "echo",  "hostname", "ls",
		"mkdir", "mount", "ps",	   "pwd",      "stat",
		"test",	 "touch", "true",  "umount",   "env",
		"grep",	 "dd",	  "sleep", "kill",     "readlink",
		"chmod", "id",	  "tty",   "stty",     "rm",
	};
	char path[PATH_MAX];
	size_t i;

	must(mkdir(root, 0755));
	snprintf(path, sizeof(path), "%s/bin", root);
	must(mkdir(path, 0755));
	snprintf(path, sizeof(path), "%s/bin/busybox", root);
	copy_program(BUSYBOX, path);
	for (i = 0; i < sizeof(applets) / sizeof(applets[0]); i++) {
		snprintf(path, sizeof(path), "%s/bin/%s", root, applets[i]);
		must(symlink("busybox", path));
	}
	snprintf(path, sizeof(path), "%s/bin/probe", root);
	copy_probe(path);
}

__attribute__((noreturn)) static inline void cannot_run(const char *reason)
{
	skip("launching containers", reason);
	exit(tap_end());
}

/* To be called first, while the test has one thread. */
static inline void fixture_begin(void)
{
	if (geteuid())
		cannot_run("root is needed");
	if (access(BUSYBOX, X_OK))
		cannot_run("there is no " BUSYBOX " (package busybox-static)");
	if (unshare(CLONE_NEWNS))
		cannot_run("namespaces cannot be made here");
	must(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL));
	must(mount("tmpfs", PLACE, "tmpfs", 0, "mode=0755"));
	/* As hosts have them: what is mounted in one namespace comes to others. */
	must(mount(NULL, "/", NULL, MS_REC | MS_SHARED, NULL));
	umask(022);
	make_root(BASE);
}

/* false: as under a supervisor that may not make device nodes. */
static inline void set_mknod(bool on)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};
	struct __user_cap_data_struct data[2];

	must(syscall(SYS_capget, &header, data));
	if (on)
		data[0].effective |= 1U << CAP_MKNOD;
	else
		data[0].effective &= ~(1U << CAP_MKNOD);
	must(syscall(SYS_capset, &header, data));
}

/* What begin_launch() mounts for a container that has no root of its own. */
static struct overlay_spec fixture_overlay = {
	.base = BASE,
	.base_fd = -1,
	.state_dir = STATE,
};

/* With the defaults of the engine's containers, and an overlay. */
static inline struct container_spec fixture_spec(char *const *argv)
{
	static char *const envp[] = { "PATH=/bin", NULL };
	struct container_spec spec;
	struct failure failure;

	if (policy_init(&spec, &failure))
		bail("%s", failure.text);
	spec.id = "box";
	spec.hostname = "box";
	spec.process.argv = argv;
	spec.process.envp = envp;
	return spec;
}

static inline bool has_overlay(const struct container_spec *spec)
{
	return !spec->root.path || spec->root.is_mount;
}

/* The spec stays valid until launch_end(). */
static inline int begin_launch(struct launch *l, struct container_spec *spec,
			       const int stdio[3], struct failure *failure)
{
	int r;

	if (!has_overlay(spec))
		return launch_begin(l, spec, stdio, failure);
	*l = (struct launch){ .pid = -1, .pidfd = -1, .sync_fd = -1 };
	spec->root.path = fixture_overlay.base;
	spec->root.is_mount = true;
	spec->root.fd = overlay_mount(&fixture_overlay, failure);
	if (spec->root.fd < 0)
		return -1;
	r = launch_begin(l, spec, stdio, failure);
	close(spec->root.fd);
	return r;
}

/* Waits for news; a launch that has none in a long time has failed. */
static inline int wait_result(struct launch *l, struct failure *failure)
{
	struct pollfd p = { .fd = l->sync_fd, .events = POLLIN };
	int r;

	do {
		if (!must(poll(&p, 1, PATIENCE_MS))) {
			kill(l->pid, SIGKILL);
			bail("the launch hangs");
		}
		r = launch_result(l, failure);
	} while (!r);
	return r;
}

static inline int wait_status(pid_t pid, int pidfd)
{
	struct pollfd p = { .fd = pidfd, .events = POLLIN };
	int status;

	if (!must(poll(&p, 1, PATIENCE_MS))) {
		kill(pid, SIGKILL);
		bail("the container does not end");
	}
	must(waitpid(pid, &status, 0));
	return status;
}

/* A child that has failed already needs no release. */
static inline void release(struct launch *l)
{
	int r = launch_release(l);

	if (r && r != -EPIPE)
		bail("launch_release(): %s", strerror(-r));
}

static inline void run(const struct container_spec *given, struct outcome *o)
{
	int out = must(memfd_create("output", MFD_CLOEXEC));
	struct container_spec spec = *given;
	bool layer = has_overlay(&spec);
	struct launch l;

	*o = (struct outcome){ .status = -1 };
	if (layer)
		must(mkdir(fixture_overlay.state_dir, 0700));
	o->result = begin_launch(&l, &spec, (int[]){ -1, out, out }, &o->error);
	if (!o->result) {
		release(&l);
		o->result = wait_result(&l, &o->error);
		launch_end(&l);
		o->status = wait_status(l.pid, l.pidfd);
		close(l.pidfd);
	}
	if (layer)
		o->removed = overlay_remove(fixture_overlay.state_dir);
	o->output = get_fd(out);
	close(out);
}

/* The same in an overlay of another base, opened as @base_fd or -1. */
static inline void run_over(const struct container_spec *given,
			    const char *base, int base_fd,
			    const char *state_dir, struct outcome *o)
{
	const struct overlay_spec usual = fixture_overlay;
	struct container_spec spec = *given;

	spec.root.path = NULL;
	spec.root.fd = -1;
	fixture_overlay.base = base;
	fixture_overlay.base_fd = base_fd;
	fixture_overlay.state_dir = state_dir;
	run(&spec, o);
	fixture_overlay = usual;
}

static inline void outcome_free(struct outcome *o)
{
	free(o->output);
}

#define __cleanup_outcome __attribute__((cleanup(outcome_free)))

/* The common case: it runs, exits with 0 and leaves nothing. */
static inline bool went_well(const struct outcome *o)
{
	if (o->result == 1 && !o->status && !o->removed)
		return true;
	printf("# result %d, status 0x%x, removed %d: %s\n# %s\n", o->result,
	       o->status, o->removed, o->result < 0 ? o->error.text : "",
	       o->output);
	return false;
}

/* What follows "name:" in a line of the output; valid until the next call. */
static inline const char *field(const struct outcome *o, const char *name)
{
	static char value[256];
	const char *line = o->output;
	size_t len = strlen(name);

	for (; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (strncmp(line, name, len) || line[len] != ':')
			continue;
		line += len + 1;
		line += strspn(line, " \t");
		len = strcspn(line, "\n");
		snprintf(value, sizeof(value), "%.*s", (int)len, line);
		return value;
	}
	return NULL;
}

/** wait_gate() - wait until a start gate has news: as launch_gate_result() */
static inline int wait_gate(struct launch_gate *gate, struct failure *failure)
{
	struct pollfd p = { .fd = gate->fd, .events = POLLIN };
	int r;

	do {
		if (!must(poll(&p, 1, PATIENCE_MS)))
			bail("the start hangs");
		r = launch_gate_result(gate, failure);
	} while (!r);
	return r;
}

#endif /* SELFTESTS_LAUNCH_FIXTURE_H */
