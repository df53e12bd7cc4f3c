/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The commands of purser-oci. Each returns the exit status, or -1 with @failure filled.
 */
#ifndef OCI_COMMANDS_H
#define OCI_COMMANDS_H

#include "base/failure.h"
#include "options.h"

int oci_create(const struct oci_options *options, struct failure *failure);
int oci_start(const struct oci_options *options, struct failure *failure);
int oci_run(const struct oci_options *options, struct failure *failure);
int oci_exec(const struct oci_options *options, struct failure *failure);
int oci_state(const struct oci_options *options, struct failure *failure);
int oci_list(const struct oci_options *options, struct failure *failure);
int oci_ps(const struct oci_options *options, struct failure *failure);
int oci_kill(const struct oci_options *options, struct failure *failure);
int oci_delete(const struct oci_options *options, struct failure *failure);
int oci_pause(const struct oci_options *options, struct failure *failure);
int oci_resume(const struct oci_options *options, struct failure *failure);
int oci_update(const struct oci_options *options, struct failure *failure);
int oci_events(const struct oci_options *options, struct failure *failure);
int oci_features(const struct oci_options *options, struct failure *failure);
int oci_spec(const struct oci_options *options, struct failure *failure);

#endif /* OCI_COMMANDS_H */
