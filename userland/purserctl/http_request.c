// SPDX-License-Identifier: GPL-2.0
/* Reading the head of a request, see http_request.h. */
#include <string.h>
#include <strings.h>

#include "http_request.h"

const char *http_status_text(enum http_status status)
{
	switch (status) {
	case HTTP_OK:
		return "OK";
	case HTTP_BAD_REQUEST:
		return "Bad Request";
	case HTTP_NOT_FOUND:
		return "Not Found";
	case HTTP_METHOD_NOT_ALLOWED:
		return "Method Not Allowed";
	case HTTP_TIMEOUT:
		return "Request Timeout";
	case HTTP_TOO_LARGE:
		return "Request Header Fields Too Large";
	case HTTP_UNAVAILABLE:
		break;
	}
	return "Service Unavailable";
}

/* The length of the head with its empty line; 0: it is not complete. Lines may end in LF. */
static size_t head_length(const char *text, size_t len)
{
	const char *end = text + len, *line = text;

	while (line < end) {
		const char *feed = memchr(line, '\n', end - line);

		if (!feed)
			return 0;
		if (line > text &&
		    (feed == line || (feed == line + 1 && *line == '\r')))
			return feed + 1 - text;
		line = feed + 1;
	}
	return 0;
}

/* Cut the next line off *@text, without its end. */
static char *next_line(char **text)
{
	char *line = strsep(text, "\n");
	size_t len = line ? strlen(line) : 0;

	if (len && line[len - 1] == '\r')
		line[len - 1] = '\0';
	return line;
}

/* The path of a target, which may be "http://HOST/PATH" (RFC 9112, 3.2.2), without query */
static char *path_of(char *target)
{
	if (!strncasecmp(target, "http://", 7)) {
		target = strchr(target + 7, '/');
		if (!target)
			return NULL;
	}
	target[strcspn(target, "?#")] = '\0';
	return target;
}

/* Read the first line. @late: HTTP/1.1, whose requests must name a host */
static enum http_status read_first_line(char *line, const char *page,
					struct http_request *request,
					bool *late)
{
	char *method = strsep(&line, " ");
	char *target = strsep(&line, " ");
	const char *path;

	if (!target || !line || strncmp(line, "HTTP/1.", 7) ||
	    strlen(line) != 8 || line[7] < '0' || line[7] > '9')
		return HTTP_BAD_REQUEST;
	*late = line[7] != '0';
	path = path_of(target);
	if (!path || *path != '/')
		return HTTP_BAD_REQUEST;
	request->head = !strcmp(method, "HEAD");
	if (strcmp(path, page))
		return HTTP_NOT_FOUND;
	if (!request->head && strcmp(method, "GET"))
		return HTTP_METHOD_NOT_ALLOWED;
	return HTTP_OK;
}

/* Read a header field. Returns false if it is none. */
static bool read_field(char *line, struct http_request *request, int *hosts)
{
	char *value = line;
	const char *name = strsep(&value, ":");

	/* No blank may be in or after a name; a line that begins with one is no field. */
	if (!value || !*name || strpbrk(name, " \t"))
		return false;
	if (!strcasecmp(name, "Host"))
		++*hosts;
	if (!strcasecmp(name, "Accept") &&
	    strcasestr(value, "application/openmetrics-text"))
		request->openmetrics = true;
	return true;
}

bool http_request_read(char *text, size_t len, const char *page,
		       struct http_request *request)
{
	size_t head = head_length(text, len);
	bool late = false;
	int hosts = 0;
	char *line;

	if (!head)
		return false;
	*request = (struct http_request){ .status = HTTP_BAD_REQUEST };
	/* The last byte is a line feed. */
	text[head - 1] = '\0';
	if (strlen(text) != head - 1)
		return true;
	line = next_line(&text);
	/* A client may send an empty line before its request (RFC 9112, 2.2). */
	if (!*line)
		line = next_line(&text);
	request->status = read_first_line(line, page, request, &late);
	while ((line = next_line(&text)) && *line) {
		if (!read_field(line, request, &hosts)) {
			request->status = HTTP_BAD_REQUEST;
			return true;
		}
	}
	if (hosts > 1 || (late && !hosts))
		request->status = HTTP_BAD_REQUEST;
	return true;
}
