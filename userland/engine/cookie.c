// SPDX-License-Identifier: GPL-2.0
/* Cookies of containers, see cookie.h. */
#include <errno.h>
#include <string.h>

#include "cookie.h"
#include "protocol.h"

static const char *text_of(struct json_object *o, size_t *len)
{
	return json_object_to_json_string_length(
		o, JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE,
		len);
}

static int add_word(struct json_object *array, const char *word)
{
	struct json_object *s = json_object_new_string(word);

	if (!s)
		return -ENOMEM;
	if (json_object_array_add(array, s) < 0) {
		json_object_put(s);
		return -ENOMEM;
	}
	return 0;
}

/* Bytes that a word takes in the array, its comma included. */
static int word_size(const char *word, size_t *size)
{
	struct json_object *s;
	bool done;

	/* What is this long does not fit, however it is written. */
	*size = strlen(word);
	if (*size > PURSER_COOKIE_MAX)
		return 0;
	s = json_object_new_string(word);
	done = s && text_of(s, size);
	*size += 1;
	json_object_put(s);
	return done ? 0 : -ENOMEM;
}

/* Add as much of the command as fits into @room bytes. */
static int add_command(struct json_object *array,
		       const struct string_list *command, size_t room)
{
	size_t more, size, left = 0;
	int err = word_size(COOKIE_MORE, &more);

	/* Whether all fits decides if the marker's place is to be kept. */
	for (size_t i = 0; !err && i < command->n && left <= room; i++) {
		err = word_size(command->strings[i], &size);
		left += size;
	}
	if (err)
		return err;
	if (left > room && more > room)
		return -ENAMETOOLONG;
	if (left > room)
		room -= more;
	else
		more = 0;

	for (size_t i = 0; !err && i < command->n; i++) {
		err = word_size(command->strings[i], &size);
		if (err || size > room)
			break;
		room -= size;
		err = add_word(array, command->strings[i]);
	}
	return err || !more ? err : add_word(array, COOKIE_MORE);
}

int cookie_build(const struct cookie_fields *fields, char *buf, size_t *len)
{
	struct json_object *o = json_object_new_object();
	struct json_object *command = json_object_new_array();
	const char *text;
	int err = -ENOMEM;

	if (!o) {
		json_object_put(command);
		return err;
	}
	if (message_set(o, "command", command) || message_set_int(o, "v", 1) ||
	    message_set_string(o, "run", fields->run) ||
	    message_set_string(o, "rootfs", fields->rootfs) ||
	    message_set_bool(o, "overlay", fields->overlay) ||
	    message_set_string(o, "log", fields->log))
		goto out;
	if (!text_of(o, len))
		goto out;
	err = -ENAMETOOLONG;
	if (*len > PURSER_COOKIE_MAX)
		goto out;
	err = add_command(command, fields->command, PURSER_COOKIE_MAX - *len);
	if (err)
		goto out;
	text = text_of(o, len);
	if (!text)
		err = -ENOMEM;
	else
		memcpy(buf, text, *len);
out:
	json_object_put(o);
	return err;
}

bool cookie_is_of(const struct purser_container *c, const char *run)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o;
	bool ours;

	if (!tokener)
		return false;
	o = json_tokener_parse_ex(tokener, (const char *)c->cookie,
				  c->cookie_len);
	json_tokener_free(tokener);
	ours = json_object_is_type(o, json_type_object) &&
	       message_is(o, "run", run);
	json_object_put(o);
	return ours;
}
