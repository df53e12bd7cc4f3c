// SPDX-License-Identifier: GPL-2.0
/*
 * The FIFOs that a record keeps open.
 *
 * The kernel throws away the bytes in a FIFO when the last process that has it open
 * is gone. A supervisor that starts after a container's death must still find the
 * bytes that the container wrote. So the container's record keeps the FIFO open too.
 *
 * A record keeps only FIFOs, and pipes, which are the same to the kernel: they hold
 * bytes. A file of another kind may lead to other files, and so back to the file that
 * keeps it, or have its code in a module.
 */
#include <linux/file.h>
#include <linux/fs.h>
#include <net/genetlink.h>

#include "fifo.h"

static int keep_open(struct purser_fifos *fifos, const struct nlattr *attr,
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
 * purser_fifos_read() - keep the FIFOs open that a request names
 * @fifos: receives the references; after a refusal it may hold some too
 * @info: the request
 *
 * The attribute may be there more than once; each one counts, not only the last.
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
		err = keep_open(fifos, attr, info->extack);
		if (err)
			return err;
	}
	return 0;
}

/**
 * purser_fifos_put() - keep none of them open any more
 * @fifos: emptied
 *
 * Context: process context; does not sleep. If a system call calls this, the files
 * are closed when it returns; if a work item does, they are closed some time later.
 */
void purser_fifos_put(struct purser_fifos *fifos)
{
	while (fifos->n)
		fput(fifos->files[--fifos->n]);
}
