// SPDX-License-Identifier: GPL-2.0
/*
 * The last steps of the child before execve(): limits, working folder, user,
 * capabilities, no_new_privs and the filter.
 */
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>

#include "child.h"
#include "raw.h"

static long prctl_raw(int option, unsigned long a, unsigned long b)
{
	return raw(SYS_prctl, option, a, b, 0UL, 0UL);
}

int child_limits(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	long r;

	for (c->index = 0; c->index < p->n_rlimits; c->index++) {
		const struct resource_limit *l = &p->rlimits[c->index];
		const struct rlimit64 limit = { l->limit.rlim_cur,
						l->limit.rlim_max };

		r = raw(SYS_prlimit64, 0, l->resource, &limit, NULL);
		if (r)
			return (int)r;
	}
	return 0;
}

static int enter_cwd(int root, const char *cwd)
{
	int fd __cleanup_raw_close = child_open(root, cwd, O_PATH | O_DIRECTORY,
						0);

	return fd < 0 ? fd : (int)raw(SYS_fchdir, fd);
}

int child_make_cwd(struct child *c)
{
	int fd __cleanup_raw_close = -1;

	if (!c->plan->cwd)
		return 0;
	fd = child_make(c->root, c->plan->cwd, true, 0);
	return fd < 0 ? fd : 0;
}

/* In some file systems root may not enter the folder: then try again as the user. */
int child_cwd(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	int r;

	if (!p->cwd)
		return (int)raw(SYS_chdir, "/");
	r = enter_cwd(c->root, p->cwd);
	c->cwd_later = r == -EACCES && c->plan->ids.uid;
	return c->cwd_later ? 0 : r;
}

static int cwd_of_user(const struct child *c)
{
	int root __cleanup_raw_close = -1;

	if (!c->cwd_later)
		return 0;
	root = (int)raw(SYS_openat, AT_FDCWD, "/",
			O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return root < 0 ? root : enter_cwd(root, c->plan->process->cwd);
}

/*
 * Give stdio to the user, because programs open /dev/stdout again. Leave out the null
 * device, which any user can open, and files that are in no file system.
 */
static void give_stdio(uid_t uid)
{
	struct statx st;
	int i;

	for (i = 0; uid && i < 3; i++) {
		if (raw(SYS_statx, i, "", AT_EMPTY_PATH, STATX_TYPE | STATX_UID,
			&st) ||
		    (S_ISCHR(st.stx_mode) && st.stx_rdev_major == 1) ||
		    st.stx_uid == uid)
			continue;
		raw(SYS_fchown, i, uid, -1);
	}
}

int child_user(struct child *c)
{
	const struct launch_ids *ids = &c->plan->ids;
	long r = 0;

	give_stdio(ids->uid);
	/* Otherwise setuid() to another user than root would clear all capabilities. */
	if (ids->uid)
		r = prctl_raw(PR_SET_KEEPCAPS, 1, 0);
	if (!r)
		r = child_groups(c, ids->groups, ids->n_groups);
	if (!r)
		r = raw(SYS_setresgid, ids->gid, ids->gid, ids->gid);
	if (!r)
		r = raw(SYS_setresuid, ids->uid, ids->uid, ids->uid);
	if (r)
		return (int)r;
	r = cwd_of_user(c);
	if (r)
		c->stage = STAGE_CWD;
	raw(SYS_umask, c->plan->process->umask);
	return (int)r;
}

/* -EINVAL: the kernel has no capability of this number, and none after it. */
static int drop_bounding_set(uint64_t keep)
{
	unsigned long cap;
	long r;

	for (cap = 0; cap < 64; cap++) {
		r = prctl_raw(PR_CAPBSET_READ, cap, 0);
		if (r == -EINVAL)
			return 0;
		if (r > 0 && !(keep & (UINT64_C(1) << cap)))
			r = prctl_raw(PR_CAPBSET_DROP, cap, 0);
		if (r < 0)
			return (int)r;
	}
	return 0;
}

/** struct capabilities - arguments of capget() and capset() */
struct capabilities {
	struct __user_cap_data_struct words[_LINUX_CAPABILITY_U32S_3];
};

static long get_capabilities(struct capabilities *caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return raw(SYS_capget, &header, caps->words);
}

static long set_capabilities(const struct capabilities *caps)
{
	struct __user_cap_header_struct header = {
		.version = _LINUX_CAPABILITY_VERSION_3,
	};

	return raw(SYS_capset, &header, caps->words);
}

/* Make all permitted capabilities effective: a user other than root has none effective. */
static int raise_capabilities(uid_t uid)
{
	struct capabilities caps;
	long r;
	int i;

	if (!uid)
		return 0;
	r = get_capabilities(&caps);
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++)
		caps.words[i].effective = caps.words[i].permitted;
	return (int)(r ? r : set_capabilities(&caps));
}

/*
 * If the inheritable set is empty, root gets its permitted set from the bounding set at
 * execve(), and another user gets nothing from the inheritable bits of a file.
 */
static int choose_capabilities(const struct capability_sets *want)
{
	struct capabilities caps;
	long r = get_capabilities(&caps);
	uint64_t ambient = 0;
	unsigned long cap;
	int i;

	if (r)
		return (int)r;
	for (i = 0; i < _LINUX_CAPABILITY_U32S_3; i++) {
		struct __user_cap_data_struct *w = &caps.words[i];
		const int shift = 32 * i;

		w->inheritable = (uint32_t)((want->inheritable &
					     want->bounding) >>
					    shift) &
				 w->permitted;
		w->permitted &= (uint32_t)(want->permitted >> shift);
		w->effective = (uint32_t)(want->effective >> shift) &
			       w->permitted;
		ambient |= (want->ambient &
			    (uint64_t)(w->permitted & w->inheritable) << shift);
	}
	r = set_capabilities(&caps);
	for (cap = 0; !r && cap < 64; cap++)
		if (ambient & (UINT64_C(1) << cap))
			r = prctl_raw(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE,
				      cap);
	return (int)r;
}

/*
 * Without no_new_privs, installing a filter needs a capability that is about to be
 * dropped. With it, install the filter last, so that it need not allow the calls here.
 */
int child_privileges(struct child *c)
{
	const struct process_spec *p = c->plan->process;
	int r = raise_capabilities(c->plan->ids.uid);

	if (!r)
		r = drop_bounding_set(p->capabilities.bounding);
	if (!r)
		r = (int)prctl_raw(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0);
	if (!r && p->no_new_privs)
		r = (int)prctl_raw(PR_SET_NO_NEW_PRIVS, 1, 0);
	if (!r && !p->no_new_privs)
		r = child_install_filter(c);
	if (!r)
		r = choose_capabilities(&p->capabilities);
	if (!r && p->no_new_privs)
		r = child_install_filter(c);
	return r;
}
