/* SPDX-License-Identifier: LGPL-2.1 */
/*
 * Making text from elsewhere safe to print. Each byte that is not part of valid UTF-8
 * becomes \xNN, and so does each byte of a character that could break a line or drive
 * a terminal: control characters, also those of Unicode, line separators, and changes
 * of the writing direction. All other characters stay as they are.
 */
#ifndef BASE_ESCAPE_H
#define BASE_ESCAPE_H

#include <stdbool.h>
#include <stddef.h>

/* The most bytes that the escaped form of @n bytes takes, with its NUL. */
#define ESCAPED_LEN(n) (4 * (n) + 1)

/**
 * escape_into() - write the printable form of @s to @buf; returns @buf
 * @buf: room for ESCAPED_LEN(strlen(@s)) bytes
 */
char *escape_into(char *buf, const char *s);

/** escape_text() - make a printable copy of @s, for free(); NULL: out of memory */
char *escape_text(const char *s);

/** text_is_printable() - check for valid UTF-8 without control characters but \t and \n */
bool text_is_printable(const void *data, size_t len);

#endif /* BASE_ESCAPE_H */
