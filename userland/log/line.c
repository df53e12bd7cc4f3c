// SPDX-License-Identifier: GPL-2.0
#include "line.h"

#include <stdlib.h>
#include <string.h>

/* Up to there a copy costs less than one more piece in a writev(). */
#define COPY_BELOW 1024

void log_line_free(struct log_line *l)
{
	free(l->text);
	*l = (struct log_line){ 0 };
}

/* Most streams are seldom in the middle of a line: keep no memory. */
static void restart(struct log_line *l)
{
	free(l->text);
	l->text = NULL;
	l->len = 0;
	l->size = 0;
	if (l->saved)
		l->place = !l->place;
	l->saved = 0;
}

/* The line so far and @p: one line, or a part of one where @partial. */
static bool emit(struct log_line *l, struct log_batch *b,
		 const struct log_prefix *prefix, bool partial, const char *p,
		 size_t len)
{
	size_t copied = LOG_PREFIX_LEN + l->len + 1;
	bool copy = len < COPY_BELOW;

	if (!log_batch_room(b, copied + (copy ? len : 0), copy ? 0 : len))
		return false;
	log_batch_copy(b, partial ? prefix->partial : prefix->full,
		       LOG_PREFIX_LEN);
	log_batch_copy(b, l->text, l->len);
	if (copy)
		log_batch_copy(b, p, len);
	else
		log_batch_refer(b, p, len);
	log_batch_copy(b, "\n", 1);

	restart(l);
	l->partial = partial;
	return true;
}

/* A whole line, which nearly all of them are, its newline behind it. */
static bool emit_whole(struct log_batch *b, const struct log_prefix *prefix,
		       const char *p, size_t len)
{
	char *to;

	if (!log_batch_room(b, LOG_PREFIX_LEN + len + 1, 0))
		return false;
	to = log_batch_place(b, LOG_PREFIX_LEN + len + 1);
	memcpy(to, prefix->full, LOG_PREFIX_LEN);
	memcpy(to + LOG_PREFIX_LEN, p, len + 1);
	return true;
}

bool log_line_keep(struct log_line *l, const char *p, size_t len)
{
	if (l->len + len > l->size) {
		size_t size = l->size ? l->size : 64;
		char *text;

		while (size < l->len + len)
			size *= 2;
		text = realloc(l->text, size);
		if (!text)
			return false;
		l->text = text;
		l->size = size;
	}
	memcpy(l->text + l->len, p, len);
	l->len += len;
	return true;
}

size_t log_line_feed(struct log_line *l, struct log_batch *b,
		     const struct log_prefix *prefix, const char *p, size_t len)
{
	const char *start = p;
	const char *end = p + len;

	while (p < end) {
		size_t left = end - p;
		size_t room = LOG_TEXT_MAX - l->len;
		const char *newline;

		newline = memchr(p, '\n', left <= room ? left : room + 1);
		if (newline && !l->len && newline - p < COPY_BELOW) {
			if (!emit_whole(b, prefix, p, newline - p))
				break;
			l->partial = false;
			p = newline + 1;
		} else if (newline) {
			if (!emit(l, b, prefix, false, p, newline - p))
				break;
			p = newline + 1;
		} else if (left > room) {
			if (!emit(l, b, prefix, true, p, room))
				break;
			p += room;
		} else {
			if (!log_line_keep(l, p, left) &&
			    !emit(l, b, prefix, true, p, left))
				break;
			p = end;
		}
	}
	return p - start;
}

bool log_line_end(struct log_line *l, struct log_batch *b,
		  const struct log_prefix *prefix)
{
	if (!l->len && !l->partial)
		return true;
	return emit(l, b, prefix, false, NULL, 0);
}
