// SPDX-License-Identifier: GPL-2.0
/*
 * The FIFOs that a record keeps open.
 *
 * The kernel throws away what is in a FIFO when the last process that has it open
 * is gone. What a container has written shall be there for a supervisor that comes
 * after both, so its record is one more that has it open.
 *
 * Nothing but FIFOs, and pipes, which are the same to the kernel: what is in one is
 * bytes. A file of another kind may lead to other files, and so back to the one that
 * keeps it, or have its code in a module.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <net/genetlink.h>

#include "container.h"
#include "fifo.h"

static int add(struct purser_fifos *fifos, const struct nlattr *attr,
	       struct netlink_ext_ack *extack)
{
	struct file *file;

	if (fifos->n == PURSER_FIFOS_MAX) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "a record keeps no more FIFOs than that");
		return -E2BIG;
	}
	file = fget(nla_get_u32(attr));
	if (!file) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "not a descriptor of the caller's");
		return -EBADF;
	}
	if (!S_ISFIFO(file_inode(file)->i_mode)) {
		fput(file);
		NL_SET_ERR_MSG_ATTR(extack, attr, "not a FIFO");
		return -EINVAL;
	}
	fifos->files[fifos->n++] = file;
	return 0;
}

/**
 * purser_fifos_read() - keep open what a request names
 * @fifos: where the references go; after a refusal some are there too
 * @info: the request
 *
 * Of this attribute each one counts, not only the last.
 *
 * Context: process context of the caller.
 * Return: 0; -E2BIG, -EBADF, -EINVAL with a message that points at the attribute.
 */
int purser_fifos_read(struct purser_fifos *fifos, struct genl_info *info)
{
	const struct nlattr *attr;
	int left, err;

	nla_for_each_attr(attr, genlmsg_data(info->genlhdr),
			  genlmsg_len(info->genlhdr), left) {
		if (nla_type(attr) != PURSER_A_CONTAINER_FIFO)
			continue;
		err = add(fifos, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * purser_fifos_put() - keep none of them open any more
 * @fifos: emptied
 *
 * Context: process context; does not sleep. A system call has closed them when it
 * returns, a work item at some time afterwards.
 */
void purser_fifos_put(struct purser_fifos *fifos)
{
	while (fifos->n)
		fput(fifos->files[--fifos->n]);
}

/**
 * purser_fifos_release() - keep no FIFO of a record open any more
 * @c: the container, live or ended
 * @extack: what a refusal says
 *
 * Context: process context. Caller holds a reference.
 * Return: 0, or -ENOENT where its record was removed already.
 */
int purser_fifos_release(struct container *c, struct netlink_ext_ack *extack)
{
	int err = 0;

	purser_table_lock();
	if (purser_table_has(c)) {
		purser_fifos_put(&c->fifos);
	} else {
		NL_SET_ERR_MSG(extack, "no such container");
		err = -ENOENT;
	}
	purser_table_unlock();
	return err;
}
