// SPDX-License-Identifier: GPL-2.0
/* Parsing JSON documents, see document.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/file.h"
#include "base/quote.h"
#include "document.h"

#define SIZE_MAX_BYTES ((size_t)DOCUMENT_MIB_MAX << 20)
#define READ_SIZE      ((size_t)64 << 10)

/* What json-c allocates at most for a value: an array of 32 places, or an object of 16. */
#define MEMORY_PER_VALUE 1024

static int refuse(struct failure *failure, const char *why)
{
	return failed(failure, EXIT_FAILED, "not a JSON document: %s", why);
}

/** struct contents - what is in a text */
struct contents {
	size_t values; /* at most so many */
	bool nul;      /* also as an escape in a string */
	bool quote;    /* a single one, which json-c takes for a double one */
};

/* Before each value but the first is an opening bracket, a comma, or a colon. */
static bool begins_value(char c)
{
	return c == '[' || c == '{' || c == ',' || c == ':';
}

static struct contents look_through(const char *text, size_t len)
{
	struct contents c = { .values = 1 };
	bool in_string = false;

	for (size_t i = 0; i < len; i++) {
		c.nul |= !text[i];
		if (text[i] == '"') {
			in_string = !in_string;
		} else if (in_string && text[i] == '\\') {
			c.nul |= len - i > 5 && !memcmp(text + i, "\\u0000", 6);
			i++;
		} else if (!in_string) {
			c.values += begins_value(text[i]);
			c.quote |= text[i] == '\'';
		}
	}
	return c;
}

/* The parser ends the program if memory runs out: check that there is enough. */
static int check(const char *text, size_t len, struct failure *failure)
{
	struct contents c;
	void *volatile probe;

	if (len > SIZE_MAX_BYTES)
		return failed(failure, EXIT_FAILED,
			      "the document is larger than %d MiB",
			      DOCUMENT_MIB_MAX);
	c = look_through(text, len);
	if (c.nul)
		return refuse(failure, "it has the character NUL in it");
	if (c.quote)
		return refuse(failure,
			      "it has a single quote outside of a string");
	if (c.values > DOCUMENT_VALUES_MAX)
		return failed(failure, EXIT_FAILED,
			      "the document has more than %d values",
			      DOCUMENT_VALUES_MAX);
	probe = malloc(c.values * MEMORY_PER_VALUE + 2 * len + READ_SIZE);
	free(probe);
	return probe ? 0 : failed(failure, EXIT_FAILED, "out of memory");
}

static int explain(struct json_tokener *tokener, struct failure *failure)
{
	enum json_tokener_error error = json_tokener_get_error(tokener);

	if (error == json_tokener_error_depth)
		return failed(failure, EXIT_FAILED,
			      "the document has more than %d levels",
			      DOCUMENT_DEPTH_MAX);
	if (error == json_tokener_continue)
		return refuse(failure, "it ends too early");
	return failed(failure, EXIT_FAILED, "not a JSON document: byte %zu: %s",
		      json_tokener_get_parse_end(tokener),
		      json_tokener_error_desc(error));
}

int document_parse(const char *text, size_t len, struct json_object **json,
		   struct failure *failure)
{
	struct json_tokener *tokener;
	int r = check(text, len, failure);

	*json = NULL;
	if (r)
		return r;
	tokener = json_tokener_new_ex(DOCUMENT_DEPTH_MAX);
	if (!tokener)
		return failed(failure, EXIT_FAILED, "out of memory");
	json_tokener_set_flags(tokener, JSON_TOKENER_STRICT |
						JSON_TOKENER_VALIDATE_UTF8);
	*json = json_tokener_parse_ex(tokener, text, (int)len);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		r = explain(tokener, failure);
	else if (!json_object_is_type(*json, json_type_object))
		r = refuse(failure, "an object is needed");
	json_tokener_free(tokener);
	if (!r)
		return 0;
	json_object_put(*json);
	*json = NULL;
	return r;
}

/* Read to the end, but no more than one byte beyond the limit. Room for a NUL is left. */
static int read_all(int fd, char **text, size_t *len)
{
	size_t size = 0;
	ssize_t n;

	*len = 0;
	do {
		if (*len == size) {
			char *more = realloc(*text, size + READ_SIZE + 1);

			if (!more)
				return -ENOMEM;
			*text = more;
			size += READ_SIZE;
		}
		n = read(fd, *text + *len, size - *len);
		if (n < 0 && errno != EINTR)
			return -errno;
		if (n > 0)
			*len += (size_t)n;
	} while (n && *len <= SIZE_MAX_BYTES);
	return 0;
}

/* @kept: set to the text, for free(); or NULL */
static int read_text(int fd, struct json_object **json, char **kept,
		     struct failure *failure)
{
	char *text __cleanup_free = NULL;
	size_t len;
	int r = read_all(fd, &text, &len);

	*json = NULL;
	if (r)
		return failed_errno(failure, r, "cannot read the document");
	if (document_parse(text, len, json, failure))
		return -1;
	if (kept) {
		text[len] = '\0';
		*kept = text;
		text = NULL;
	}
	return 0;
}

int document_read(int fd, struct json_object **json, struct failure *failure)
{
	return read_text(fd, json, NULL, failure);
}

int document_open(int folder, const char *path, struct json_object **json,
		  char **text, struct failure *failure)
{
	int fd __cleanup_close = file_open(folder, path, O_RDONLY);
	int r;

	*json = NULL;
	if (fd < 0)
		return failed_errno(failure, fd, "cannot open \"%s\"",
				    QUOTE(path));
	r = read_text(fd, json, text, failure);
	if (r)
		failure_prefix(failure, "\"%s\": ", QUOTE(path));
	return r;
}
