/* SPDX-License-Identifier: GPL-2.0 */
/* The answers of the HTTP server. */
#ifndef PURSERCTL_HTTP_ANSWER_H
#define PURSERCTL_HTTP_ANSWER_H

#include <stddef.h>

#include "base/failure.h"
#include "http_request.h"

/** struct http_page - @text: for free() */
struct http_page {
	char *text;
	size_t len;
	const char *content_type;
};

/** struct http_answer - head and body as they are sent */
struct http_answer {
	char *text;
	size_t len;
};

/* Each function makes an answer, and returns 0 or -ENOMEM. */

int http_answer_page(struct http_answer *answer,
		     const struct http_request *request,
		     const struct http_page *page);
/** http_answer_failure() - the page cannot be made now */
int http_answer_failure(struct http_answer *answer,
			const struct http_request *request,
			const struct failure *failure);
/** http_answer_error() - @request->status says why; @path: of the page, or NULL */
int http_answer_error(struct http_answer *answer,
		      const struct http_request *request, const char *path);
void http_answer_free(struct http_answer *answer);

#endif /* PURSERCTL_HTTP_ANSWER_H */
