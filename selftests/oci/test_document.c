// SPDX-License-Identifier: GPL-2.0
/* Tests the limits of JSON documents, and what is not JSON. */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

#include "cases.h"
#include "document/document.h"
#include "tap.h"

static const struct {
	const char *text;
	const char *message;
} bad[] = {
	{ "", "not a JSON document: it ends too early" },
	{ "   ", "not a JSON document: it ends too early" },
	{ "{", "not a JSON document: it ends too early" },
	{ "{\"a\":tru", "not a JSON document: it ends too early" },
	{ "{\"a\":\"\\u00", "not a JSON document: it ends too early" },
	{ "[]", "not a JSON document: an object is needed" },
	{ "1 ", "not a JSON document: an object is needed" },
	{ "null ", "not a JSON document: an object is needed" },
	{ "{\"a\":1,}", "not a JSON document: byte 7: unexpected character" },
	{ "{'a':1}",
	  "not a JSON document: it has a single quote outside of a string" },
	{ "{\"a\":01}", "not a JSON document: byte 7: number expected" },
	{ "{/* \" */\"a\":1}",
	  "not a JSON document: byte 1: quoted object property name expected" },
	{ "{\"a\":True}", "not a JSON document: byte 5: boolean expected" },
	{ "{}{}", "not a JSON document: byte 2: unexpected character" },
	{ "{} x", "not a JSON document: byte 3: unexpected character" },
	{ "{\"a\":\"\xff\"}",
	  "not a JSON document: byte 6: invalid utf-8 string" },
	{ "{\"a\":\"\\u0000\"}",
	  "not a JSON document: it has the character NUL in it" },
	{ "{\"a\\u0000b\":1}",
	  "not a JSON document: it has the character NUL in it" },
};

static const char *const good[] = {
	"{}",
	" { } \n\t",
	"{\"a\":\"\\\\u0000\"}",
	"{\"a\":18446744073709551615,\"b\":-9223372036854775808}",
	"{\"a\":1,\"a\":2}",
	"{\"a\":\"[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[\"}",
};

static int parse(const char *text, size_t len, struct failure *failure)
{
	struct json_object *json;
	int r = document_parse(text, len, &json, failure);

	if (!r != !!json)
		bail("a result and no object, or the other way round");
	json_object_put(json);
	return r;
}

static void texts(void)
{
	struct failure failure;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		snprintf(failure.text, sizeof(failure.text), "no error");
		parse(bad[i].text, strlen(bad[i].text), &failure);
		is_str(failure.text, bad[i].message, "%s", shown(bad[i].text));
	}
	for (size_t i = 0; i < ARRAY_SIZE(good); i++)
		is_int(parse(good[i], strlen(good[i]), &failure), 0, "%s",
		       shown(good[i]));
	is_int(parse("{\"a\":\"'\"}", 9, &failure), 0,
	       "a single quote in a string");
	is_int(parse("{}\0", 3, &failure), -1, "a NUL");
	is_str(failure.text,
	       "not a JSON document: it has the character NUL in it",
	       "its message");
}

/* {"a":[[...]]} with @n levels in all */
static int nested(int n, struct failure *failure)
{
	char text[512];
	int len = 5 + 2 * (n - 1);

	memcpy(text, "{\"a\":", 5);
	memset(text + 5, '[', (size_t)(n - 1));
	memset(text + 5 + n - 1, ']', (size_t)(n - 1));
	text[len] = '}';
	return parse(text, (size_t)len + 1, failure);
}

static void depth(void)
{
	struct failure failure;
	int most = 1;

	while (!nested(most + 1, &failure))
		most++;
	/* The parser takes a level for the place of a value. */
	ok(most >= DOCUMENT_DEPTH_MAX - 1 && most <= DOCUMENT_DEPTH_MAX,
	   "so many levels: %d", most);
	is_str(failure.text, "the document has more than 32 levels",
	       "the message of one more");
}

/* {"a":[{},{},...]} with so many objects, padded to @size bytes */
static char *many(size_t objects, size_t *len, size_t size)
{
	char *text = NULL;
	FILE *f = open_memstream(&text, len);

	fputs("{\"a\":[", f);
	for (size_t i = 0; i < objects; i++)
		fputs(i ? ",{}" : "{}", f);
	fputs("]}", f);
	fflush(f);
	if (*len < size)
		fprintf(f, "%*s", (int)(size - *len), "");
	fclose(f);
	return text;
}

static void sizes(void)
{
	const size_t most = (size_t)DOCUMENT_MIB_MAX << 20;
	struct failure failure;
	size_t len;
	char *text = many(1000000, &len, 0);

	is_int(parse(text, len, &failure), -1, "a million objects");
	is_str(failure.text, "the document has more than 262144 values",
	       "their message");
	free(text);
	text = many(DOCUMENT_VALUES_MAX / 2 - 2, &len, 0);
	is_int(parse(text, len, &failure), 0, "as many as there may be");
	free(text);
	text = many(1, &len, most);
	is_int(parse(text, len, &failure), 0, "a document of the largest size");
	free(text);
	text = many(1, &len, most + 1);
	is_int(parse(text, len, &failure), -1, "one byte more");
	is_str(failure.text, "the document is larger than 16 MiB",
	       "its message");
	free(text);
}

static void endless(void)
{
	int zero = open("/dev/zero", O_RDONLY | O_CLOEXEC);
	struct json_object *json;
	struct failure failure;

	is_int(document_read(zero, &json, &failure), -1, "a file without end");
	is_str(failure.text, "the document is larger than 16 MiB",
	       "its message");
	close(zero);
	is_int(document_read(-1, &json, &failure), -1, "no descriptor");
	is_str(failure.text, "cannot read the document: Bad file descriptor",
	       "its message");
}

int main(void)
{
	texts();
	depth();
	sizes();
	endless();
	return tap_end();
}
