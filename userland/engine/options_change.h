/* SPDX-License-Identifier: GPL-2.0 */
/* The options of the commands that change containers: stop, restart, rm and set. */
#ifndef ENGINE_OPTIONS_CHANGE_H
#define ENGINE_OPTIONS_CHANGE_H

#include "base/options.h"

extern const struct option stop_options[];
extern const struct option stop_operands[];
void stop_release(void *options);

extern const struct option rm_options[];
extern const struct option rm_operands[];
int rm_check(void *options, struct failure *failure);
void rm_release(void *options);

extern const struct option set_options[];
extern const struct option set_operands[];
int set_check(void *options, struct failure *failure);
void set_release(void *options);

#endif /* ENGINE_OPTIONS_CHANGE_H */
