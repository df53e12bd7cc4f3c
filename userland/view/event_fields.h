/* SPDX-License-Identifier: GPL-2.0 */
/*
 * An event as fields with names in capitals, for the environment of a program and for the
 * journal. The names are the keys of the JSON: PURSER_SEQ, PURSER_TIME and PURSER_EVENT of
 * the event, and CONTAINER_NAME, CONTAINER_KILLER_PID and so on of its record. What is null
 * in the JSON has no field.
 */
#ifndef VIEW_EVENT_FIELDS_H
#define VIEW_EVENT_FIELDS_H

#include "libpurser/purser.h"

/* What the names of the fields of a record begin with. */
#define EVENT_FIELDS_CONTAINER "CONTAINER_"

/* Returns 0, or a negative errno that ends the call. */
typedef int (*event_field_fn)(const char *name, const char *value, void *arg);

/** event_fields_each() - call @fn for each field; 0, -ENOMEM, or an error of @fn */
int event_fields_each(const struct purser_event *e, event_field_fn fn,
		      void *arg);

#endif /* VIEW_EVENT_FIELDS_H */
