/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Reading the head of an HTTP/1 request, as much of it as a server needs that has one
 * page and closes each connection after the answer.
 */
#ifndef PURSERCTL_HTTP_REQUEST_H
#define PURSERCTL_HTTP_REQUEST_H

#include <stdbool.h>
#include <stddef.h>

enum http_status {
	HTTP_OK = 200,
	HTTP_BAD_REQUEST = 400,
	HTTP_NOT_FOUND = 404,
	HTTP_METHOD_NOT_ALLOWED = 405,
	HTTP_TIMEOUT = 408,
	HTTP_TOO_LARGE = 431,
	HTTP_UNAVAILABLE = 503,
};

/** http_status_text() - such as "Not Found" */
const char *http_status_text(enum http_status status);

/**
 * struct http_request - what a request asks for
 * @status: %HTTP_OK: for the page; else why it gets no page
 * @head: the answer must have no body
 * @openmetrics: the client reads OpenMetrics
 */
struct http_request {
	enum http_status status;
	bool head;
	bool openmetrics;
};

/**
 * http_request_read() - read a request
 * @text: what has come so far, @len bytes; the function changes it
 * @page: the path of the one page
 * Returns false if the empty line that ends the head has not come yet.
 */
bool http_request_read(char *text, size_t len, const char *page,
		       struct http_request *request);

#endif /* PURSERCTL_HTTP_REQUEST_H */
