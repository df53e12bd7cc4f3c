/* SPDX-License-Identifier: GPL-2.0 */
/* A part of a whole as a bar: "[####------]  41%". */
#ifndef VIEW_BAR_H
#define VIEW_BAR_H

#include <stdint.h>

#define BAR_LEN 32

/** display_bar() - write the bar to @buf and return it; "-": @whole is 0, there is none */
const char *display_bar(uint64_t part, uint64_t whole, char buf[BAR_LEN]);

#endif /* VIEW_BAR_H */
