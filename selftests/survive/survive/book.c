// SPDX-License-Identifier: GPL-2.0
/* Keep the kernel's events of each life, and compare the table and ps with them. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include <json-c/json.h>

#include "survive.h"

struct purser *commands;
struct name **names;
unsigned long n_events;
size_t n_names;

static struct purser *listener;
static uint64_t last_seq;

struct name *name_new(const char *text)
{
	struct name *name = calloc(1, sizeof(*name));

	names = reallocarray(names, n_names + 1, sizeof(struct name *));
	must(name && names, "malloc");
	names[n_names++] = name;
	snprintf(name->text, sizeof(name->text), "%s", text);
	name->max_kib = 10240;
	return name;
}

struct life *name_last(struct name *name)
{
	return name->n_lives ? name->lives[name->n_lives - 1] : NULL;
}

struct life *life_new(struct name *name, enum kind kind)
{
	struct life *life = calloc(1, sizeof(*life));

	name->lives = reallocarray(name->lives, name->n_lives + 1,
				   sizeof(struct life *));
	must(life && name->lives, "malloc");
	life->name = name;
	life->number = name->n_lives;
	life->kind = kind;
	name->lives[name->n_lives++] = life;
	return life;
}

/* NULL: the name is none of this test, which is an error as well. */
static struct name *find_name(const char *text)
{
	for (size_t i = 0; i < n_names; i++) {
		if (!strcmp(names[i]->text, text))
			return names[i];
	}
	return NULL;
}

static struct life *find_id(struct name *name, uint64_t id)
{
	for (unsigned int i = name->n_lives; i--;) {
		if (name->lives[i]->registered &&
		    name->lives[i]->record.id == id)
			return name->lives[i];
	}
	return NULL;
}

static void on_registered(struct name *name, const struct purser_event *e)
{
	struct life *life = name_last(name);

	if (!life || life->registered || life->settled) {
		wrong(CLAIM_TABLE, "%s is registered, but was not requested",
		      name->text);
		return;
	}
	life->registered = true;
	life->record = e->container;
}

/* A container that has started is forgotten only when its name is used again. */
static void on_gone(struct life *life)
{
	const struct life *next = name_last(life->name);

	life->gone = true;
	if (!life->ended)
		wrong(CLAIM_TABLE, "%s.%u is unregistered while it lives",
		      life->name->text, life->number);
	else if (life->started && !supervisor_ends &&
		 (next == life || !next->registered))
		wrong(CLAIM_TABLE,
		      "%s.%u is forgotten, but its name is not used again",
		      life->name->text, life->number);
}

static int on_event(const struct purser_event *e, void *arg)
{
	struct name *name = find_name(e->container.name);
	struct life *life;

	(void)arg;
	if (e->seq <= last_seq)
		return 0;
	last_seq = e->seq;
	n_events++;
	if (!name) {
		wrong(CLAIM_TABLE,
		      "there is an event of %s, which is none of this test",
		      e->container.name);
		return 0;
	}
	if (e->type == PURSER_EVENT_REGISTERED) {
		on_registered(name, e);
		return 0;
	}
	life = find_id(name, e->container.id);
	if (!life)
		return 0; /* on_registered() has reported it */
	life->record = e->container;
	switch (e->type) {
	case PURSER_EVENT_STARTED:
		life->started = true;
		break;
	case PURSER_EVENT_STOP_REQUESTED:
		life->asked_stop = true;
		break;
	case PURSER_EVENT_EXITED:
		life->ended = true;
		break;
	case PURSER_EVENT_UNREGISTERED:
	case PURSER_EVENT_RECORD_DROPPED:
		on_gone(life);
		break;
	default:
		break;
	}
	return 0;
}

int book_open(void)
{
	int fd;

	must(!purser_open(&commands) && !purser_open(&listener), "purser_open");
	fd = purser_events_join(listener, 8 << 20);
	must(fd >= 0, "purser_events_join");
	return fd;
}

void book_read(void)
{
	int err;

	while ((err = purser_events_read(listener, on_event, NULL)) == -ENOBUFS)
		must(!purser_events_since(commands, last_seq, on_event, NULL),
		     "purser_events_since");
	must(!err, "purser_events_read");
}

