/* SPDX-License-Identifier: GPL-2.0 */
/* The commands. Each prints its errors and returns an exit code. */
#ifndef PURSERCTL_COMMANDS_H
#define PURSERCTL_COMMANDS_H

#include "args.h"

int cmd_list(const struct args *args);
int cmd_show(const struct args *args);
int cmd_register(const struct args *args);
int cmd_unregister(const struct args *args);
int cmd_set(const struct args *args);
int cmd_stop(const struct args *args);
int cmd_info(const struct args *args);
int cmd_monitor(const struct args *args);
int cmd_events(const struct args *args);

#endif /* PURSERCTL_COMMANDS_H */
