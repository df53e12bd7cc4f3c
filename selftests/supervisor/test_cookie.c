// SPDX-License-Identifier: GPL-2.0
/* Tests cookies: complete ones, shortened ones, and those of other programs. */
#include <errno.h>

#include "supervisor/cookie.h"
#include "control/protocol.h"
#include "tap.h"

static char buf[PURSER_COOKIE_MAX];

static struct cookie fields = {
	.run = "/run/purser",
	.rootfs = "/srv/base",
	.root_dev = 65025,
	.root_ino = UINT64_C(0xfedcba9876543210),
	.overlay = true,
	.state = "/var/lib/purser",
	.log = "/var/log/purser/web.log",
	.driver = LOG_DRIVER_RAW,
	.key = UINT64_C(0x8000000000000001),
	.token = "0aZ9",
};

/* Returns the parsed cookie of @command, or NULL if it cannot be built. */
static struct json_object *build(struct string_list *command, size_t *len)
{
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *o = NULL;

	fields.command = *command;
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
	struct json_object *o;
	bool overlay = false;
	size_t len;

	string_list_add(&command, "sh");
	string_list_add(&command, "-c");
	string_list_add(&command, "echo \"x\"\n");
	o = build(&command, &len);
	ok(o && object_is(o, "run", "/run/purser") &&
		   object_is(o, "rootfs", "/srv/base") &&
		   object_is(o, "log", "/var/log/purser/web.log"),
	   "paths");
	ok(!object_get_bool(o, "overlay", &overlay) && overlay, "overlay");
	is_int(n_words(o), 3, "the cookie has the words of the command");
	is_str(word(o, 2), "echo \"x\"\n", "the last word is complete");
	json_object_put(o);

	string_list_free(&command);
}

static void put(struct purser_container *c, const char *text, size_t len)
{
	memcpy(c->cookie, text, len);
	c->cookie_len = len;
}

/* Builds a cookie, and parses it again. */
static void reading(void)
{
	struct string_list command = { 0 };
	struct purser_container c = { 0 };
	struct cookie cookie;
	size_t len;

	string_list_add(&command, "sh");
	string_list_add(&command, "a \"b\"\n\xff");
	json_object_put(build(&command, &len));
	put(&c, buf, len);
	if (!is_int(cookie_parse(&c, "/run/purser", &cookie), 0, "parse"))
		bail("cannot parse the cookie");
	is_str(cookie.run, "/run/purser", "the run directory is read back");
	is_str(cookie.rootfs, "/srv/base", "root");
	is_int(cookie.root_dev, 65025, "the device of the root is read back");
	ok(cookie.root_ino == fields.root_ino,
	   "the inode of the root is read back with all bits");
	ok(cookie.overlay, "overlay");
	is_str(cookie.state, "/var/lib/purser",
	       "the state directory is read back");
	is_str(cookie.log, "/var/log/purser/web.log", "log");
	is_int(cookie.driver, LOG_DRIVER_RAW, "driver");
	ok(cookie.key == fields.key, "the key is read back with all bits");
	is_str(cookie.token, "0aZ9", "token");
	is_int(cookie.command.n, 2, "command");
	is_str(cookie.command.strings[1], "a \"b\"\n\xff",
	       "the bytes of a word are read back");
	cookie_free(&cookie);

	fields.log = NULL;
	fields.driver = LOG_DRIVER_NONE;
	fields.token = NULL;
	json_object_put(build(&command, &len));
	put(&c, buf, len);
	is_int(cookie_parse(&c, "/run/purser", &cookie), 0,
	       "a cookie without a log is parsed");
	is_str(cookie.log, NULL, "it has no log");
	is_str(cookie.token, NULL, "it has no token");
	cookie_free(&cookie);

	is_int(cookie_parse(&c, "/run/purser2", &cookie), -ENOENT,
	       "the cookie of another run directory is refused");
	if (is_int(cookie_parse(&c, NULL, &cookie), 0,
		   "the cookie of any run directory can be parsed")) {
		is_str(cookie.run, "/run/purser", "it names its run directory");
		cookie_free(&cookie);
	}
	c.cookie_len--;
	is_int(cookie_parse(&c, "/run/purser", &cookie), -ENOENT,
	       "a cookie that is cut short is not ours");
	c.cookie_len = 0;
	is_int(cookie_parse(&c, "/run/purser", &cookie), -ENOENT,
	       "an empty cookie is not ours");
	put(&c, "7", 1);
	is_int(cookie_parse(&c, "/run/purser", &cookie), -ENOENT,
	       "a cookie that is a number is not ours");
	string_list_free(&command);
}

#define WHOLE                                                                       \
	"\"run\":\"/r\",\"v\":2,\"rootfs\":\"/b\",\"overlay\":true,\"log\":\"/l\"," \
	"\"driver\":\"cri\",\"key\":7,\"token\":null,\"command\":[\"sh\"]"

static void strange(void)
{
	static const struct {
		const char *text;
		int err;
	} cookies[] = {
		{ "{" WHOLE "}", 0 },
		{ "{" WHOLE ",\"new\":1}", 0 },
		{ "{" WHOLE ",\"dev\":1,\"ino\":2}", 0 },
		{ "{" WHOLE ",\"state\":\"/s\"}", 0 },
		{ "{" WHOLE ",\"state\":1}", -EBADMSG },
		{ "{" WHOLE ",\"dev\":1,\"ino\":\"2\"}", -EBADMSG },
		{ "{\"run\":\"/r\",\"v\":1,\"log\":\"/l\"}", -EPROTO },
		{ "{" WHOLE ",\"v\":3}", -EPROTO },
		{ "{" WHOLE ",\"v\":\"2\"}", -EPROTO },
		{ "{\"run\":\"/r\"}", -EPROTO },
		{ "{\"run\":\"/r\",\"v\":2}", -EBADMSG },
		{ "{" WHOLE ",\"rootfs\":null}", -EBADMSG },
		{ "{" WHOLE ",\"log\":null}", -EBADMSG },
		{ "{" WHOLE ",\"log\":1}", -EBADMSG },
		{ "{" WHOLE ",\"driver\":\"none\"}", -EBADMSG },
		{ "{" WHOLE ",\"driver\":\"new\"}", -EBADMSG },
		{ "{" WHOLE ",\"key\":0}", -EBADMSG },
		{ "{" WHOLE ",\"token\":7}", -EBADMSG },
		{ "{" WHOLE ",\"command\":\"sh\"}", -EBADMSG },
		{ "{" WHOLE ",\"command\":[1]}", -EBADMSG },
	};

	for (size_t i = 0; i < sizeof(cookies) / sizeof(cookies[0]); i++) {
		struct purser_container c = { 0 };
		struct cookie cookie;

		put(&c, cookies[i].text, strlen(cookies[i].text));
		if (is_int(cookie_parse(&c, "/r", &cookie), cookies[i].err,
			   "%s", cookies[i].text) &&
		    !cookies[i].err)
			cookie_free(&cookie);
	}
}

/* Words of every length around the limit; a shortened command ends with the marker. */
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
	is_int(bad, 0, "every length gives a valid cookie");
	ok(whole > 400, "some commands are complete");
	ok(cut > 100, "some commands are shortened");
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
			       !object_is(o, "rootfs", path) || refused;
		else
			refused++;
		json_object_put(o);
	}
	is_int(bad, 0, "paths are complete, or the cookie is refused");
	ok(refused > 0, "some cookies are refused");
	string_list_free(&command);
}

int main(void)
{
	plain();
	reading();
	strange();
	lengths();
	long_paths();
	return tap_end();
}
