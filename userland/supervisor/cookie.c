// SPDX-License-Identifier: GPL-2.0
/* Cookies of containers, see cookie.h. */
#include <errno.h>
#include <string.h>

#include "cookie.h"
#include "control/protocol.h"

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

static int set_optional(struct json_object *o, const char *key, const char *s)
{
	if (s)
		return message_set_string(o, key, s);
	return json_object_object_add(o, key, NULL) < 0 ? -ENOMEM : 0;
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
	if (message_set(o, "command", command) ||
	    message_set_int(o, "v", COOKIE_VERSION) ||
	    message_set_string(o, "run", fields->run) ||
	    message_set_string(o, "rootfs", fields->rootfs) ||
	    message_set_bool(o, "overlay", fields->overlay) ||
	    message_set_u64(o, "dev", fields->root_dev) ||
	    message_set_u64(o, "ino", fields->root_ino) ||
	    set_optional(o, "state", fields->state) ||
	    set_optional(o, "log", fields->log) ||
	    message_set_string(o, "driver", log_driver_name(fields->driver)) ||
	    message_set_u64(o, "key", fields->key) ||
	    set_optional(o, "token", fields->token))
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

static struct json_object *read_json(const struct purser_container *c)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o;

	if (!tokener)
		return NULL;
	o = json_tokener_parse_ex(tokener, (const char *)c->cookie,
				  c->cookie_len);
	json_tokener_free(tokener);
	return o;
}

/* Null is what a field of that kind may be; missing it may not be. */
static int read_optional(struct json_object *o, const char *key, const char **s)
{
	struct json_object *v;

	*s = NULL;
	if (!json_object_object_get_ex(o, key, &v))
		return -ENOENT;
	return v ? message_get_string(o, key, s) : 0;
}

static int read_command(struct json_object *o, struct string_list *command)
{
	struct json_object *array;
	int err = 0;

	if (!json_object_object_get_ex(o, "command", &array) ||
	    !json_object_is_type(array, json_type_array))
		return -EBADMSG;
	for (size_t i = 0; !err && i < json_object_array_length(array); i++) {
		struct json_object *v = json_object_array_get_idx(array, i);
		const char *word = json_object_is_type(v, json_type_string) ?
					   json_plain_string(v) :
					   NULL;

		err = word ? string_list_add(command, word) : -EBADMSG;
	}
	return err;
}

static int read_root(struct json_object *o, struct cookie_fields *f)
{
	int err = message_get_u64(o, "dev", &f->root_dev);

	if (!err)
		err = message_get_u64(o, "ino", &f->root_ino);
	return err == -ENOENT ? 0 : err;
}

static int read_state(struct json_object *o, struct cookie_fields *f)
{
	int err = read_optional(o, "state", &f->state);

	return err == -ENOENT ? 0 : err;
}

static int read_fields(struct json_object *o, struct cookie_fields *f)
{
	const char *driver;

	if (read_root(o, f) || read_state(o, f) ||
	    message_get_string(o, "rootfs", &f->rootfs) ||
	    message_get_bool(o, "overlay", &f->overlay) ||
	    read_optional(o, "log", &f->log) ||
	    message_get_string(o, "driver", &driver) ||
	    log_driver_parse(driver, &f->driver) ||
	    message_get_u64(o, "key", &f->key) ||
	    read_optional(o, "token", &f->token))
		return -EBADMSG;
	/* Both or neither say that there is a log, and one has a name. */
	if (!f->log != (f->driver == LOG_DRIVER_NONE) || !f->key)
		return -EBADMSG;
	return 0;
}

int cookie_parse(const struct purser_container *c, const char *run,
		 struct cookie *cookie)
{
	struct cookie_fields *fields = &cookie->fields;
	int err, version;

	*cookie = (struct cookie){ .json = read_json(c) };
	fields->command = &cookie->command;
	if (!json_object_is_type(cookie->json, json_type_object) ||
	    message_get_string(cookie->json, "run", &fields->run) ||
	    (run && strcmp(fields->run, run))) {
		cookie_free(cookie);
		return -ENOENT;
	}
	if (message_get_int(cookie->json, "v", &version) ||
	    version != COOKIE_VERSION)
		err = -EPROTO;
	else
		err = read_fields(cookie->json, fields);
	if (!err)
		err = read_command(cookie->json, &cookie->command);
	if (err)
		cookie_free(cookie);
	return err;
}

void cookie_free(struct cookie *cookie)
{
	string_list_free(&cookie->command);
	json_object_put(cookie->json);
	cookie->json = NULL;
}
