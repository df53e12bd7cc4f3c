/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Keeping FIFOs open in a container's record.
 */
#ifndef PURSER_FIFO_H
#define PURSER_FIFO_H

#include <linux/types.h>
#include <linux/purser.h>

struct file;
struct genl_info;

/* struct purser_fifos - references to open FIFOs, or pipes */
struct purser_fifos {
	struct file *files[PURSER_FIFOS_MAX];
	unsigned int n;
};

int __must_check purser_fifos_read(struct purser_fifos *fifos,
				   struct genl_info *info);
void purser_fifos_put(struct purser_fifos *fifos);

#endif /* PURSER_FIFO_H */
