// SPDX-License-Identifier: GPL-2.0
/* The answers of the HTTP server, see http_answer.h. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "http_answer.h"

#define PLAIN "text/plain; charset=utf-8"

/* "Sun, 06 Nov 1994 08:49:37 GMT" (RFC 9110, 5.6.7) */
#define DATE_LEN 32

static const char *date(char buf[DATE_LEN])
{
	time_t now = time(NULL);
	struct tm tm;

	strftime(buf, DATE_LEN, "%a, %d %b %Y %H:%M:%S GMT",
		 gmtime_r(&now, &tm));
	return buf;
}

static int make(struct http_answer *answer, const struct http_request *request,
		enum http_status status, const struct http_page *body)
{
	char buf[DATE_LEN];
	FILE *out = open_memstream(&answer->text, &answer->len);
	bool bad;

	if (!out)
		return -ENOMEM;
	fprintf(out, "HTTP/1.1 %d %s\r\n", status, http_status_text(status));
	fprintf(out, "Date: %s\r\n", date(buf));
	if (status == HTTP_METHOD_NOT_ALLOWED)
		fputs("Allow: GET, HEAD\r\n", out);
	fprintf(out, "Content-Type: %s\r\n", body->content_type);
	fprintf(out, "Content-Length: %zu\r\n", body->len);
	fputs("X-Content-Type-Options: nosniff\r\n", out);
	fputs("Vary: Accept\r\n", out);
	fputs("Connection: close\r\n\r\n", out);
	if (!request->head)
		fwrite(body->text, 1, body->len, out);
	bad = ferror(out);
	if (!fclose(out) && !bad)
		return 0;
	http_answer_free(answer);
	return -ENOMEM;
}

int http_answer_page(struct http_answer *answer,
		     const struct http_request *request,
		     const struct http_page *page)
{
	return make(answer, request, HTTP_OK, page);
}

/* An answer with one line of text. */
static int make_line(struct http_answer *answer,
		     const struct http_request *request,
		     enum http_status status, const char *what,
		     const char *details)
{
	struct http_page body = { .content_type = PLAIN };
	int n = asprintf(&body.text, "%s%s\n", what, details), err;

	if (n < 0)
		return -ENOMEM;
	body.len = n;
	err = make(answer, request, status, &body);
	free(body.text);
	return err;
}

int http_answer_failure(struct http_answer *answer,
			const struct http_request *request,
			const struct failure *failure)
{
	return make_line(answer, request, HTTP_UNAVAILABLE, failure->text, "");
}

int http_answer_error(struct http_answer *answer,
		      const struct http_request *request, const char *path)
{
	switch (request->status) {
	case HTTP_NOT_FOUND:
		return make_line(answer, request, request->status,
				 "the only page is ", path);
	case HTTP_METHOD_NOT_ALLOWED:
		return make_line(answer, request, request->status,
				 "the page can only be read", "");
	case HTTP_TIMEOUT:
		return make_line(answer, request, request->status,
				 "the request came too slowly", "");
	case HTTP_TOO_LARGE:
		return make_line(answer, request, request->status,
				 "the request is too long", "");
	case HTTP_UNAVAILABLE:
		return make_line(answer, request, request->status,
				 "there are too many clients", "");
	default:
		return make_line(answer, request, request->status,
				 "this is no HTTP/1 request", "");
	}
}

void http_answer_free(struct http_answer *answer)
{
	free(answer->text);
	*answer = (struct http_answer){ 0 };
}
