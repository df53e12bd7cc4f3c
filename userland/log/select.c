// SPDX-License-Identifier: GPL-2.0
#include "select.h"

#include <errno.h>
#include <stdlib.h>

#include "backward.h"
#include "base/cleanup.h"
#include "base/parse_time.h"

/* How far back to look for the part before a part, in bytes. */
#define LOOK_BACK (1 << 20)

bool log_select_by_prefix(const struct log_select *select)
{
	return select->one_stream || select->has_since || select->has_until;
}

bool log_select_wants(const struct log_select *select,
		      const struct log_head *head, const char *time)
{
	int64_t ns;

	if (!head)
		return !log_select_by_prefix(select);
	if (select->one_stream && head->stream != select->stream)
		return false;
	if (!select->has_since && !select->has_until)
		return true;
	if (parse_timestamp(time, head->time_len, &ns))
		return false;
	return (!select->has_since || ns >= select->since) &&
	       (!select->has_until || ns < select->until);
}

/* The first wanted line, and one for each stream: settle() may add a line late. */
#define N_LOWEST (LOG_N_STREAMS + 1)

/**
 * struct tail - the state of reading backwards
 * @n: how many wanted lines were found, at most select->tail
 * @lowest: the offsets of the first @n_lowest of them, in order
 * @open: the last part that was read of each stream, until it is known whether it is the
 *	first one of its line
 */
struct tail {
	const struct log_select *select;
	struct log_backward *backward;
	off_t end;
	uint64_t n;
	off_t lowest[N_LOWEST];
	size_t n_lowest;
	struct {
		bool valid;
		bool wanted;
		off_t line;
	} open[LOG_N_STREAMS];
};

/* The first wanted line that is known so far. */
static off_t start_of(const struct tail *t)
{
	return t->n_lowest ? t->lowest[0] : t->end;
}

static void insert(struct tail *t, off_t line)
{
	size_t i = t->n_lowest;

	if (i == N_LOWEST) {
		if (line > t->lowest[--i])
			return;
	} else {
		t->n_lowest++;
	}
	for (; i > 0 && t->lowest[i - 1] > line; i--)
		t->lowest[i] = t->lowest[i - 1];
	t->lowest[i] = line;
}

/* A wanted line begins at offset @line. */
static void found(struct tail *t, off_t line)
{
	bool full = t->n == t->select->tail;

	if (full && line < start_of(t))
		return;
	insert(t, line);
	if (!full) {
		t->n++;
		return;
	}
	/* This is one too many: the first one is no longer wanted. */
	t->n_lowest--;
	for (size_t i = 0; i < t->n_lowest; i++)
		t->lowest[i] = t->lowest[i + 1];
}

/* The last part that was read of a stream is the first one of its line. */
static void settle(struct tail *t, int stream)
{
	if (t->open[stream].valid && t->open[stream].wanted)
		found(t, t->open[stream].line);
	t->open[stream].valid = false;
}

static void add_line(struct tail *t)
{
	const struct log_backward *b = t->backward;
	enum log_stream stream;

	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (t->open[i].valid && t->open[i].line - b->line > LOOK_BACK)
			settle(t, i);
	}
	if (!b->well_formed) {
		if (log_select_wants(t->select, NULL, NULL))
			found(t, b->line);
		return;
	}
	stream = b->head.stream;
	if (!b->head.partial)
		settle(t, stream);
	t->open[stream].valid = true;
	t->open[stream].line = b->line;
	t->open[stream].wanted = log_select_wants(t->select, &b->head,
						  b->prefix);
}

/*
 * Whether no line before this one can change where printing starts, nor which of the
 * parts from there on are first parts.
 */
static bool is_known(const struct tail *t)
{
	off_t start = start_of(t);

	if (t->n < t->select->tail)
		return false;
	for (int i = 0; i < LOG_N_STREAMS; i++) {
		if (t->select->one_stream &&
		    t->select->stream != (enum log_stream)i)
			continue;
		if (t->open[i].valid ? t->open[i].line >= start :
				       start - t->backward->line <= LOOK_BACK)
			return false;
	}
	return true;
}

int log_select_start(const struct log_select *select, struct log_files *files,
		     struct log_start *start)
{
	struct log_backward *backward __cleanup_free = NULL;
	struct tail t = { .select = select, .end = log_files_end(files) };
	int ret;

	*start = (struct log_start){ 0 };
	if (!select->has_tail)
		return 0;
	backward = malloc(sizeof(*backward));
	if (!backward)
		return -ENOMEM;
	t.backward = backward;
	log_backward_init(backward, files, t.end);
	while (!is_known(&t)) {
		ret = log_backward_next(backward);
		if (ret < 0)
			return ret;
		if (!ret) {
			for (int i = 0; i < LOG_N_STREAMS; i++)
				settle(&t, i);
			break;
		}
		add_line(&t);
	}
	start->scan = backward->line;
	start->print = t.n < select->tail ? 0 : start_of(&t);
	return 0;
}
