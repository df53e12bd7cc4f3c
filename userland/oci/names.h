/* SPDX-License-Identifier: GPL-2.0 */
/* What people call a container: ids of container engines are 64 hexadecimal digits. */
#ifndef OCI_NAMES_H
#define OCI_NAMES_H

#include "config.h"

/** names_of_container() - the name from the annotations of known callers, or NULL */
const char *names_of_container(const struct oci_config *config);

#endif /* OCI_NAMES_H */
