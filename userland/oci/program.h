/* SPDX-License-Identifier: GPL-2.0 */
/* The command line of purser-oci. */
#ifndef OCI_PROGRAM_H
#define OCI_PROGRAM_H

#include "base/command.h"

extern const struct program purser_oci;

#endif /* OCI_PROGRAM_H */
