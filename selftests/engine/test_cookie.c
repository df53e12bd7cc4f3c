// SPDX-License-Identifier: GPL-2.0
/* Cookies: all in them where it fits, and never more than the kernel takes. */
#include "cookie.h"
#include "protocol.h"
#include "tap.h"

static char buf[PURSER_COOKIE_MAX];

static struct cookie_fields fields = {
	.run = "/run/purser",
	.rootfs = "/srv/base",
	.overlay = true,
	.log = "/var/log/purser/web.log",
};

/* The cookie of @command, parsed; NULL where there is none. */
static struct json_object *build(struct string_list *command, size_t *len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o = NULL;

	fields.command = command;
	memset(buf, 'x', sizeof(buf));
	if (!cookie_build(&fields, buf, len))
		o = json_tokener_parse_ex(tokener, buf, *len);
	json_tokener_free(tokener);
	return o;
}

static const char *word(struct json_object *o, size_t i)
{
	struct json_object *command;

	json_object_object_get_ex(o, "command", &command);
	return json_object_get_string(json_object_array_get_idx(command, i));
}

static size_t n_words(struct json_object *o)
{
	struct json_object *command;

	json_object_object_get_ex(o, "command", &command);
	return json_object_array_length(command);
}

static void plain(void)
{
	struct string_list command = { 0 };
	struct purser_container c = { 0 };
	struct json_object *o;
	bool overlay = false;
	size_t len;

	string_list_add(&command, "sh");
	string_list_add(&command, "-c");
	string_list_add(&command, "echo \"x\"\n");
	o = build(&command, &len);
	ok(o && message_is(o, "run", "/run/purser") &&
		   message_is(o, "rootfs", "/srv/base") &&
		   message_is(o, "log", "/var/log/purser/web.log"),
	   "paths");
	ok(!message_get_bool(o, "overlay", &overlay) && overlay, "overlay");
	is_int(n_words(o), 3, "words of the command");
	is_str(word(o, 2), "echo \"x\"\n", "the last one");
	json_object_put(o);

	memcpy(c.cookie, buf, len);
	c.cookie_len = len;
	ok(cookie_is_of(&c, "/run/purser"), "it is known again");
	ok(!cookie_is_of(&c, "/run/purser2"), "but not by others");
	c.cookie_len--;
	ok(!cookie_is_of(&c, "/run/purser"), "half a cookie is none");
	c.cookie_len = 0;
	ok(!cookie_is_of(&c, "/run/purser"), "nor is nothing");
	memcpy(c.cookie, "7", 1);
	c.cookie_len = 1;
	ok(!cookie_is_of(&c, "/run/purser"), "nor a number");
	string_list_free(&command);
}

/* Words of every length around the limit: what is cut says so. */
static void lengths(void)
{
	int bad = 0, cut = 0, whole = 0;

	for (size_t n = 1; n < PURSER_COOKIE_MAX + 20; n++) {
		struct string_list command = { 0 };
		char text[PURSER_COOKIE_MAX + 20];
		struct json_object *o;
		size_t len = 0;

		memset(text, n % 3 ? 'x' : '\n', n);
		text[n] = '\0';
		string_list_add(&command, "echo");
		string_list_add(&command, text);
		string_list_add(&command, "y");
		o = build(&command, &len);
		if (!o || len > PURSER_COOKIE_MAX || strcmp(word(o, 0), "echo"))
			bad++;
		else if (n_words(o) == 3 && !strcmp(word(o, 1), text) &&
			 !strcmp(word(o, 2), "y"))
			whole++;
		else if (!strcmp(word(o, n_words(o) - 1), COOKIE_MORE))
			cut++;
		else
			bad++;
		json_object_put(o);
		string_list_free(&command);
	}
	is_int(bad, 0, "no length makes a wrong cookie");
	ok(whole > 400, "what fits is whole");
	ok(cut > 100, "what does not is cut");
}

static void long_paths(void)
{
	struct string_list command = { 0 };
	char path[PURSER_COOKIE_MAX + 1];
	int bad = 0, refused = 0;

	string_list_add(&command, "sh");
	for (size_t n = 800; n < PURSER_COOKIE_MAX; n++) {
		struct json_object *o;
		size_t len;

		memset(path, 'p', n);
		path[0] = '/';
		path[n] = '\0';
		fields.rootfs = path;
		o = build(&command, &len);
		if (o)
			bad += len > PURSER_COOKIE_MAX ||
			       !message_is(o, "rootfs", path) || refused;
		else
			refused++;
		json_object_put(o);
	}
	is_int(bad, 0, "paths are whole, or the cookie is refused");
	ok(refused > 0, "some are refused");
	string_list_free(&command);
}

int main(void)
{
	plain();
	lengths();
	long_paths();
	return tap_end();
}
