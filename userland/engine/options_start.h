/* SPDX-License-Identifier: GPL-2.0 */
/* The options of "engine start" and "engine run", for struct start_options. */
#ifndef ENGINE_OPTIONS_START_H
#define ENGINE_OPTIONS_START_H

#include "base/failure.h"
#include "base/options.h"

extern const struct option start_options[];
extern const struct option start_operands[];

/** start_check() - complete and check a struct start_options of "start" */
int start_check(void *options, struct failure *failure);
/** run_check() - the same, of "run" */
int run_check(void *options, struct failure *failure);
/** start_release() - free what it holds */
void start_release(void *options);

#endif /* ENGINE_OPTIONS_START_H */
