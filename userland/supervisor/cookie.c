// SPDX-License-Identifier: GPL-2.0
/* Cookies of containers, see cookie.h. */
#include <errno.h>
#include <string.h>

#include "base/fields.h"
#include "cookie.h"

#define AT(member) .offset = offsetof(struct cookie, member)

/* clang-format off */
static const struct field fields[] = {
	/* add_command() encodes it, because it may be shortened. */
	{ "command", FIELD_STRINGS, FIELD_NEEDED, AT(command) },
	{ "run", FIELD_STRING, FIELD_NEEDED, AT(run) },
	{ "rootfs", FIELD_STRING, FIELD_NEEDED, AT(rootfs) },
	{ "overlay", FIELD_BOOL, FIELD_NEEDED, AT(overlay) },
	{ "dev", FIELD_U64, 0, AT(root_dev) },
	{ "ino", FIELD_U64, 0, AT(root_ino) },
	{ "state", FIELD_STRING, FIELD_NULL, AT(state) },
	{ "log", FIELD_STRING, FIELD_NEEDED | FIELD_NULL, AT(log) },
	{ "driver", FIELD_NAME, FIELD_NEEDED, AT(driver),
	  .names = log_driver_names },
	{ "key", FIELD_U64, FIELD_NEEDED, AT(key) },
	{ "token", FIELD_STRING, FIELD_NEEDED | FIELD_NULL, AT(token) },
	{ 0 },
};
/* clang-format on */

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

/* The number of bytes of a word in the JSON array, including its comma. */
static int word_size(const char *word, size_t *size)
{
	struct json_object *s;
	bool done;

	/* So long a word does not fit anyway: do not encode it. */
	*size = strlen(word);
	if (*size > PURSER_COOKIE_MAX)
		return 0;
	s = json_object_new_string(word);
	done = s && json_line(s, size);
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

	/* Only if not all words fit, keep room for the marker. */
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

int cookie_build(const struct cookie *cookie, char *buf, size_t *len)
{
	struct json_object *command = json_object_new_array();
	struct object o = object_new();
	const char *text;
	int err;

	object_add(&o, "command", command);
	object_add_int(&o, "v", COOKIE_VERSION);
	fields_encode(fields + 1, cookie, &o);
	err = !o.failed && json_line(o.json, len) ? 0 : -ENOMEM;
	if (!err && *len > PURSER_COOKIE_MAX)
		err = -ENAMETOOLONG;
	if (!err)
		err = add_command(command, &cookie->command,
				  PURSER_COOKIE_MAX - *len);
	if (!err) {
		text = json_line(o.json, len);
		err = text ? 0 : -ENOMEM;
	}
	if (!err)
		memcpy(buf, text, *len);
	json_object_put(o.json);
	return err;
}

static int read_fields(struct json_object *o, struct cookie *cookie)
{
	const char *field;
	int version;
	int err = object_get_int(o, "v", &version);

	if (err || version != COOKIE_VERSION)
		return -EPROTO;
	err = fields_decode(fields, o, cookie, &field);
	if (err)
		return err == -ENOMEM ? err : -EBADMSG;
	/* The fields must agree on whether there is a log. */
	if (!cookie->log != (cookie->driver == LOG_DRIVER_NONE) || !cookie->key)
		return -EBADMSG;
	return 0;
}

int cookie_parse(const struct purser_container *c, const char *run,
		 struct cookie *cookie)
{
	struct json_object *o = object_parse(c->cookie, c->cookie_len);
	const char *its_run;
	int err;

	*cookie = (struct cookie){ 0 };
	if (!o || object_get_string(o, "run", &its_run) ||
	    (run && strcmp(its_run, run)))
		err = -ENOENT;
	else
		err = read_fields(o, cookie);
	if (err)
		cookie_free(cookie);
	json_object_put(o);
	return err;
}

void cookie_free(struct cookie *cookie)
{
	fields_free(fields, cookie);
}
