/* SPDX-License-Identifier: GPL-2.0 */
/* What to use instead of commands and options of docker that engine does not have. */
#ifndef ENGINE_HINTS_H
#define ENGINE_HINTS_H

/** hint_for() - return one line for a command, or for an option with its dashes; or NULL */
const char *hint_for(const char *word);

#endif /* ENGINE_HINTS_H */