static const char *text_of(struct json_object *row, const char *key)
{
	return json_object_get_string(json_object_object_get(row, key));
}

static int number_of(struct json_object *row, const char *key)
{
	return json_object_get_int(json_object_object_get(row, key));
}

static struct json_object *find_row(struct json_object *rows, uint64_t id)
{
	for (size_t i = 0; i < json_object_array_length(rows); i++) {
		struct json_object *row = json_object_array_get_idx(rows, i);

		if (json_object_get_uint64(json_object_object_get(row, "id")) ==
		    id)
			return row;
	}
	return NULL;
}

static void check_row(const struct life *life, struct json_object *row)
{
	const struct purser_container *r = &life->record;
	const char *state = "running", *reason;

	if (!row) {
		wrong(CLAIM_TABLE, "ps does not show %s.%u, id %" PRIu64,
		      life->name->text, life->number, r->id);
		return;
	}
	reason = text_of(row, "reason");
	if (life->ended)
		state = "exited";
	if (strcmp(text_of(row, "name"), life->name->text) ||
	    strcmp(text_of(row, "state"), state) ||
	    (life->ended &&
	     strcmp(reason ? reason : "", purser_reason_name(r->reason))) ||
	    (life->ended && r->exit_code >= 0 &&
	     number_of(row, "exit_code") != r->exit_code) ||
	    (life->ended && r->signal && number_of(row, "signal") != r->signal))
		wrong(CLAIM_TABLE,
		      "%s.%u ended with %s, code %d, signal %d; ps shows: %s",
		      life->name->text, life->number,
		      purser_reason_name(r->reason), r->exit_code, r->signal,
		      json_object_to_json_string(row));
}

/* ps may show the end later than the kernel does: the log must be complete first. */
static bool is_late(const struct life *life, struct json_object *row)
{
	return row && life->ended && !life->told &&
	       strcmp(text_of(row, "state"), "exited");
}

static unsigned int check_name(const struct name *name,
			       struct json_object *rows, unsigned int *late)
{
	unsigned int n = 0;

	for (unsigned int i = 0; i < name->n_lives; i++) {
		const struct life *life = name->lives[i];
		struct json_object *row;

		if (!life->registered || life->gone)
			continue;
		n++;
		row = find_row(rows, life->record.id);
		if (is_late(life, row))
			++*late;
		else
			check_row(life, row);
	}
	return n;
}

unsigned int book_check_ps(const char *text, int64_t since)
{
	struct json_object *rows = json_tokener_parse(text);
	unsigned int n = 0, late = 0;

	if (!rows) {
		wrong(CLAIM_TABLE, "ps printed: %s", text);
		return 0;
	}
	for (size_t i = 0; i < n_names; i++) {
		const struct life *life = name_last(names[i]);

		if (!since || (life && (life->kind == KIND_WRITER ||
					(life->told && life->told_at < since))))
			n += check_name(names[i], rows, &late);
	}
	if (!since && json_object_array_length(rows) != n)
		wrong(CLAIM_TABLE, "ps has %zu rows, not %u: %s",
		      json_object_array_length(rows), n, text);
	json_object_put(rows);
	return late;
}

static int check_record(const struct purser_container *record, void *arg)
{
	struct name *name = find_name(record->name);
	struct life *life = name ? find_id(name, record->id) : NULL;

	++*(size_t *)arg;
	if (!life || life->gone)
		wrong(CLAIM_TABLE,
		      "the table has %s, id %" PRIu64 ", which should be gone",
		      record->name, record->id);
	return 0;
}

/* Check that no name has two records, and that the table agrees with the events. */
void book_check_end(void)
{
	size_t n = 0, wanted = 0;

	must(!purser_list(commands, 0, check_record, &n), "purser_list");
	for (size_t i = 0; i < n_names; i++) {
		unsigned int present = 0;

		for (unsigned int j = 0; j < names[i]->n_lives; j++)
			present += names[i]->lives[j]->registered &&
				   !names[i]->lives[j]->gone;
		if (present > 1)
			wrong(CLAIM_TABLE, "%s has %u records", names[i]->text,
			      present);
		wanted += present;
	}
	if (n != wanted)
		wrong(CLAIM_TABLE, "the table has %zu records, not %zu", n,
		      wanted);
}
