/* SPDX-License-Identifier: LGPL-2.1 */
/* Names in messages. */
#ifndef BASE_QUOTE_H
#define BASE_QUOTE_H

/* What a name is at most, with its NUL. */
#define QUOTED_SIZE 160

struct quoted {
	char text[QUOTED_SIZE];
};

/**
 * quote() - make a name fit for a message
 * Control characters become \xNN, and a name that is too long is cut, where "..." says
 * so. Returns @q->text.
 */
const char *quote(struct quoted *q, const char *name);

/* QUOTE() - the same; the text lives until the end of the enclosing block */
#define QUOTE(name) quote(&(struct quoted){ 0 }, name)

#endif /* BASE_QUOTE_H */
