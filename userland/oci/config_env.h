/* SPDX-License-Identifier: GPL-2.0 */
/* The environment of a process. */
#ifndef OCI_CONFIG_ENV_H
#define OCI_CONFIG_ENV_H

#include "document/reader.h"

/**
 * read_env() - read process.env: "NAME=VALUE"; of two with one name, the last counts
 * Returns a list that ends in NULL, or NULL: the reader has failed.
 */
char *const *read_env(struct reader *r, const struct node *process);

#endif /* OCI_CONFIG_ENV_H */
