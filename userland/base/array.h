/* SPDX-License-Identifier: LGPL-2.1 */
/* The number of elements of an array. */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H

#define ARRAY_SIZE(array) (sizeof(array) / sizeof((array)[0]))

#endif /* BASE_ARRAY_H */
