// SPDX-License-Identifier: GPL-2.0
/* Which requests get the page, and which status the others get. */
#include "purserctl/http_request.h"
#include "tap.h"

#define HOST "Host: x\r\n\r\n"

/* -1: the request is not complete */
static int status_of(const char *text, size_t len, struct http_request *request)
{
	/* A copy on the heap: the sanitizer sees any access behind its end. */
	char *copy = malloc(len ? len : 1);
	bool complete;

	memcpy(copy, text, len);
	complete = http_request_read(copy, len, "/metrics", request);
	free(copy);
	return complete ? (int)request->status : -1;
}

static void is_status(const char *text, int want)
{
	struct http_request request;
	char name[200];

	snprintf(name, sizeof(name), "%.60s", text);
	for (char *c = name; *c; c++) {
		if (*c == '\n' || *c == '\r' || *c == '#')
			*c = '~';
	}
	is_int(status_of(text, strlen(text), &request), want, "%s: %d", name,
	       want);
}

static void test_statuses(void)
{
	is_status("GET /metrics HTTP/1.1\r\n" HOST, 200);
	is_status("GET /metrics HTTP/1.0\r\n\r\n", 200);
	is_status("GET /metrics HTTP/1.0\n\n", 200);
	is_status("GET /metrics?a=b HTTP/1.1\r\n" HOST, 200);
	is_status("GET http://host:9105/metrics HTTP/1.1\r\n" HOST, 200);
	is_status("\r\nGET /metrics HTTP/1.1\r\n" HOST, 200);
	is_status("HEAD /metrics HTTP/1.1\r\n" HOST, 200);
	is_status("GET / HTTP/1.1\r\n" HOST, 404);
	is_status("GET /metrics/ HTTP/1.1\r\n" HOST, 404);
	is_status("GET /../metrics HTTP/1.1\r\n" HOST, 404);
	is_status("POST /metrics HTTP/1.1\r\n" HOST, 405);
	is_status("get /metrics HTTP/1.1\r\n" HOST, 405);
	is_status("DELETE /metrics HTTP/1.1\r\n" HOST, 405);
	is_status("GET /metrics HTTP/1.1\r\n\r\n", 400);
	is_status("GET /metrics HTTP/1.1\r\nHost: a\r\n" HOST, 400);
	is_status("GET /metrics\r\n\r\n", 400);
	is_status("GET  /metrics HTTP/1.1\r\n" HOST, 400);
	is_status("GET /metrics HTTP/2.0\r\n" HOST, 400);
	is_status("GET /metrics HTTP/1.1 x\r\n" HOST, 400);
	is_status("GET metrics HTTP/1.1\r\n" HOST, 400);
	is_status("GET http://host HTTP/1.1\r\n" HOST, 400);
	is_status("GET\r\n\r\n", 400);
	is_status("\r\n\r\n", 400);
	is_status("\n\n\n", 400);
	is_status("GET /metrics HTTP/1.1\r\nno field\r\n" HOST, 400);
	is_status("GET /metrics HTTP/1.1\r\nHost : x\r\n\r\n", 400);
	is_status("GET /metrics HTTP/1.1\r\nHost: x\r\n y\r\n\r\n", 400);
	is_status("\x16\x03\x01 hello of TLS\n\n", 400);
	is_status("", -1);
	is_status("\n", -1);
	is_status("GET /metrics HTTP/1.1\r\nHost: x\r\n", -1);
	is_status("GET /metrics HTTP/1.1\r\nHost: x\r\n\r", -1);
}

static void test_bytes(void)
{
	static const char text[] =
		"GET /metrics HTTP/1.1\r\nAccept: */*\r\n" HOST;
	struct http_request request;
	size_t n = sizeof(text) - 1, early = 0;
	char odd[sizeof(text)];

	for (size_t len = 0; len < n; len++)
		early += status_of(text, len, &request) != -1;
	ok(!early, "a request is not complete before its last byte");
	is_int(status_of(text, n, &request), 200, "then it is");
	memcpy(odd, text, sizeof(odd));
	odd[30] = '\0';
	is_int(status_of(odd, n, &request), 400,
	       "a NUL in a request is refused");
}

static bool openmetrics(const char *field)
{
	struct http_request request;
	char text[300];

	snprintf(text, sizeof(text), "GET /metrics HTTP/1.1\r\n%s\r\n" HOST,
		 field);
	status_of(text, strlen(text), &request);
	return request.openmetrics;
}

static void test_formats(void)
{
	struct http_request request;
	const char *head = "HEAD /no HTTP/1.1\r\n" HOST;

	ok(openmetrics("Accept: application/openmetrics-text;version=1.0.0,"
		       "text/plain;version=0.0.4;q=0.5"),
	   "a client that accepts OpenMetrics gets it");
	ok(openmetrics("aCCEPT: Application/OpenMetrics-Text"),
	   "upper and lower case are the same");
	ok(!openmetrics("Accept: */*"), "any other one gets the older format");
	ok(!openmetrics("X-Accept: application/openmetrics-text"),
	   "another field says nothing about it");
	status_of(head, strlen(head), &request);
	ok(request.head && request.status == 404,
	   "HEAD is noted with any status");
}

int main(void)
{
	test_statuses();
	test_bytes();
	test_formats();
	return tap_end();
}
