/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Text from elsewhere, made safe to print. What could break a line or drive a
 * terminal (control characters, also those of Unicode, line separators and
 * changes of the writing direction) and what is not UTF-8 becomes \xNN, byte
 * by byte; all else stays as it is.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* Bytes that the escaped form of @n bytes takes at most, with its NUL. */
#define ESCAPED_LEN(n) (4 * (n) + 1)

/**
 * escape_into() - write the printable form of @s to @buf, and return that
 * @buf: room for ESCAPED_LEN(strlen(@s)) bytes
 */
char *escape_into(char *buf, const char *s);

/**
 * escape_text() - a printable copy of @s, for free()
 * NULL where memory ran out.
 */
char *escape_text(const char *s);

/** text_is_printable() - UTF-8 without control characters but \t and \n */
bool text_is_printable(const void *data, size_t len);

#endif /* BASE_ESCAPE_H */
