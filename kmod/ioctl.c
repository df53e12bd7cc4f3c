// SPDX-License-Identifier: GPL-2.0
/*
 * The device /dev/container_monitor: registration by ioctl in the same table.
 *
 * All functions run in the process context of the caller. An open file of the device pins
 * the module.
 */
#include <linux/capability.h>
#include <linux/compat.h>
#include <linux/container_monitor.h>
#include <linux/fs.h>
#include <linux/miscdevice.h>
#include <linux/module.h>
#include <linux/pid.h>
#include <linux/pid_namespace.h>
#include <linux/sched.h>
#include <linux/string.h>
#include <linux/uaccess.h>

#include "container.h"
#include "ioctl.h"
#include "member.h"
#include "register.h"
#include "table.h"

#ifdef CONFIG_COMPAT
/* struct compat_monitor_request - struct monitor_request of a 32-bit program */
struct compat_monitor_request {
	compat_pid_t pid;
	compat_ulong_t soft_limit_bytes;
	compat_ulong_t hard_limit_bytes;
	char container_id[MONITOR_ID_LEN];
};

#define COMPAT_MONITOR_REGISTER	  _IOW('M', 1, struct compat_monitor_request)
#define COMPAT_MONITOR_UNREGISTER _IOW('M', 2, struct compat_monitor_request)
#endif

static long add_process(pid_t pid, const char *name, u64 soft_limit,
			u64 hard_limit)
{
	struct purser_registration reg = {
		.name = name,
		.pid = find_get_pid(pid),
		.soft_limit = soft_limit,
		.hard_limit = hard_limit,
	};
	long err;
	u64 id;

	if (!reg.pid)
		return -ESRCH;
	err = purser_register(&reg, &id, NULL);
	put_pid(reg.pid);
	return err;
}

/*
 * Does a record match a pid of the caller and a name? The record keeps the pid as the
 * registering process saw it and as the initial namespace sees it. It keeps both numbers
 * after the process has died, even if another process has got its pid.
 */
static bool matches(const struct purser_container *c, pid_t pid,
		    const char *name)
{
	struct pid_namespace *ns = task_active_pid_ns(current);

	return !strcmp(c->name, name) &&
	       ((ns == &init_pid_ns && c->pid_nr == pid) ||
		(ns->ns.inum == c->caller_pidns_ino &&
		 c->caller_pid_nr == pid));
}

/*
 * Find the record that matches. A look-up by name finds the newest record of that name
 * only, so the function also searches all older ones.
 */
static struct purser_container *find_record(pid_t pid, const char *name)
{
	struct purser_container *c = purser_table_by_name(name);
	u64 id = 0;

	if (!c || matches(c, pid, name))
		return c;
	do {
		purser_container_put(c);
		c = purser_table_after(id);
		if (c)
			id = c->id;
		cond_resched();
	} while (c && !matches(c, pid, name));
	return c;
}

static long remove_process(pid_t pid, const char *name)
{
	struct purser_container *c = find_record(pid, name);
	long err;

	if (!c)
		return -ENOENT;
	err = purser_unregister(c, NULL);
	purser_container_put(c);
	return err;
}

/* Handle a request of a 64-bit or 32-bit program. @id has %MONITOR_ID_LEN bytes. */
static long handle(bool add, pid_t pid, u64 soft_limit, u64 hard_limit,
		   const char *id)
{
	if (!capable(CAP_NET_ADMIN) || purser_member_is_current())
		return -EPERM;
	if (pid <= 0 || strnlen(id, MONITOR_ID_LEN) == MONITOR_ID_LEN ||
	    !purser_name_is_legal(id))
		return -EINVAL;
	return add ? add_process(pid, id, soft_limit, hard_limit) :
		     remove_process(pid, id);
}

static long native_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct monitor_request r;

	if (cmd != MONITOR_REGISTER && cmd != MONITOR_UNREGISTER)
		return -ENOTTY;
	if (copy_from_user(&r, (const void __user *)arg, sizeof(r)))
		return -EFAULT;
	return handle(cmd == MONITOR_REGISTER, r.pid, r.soft_limit_bytes,
		      r.hard_limit_bytes, r.container_id);
}

#ifdef CONFIG_COMPAT
static long compat_ioctl(struct file *file, unsigned int cmd, unsigned long arg)
{
	struct compat_monitor_request r;

	if (cmd != COMPAT_MONITOR_REGISTER && cmd != COMPAT_MONITOR_UNREGISTER)
		return -ENOTTY;
	if (copy_from_user(&r, compat_ptr(arg), sizeof(r)))
		return -EFAULT;
	return handle(cmd == COMPAT_MONITOR_REGISTER, r.pid, r.soft_limit_bytes,
		      r.hard_limit_bytes, r.container_id);
}
#endif

static const struct file_operations fops = {
	.owner = THIS_MODULE,
	.unlocked_ioctl = native_ioctl,
#ifdef CONFIG_COMPAT
	.compat_ioctl = compat_ioctl,
#endif
	.llseek = noop_llseek,
};

static struct miscdevice device = {
	.minor = MISC_DYNAMIC_MINOR,
	.name = "container_monitor",
	.fops = &fops,
	.mode = 0600,
};

int __init purser_ioctl_init(void)
{
	return misc_register(&device);
}

void purser_ioctl_exit(void)
{
	misc_deregister(&device);
}
