// SPDX-License-Identifier: GPL-2.0
/*
 * Keeping FIFOs open in a container's record.
 *
 * The kernel discards the bytes in a FIFO when the last open file of it is closed. But a
 * supervisor that starts after a container has died must still find the bytes that the
 * container wrote. Therefore the container's record keeps the FIFO open too.
 *
 * A record keeps only FIFOs and pipes, which are the same to the kernel and hold nothing
 * but bytes. A file of another kind could lead to other files, and in a circle back to
 * itself, or its code could be in a module that must stay loaded.
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
				    "a record keeps at most 4 FIFOs open");
		return -E2BIG;
	}
	file = fget(nla_get_u32(attr));
	if (!file) {
		NL_SET_ERR_MSG_ATTR(extack, attr,
				    "not an open descriptor of the caller");
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
 * purser_fifos_read() - take references to the FIFOs that a request names
 * @fifos: receives the references; after an error it may hold some too
 * @info: the request
 *
 * The attribute may occur more than once. Each one counts, not only the last.
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
 * purser_fifos_put() - drop all references
 * @fifos: the references; empty afterwards
 *
 * Context: process context; does not sleep. In a system call, the files are closed when
 * the call returns to user space; in a work item, they are closed some time later.
 */
void purser_fifos_put(struct purser_fifos *fifos)
{
	while (fifos->n)
		fput(fifos->files[--fifos->n]);
}
