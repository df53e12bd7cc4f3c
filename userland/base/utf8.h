/* SPDX-License-Identifier: LGPL-2.1 */
/* Decoding UTF-8 (RFC 3629). */
#ifndef BASE_UTF8_H
#define BASE_UTF8_H

#include <stddef.h>
#include <stdint.h>

/**
 * utf8_decode() - decode the character at @s
 * @len: bytes at @s, at least 1
 * Returns its length in bytes, or 0 if the bytes are not valid: cut short, overlong, a
 * surrogate, or beyond U+10FFFF.
 */
size_t utf8_decode(const char *s, size_t len, uint32_t *c);

#endif /* BASE_UTF8_H */
