/* SPDX-License-Identifier: LGPL-2.1 */
/* Decoding and measuring UTF-8 (RFC 3629). */
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

/** utf8_length() - the number of characters in @s, which is valid UTF-8 */
size_t utf8_length(const char *s);

/** utf8_offset() - where character number @n of @s begins, in bytes; @n: from 0 */
size_t utf8_offset(const char *s, size_t n);

#endif /* BASE_UTF8_H */
