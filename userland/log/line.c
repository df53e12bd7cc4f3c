// SPDX-License-Identifier: GPL-2.0
#include "line.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

/* Copying fewer bytes costs less than one more piece in a writev(). */
#define COPY_BELOW 1024

void log_line_free(struct log_line *l)
{
	free(l->text);
	*l = (struct log_line){ 0 };
}

/* Begin a new line. Most streams are rarely in the middle of a line: keep no memory. */
static void restart(struct log_line *l, bool partial)
{
	free(l->text);
	*l = (struct log_line){
		.partial = partial,
		.place = l->saved ? !l->place : l->place,
	};
}

/* Put the unfinished line and @p into the batch, as a whole line or as a part of one. */
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

	restart(l, partial);
	return true;
}

/* The common case: @p is a whole line, with its newline behind it. */
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

/* Add @p to the unfinished line; false: there is no memory. */
static bool keep(struct log_line *l, const char *p, size_t len)
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
			if (!keep(l, p, left) &&
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
	return !l->len || emit(l, b, prefix, true, NULL, 0);
}

int log_line_save(struct log_line *l, struct log_marks *marks, uint32_t slot,
		  enum log_stream stream, struct log_mark_line *mark)
{
	int err = 0;

	if (l->len > l->saved)
		err = log_marks_put_text(marks, slot, stream, l->place,
					 l->saved, l->text + l->saved,
					 l->len - l->saved);
	if (err)
		return err;
	l->saved = l->len;
	*mark = (struct log_mark_line){
		.length = l->len,
		.place = l->place,
		.partial = l->partial,
	};
	return 0;
}

int log_line_load(struct log_line *l, struct log_marks *marks, uint32_t slot,
		  enum log_stream stream, const struct log_mark_line *mark)
{
	int err;

	log_line_free(l);
	l->place = mark->place;
	l->partial = mark->partial;
	if (!mark->length)
		return 0;
	l->text = malloc(mark->length);
	if (!l->text)
		return -ENOMEM;
	l->size = mark->length;
	err = log_marks_get_text(marks, slot, stream, mark->place, l->text,
				 mark->length);
	if (err)
		return err;
	l->len = mark->length;
	l->saved = mark->length;
	return 0;
}
