// SPDX-License-Identifier: GPL-2.0
/*
 * client SOCKET talk N	send the lines of stdin as requests over N connections. Each
 *			connection sends its next line as soon as it has one line of
 *			answer. Prints the answers; fails if a connection ends early.
 * client SOCKET silent N	open up to N connections, as many as possible, and send
 *			nothing. Prints how many, and keeps them until stdin ends.
 * client SOCKET deaf TEXT N	send TEXT up to N times, as often as there is room, and
 *			read nothing. Prints how often, and stays until stdin ends.
 * client SOCKET half TEXT READ	send TEXT, and a newline unless READ is 0; exit after
 *			READ bytes of answer.
 * client SOCKET malformed SEED N PER	send N malformed requests, PER on a connection;
 *			the last one on a connection is not even a message. Prints
 *			how many answers came.
 *
 * A misbehaving client of the supervisor.
 */
#include <poll.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "../workloads/workload.h"

static const char usage[] =
	"client SOCKET talk N | silent N | deaf TEXT N | half TEXT READ | "
	"malformed SEED N PER";

static struct sockaddr_un address = { .sun_family = AF_UNIX };

/* try_connect() - returns the connection, or -1 with errno */
static int try_connect(void)
{
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	if (fd < 0)
		return -1;
	if (!connect(fd, (struct sockaddr *)&address, sizeof(address)))
		return fd;
	close(fd);
	return -1;
}

static int connect_client(void)
{
	int fd = try_connect();

	if (fd < 0)
		fail("client: cannot connect to %s", address.sun_path);
	return fd;
}

/* put() - send all bytes; false if the supervisor has closed the connection */
static bool put(int fd, const char *p, size_t len)
{
	while (len) {
		ssize_t n = send(fd, p, len, MSG_NOSIGNAL);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0 && (errno == EPIPE || errno == ECONNRESET))
			return false;
		if (n < 0)
			fail("client: cannot send");
		p += n;
		len -= n;
	}
	return true;
}

static void until_stdin_ends(void)
{
	char c;

	while (read(STDIN_FILENO, &c, 1) > 0)
		;
}

/* put_line() - send the next line of stdin; false if there is none */
static bool put_line(int fd)
{
	static char *line;
	static size_t size;
	ssize_t n = getline(&line, &size, stdin);

	if (n <= 0)
		return false;
	if (!put(fd, line, n))
		fail("client: cannot send a request");
	return true;
}

/* print_answers() - print what has come; returns the number of lines */
static unsigned int print_answers(int fd)
{
	char buf[65536];
	ssize_t n = read(fd, buf, sizeof(buf));
	unsigned int lines = 0;

	if (n < 0)
		fail("client: cannot read");
	if (!n) {
		errno = ECONNRESET;
		fail("client: no answer");
	}
	for (ssize_t i = 0; i < n; i++)
		lines += buf[i] == '\n';
	if (fwrite(buf, 1, n, stdout) != (size_t)n)
		fail("client: cannot print an answer");
	return lines;
}

static void talk(unsigned long n)
{
	struct pollfd *polled = calloc(n, sizeof(*polled));
	unsigned long waiting = 0;

	if (!polled)
		fail("client: out of memory");
	for (unsigned long i = 0; i < n; i++) {
		polled[i].events = POLLIN;
		polled[i].fd = connect_client();
		if (put_line(polled[i].fd))
			waiting++;
	}
	while (waiting) {
		if (poll(polled, n, -1) < 0)
			fail("client: cannot wait");
		for (unsigned long i = 0; i < n; i++) {
			if (!polled[i].revents)
				continue;
			for (unsigned int lines = print_answers(polled[i].fd);
			     lines; lines--) {
				if (!put_line(polled[i].fd))
					waiting--;
			}
		}
	}
	fflush(stdout);
}

static void silent(unsigned long n)
{
	unsigned long i;

	for (i = 0; i < n && try_connect() >= 0; i++)
		;
	say("%lu\n", i);
	until_stdin_ends();
}

static void deaf(const char *text, unsigned long n)
{
	int fd = connect_client();
	size_t len = strlen(text);
	unsigned long sent = 0;

	while (sent < n) {
		ssize_t ret = send(fd, text, len, MSG_NOSIGNAL | MSG_DONTWAIT);

		if (ret != (ssize_t)len)
			break;
		sent++;
	}
	say("%lu\n", sent);
	until_stdin_ends();
}

static void half(const char *text, unsigned long max)
{
	int fd = connect_client();
	char buf[4096];

	put(fd, text, strlen(text));
	if (max)
		put(fd, "\n", 1);
	while (max) {
		ssize_t n = read(fd, buf,
				 max < sizeof(buf) ? max : sizeof(buf));

		if (n < 0)
			fail("client: cannot read");
		if (!n)
			break;
		max -= n;
	}
}

static uint64_t state;

/* draw() - a number below @below, by xorshift64*: a seed always gives the same ones */
static uint32_t draw(uint32_t below)
{
	state ^= state >> 12;
	state ^= state << 25;
	state ^= state >> 27;
	return (state * 0x2545f4914f6cdd1dull >> 32) % below;
}

/* Requests that the supervisor refuses, and that break_request() changes. */
static const char *const seeds[] = {
	"{\"v\":2,\"op\":\"ps\"}",
	"{\"v\":1,\"op\":\"logs\",\"id\":\"nobody\"}",
	"{\"v\":1,\"op\":\"wait\",\"id\":\"nobody\",\"token\":\"x\"}",
	"{\"v\":1,\"op\":\"stop\",\"id\":\"nobody\",\"signal\":15,\"grace_ms\":100,\"wait\":false}",
	"{\"v\":1,\"op\":\"start\",\"id\":\"nobody\",\"rootfs\":\"/none\",\"command\":[\"true\"],\"env\":[\"A=1\"],\"soft_limit\":2,\"hard_limit\":1,\"own_network\":false}",
	"[[[[[[[[[[[[[[[[[[[[",
	"{\"v\":18446744073709551616,\"op\":1e999}",
	"\"\\u0000\\ud800\"",
	"",
};

/* Values of fields. None of them is a valid command for a start. */
static const char *const values[] = {
	"null",	       "-1",	      "1e400",
	"{}",	       "\"\"",	      "\"\\u0000\"",
	"true",	       "0",	      "99999999999999999999",
	"\"../../x\"", "\"\\ud800\"", "{\"v\":1}",
	"\"nobody\"",  "15",	      "18446744073709551615",
	"[null]",      "[1]",	      "\"a-b\"",
	"1.5",	       "false",
};

static const char *const fields[] = {
	"id",		"token",	 "signal",
	"grace_ms",	"wait",		 "command",
	"env",		"soft_limit",	 "hard_limit",
	"own_network",	"nice",		 "cpus",
	"cwd",		"rootfs",	 "log_driver",
	"log_max_size", "log_max_files", "v2",
};

static const char *const operations[] = {
	"start", "run", "stop", "logs", "wait", "dance", "",
};

/* Room for any request that this program makes. */
#define REQUEST_MAX 4096

#define PICK(array) ((array)[draw(sizeof(array) / sizeof((array)[0]))])

/* break_request() - a request with up to five bytes changed or removed; ends in '\n' */
static size_t break_request(char buf[REQUEST_MAX])
{
	size_t len;

	len = snprintf(buf, REQUEST_MAX, "%s", PICK(seeds));
	for (uint32_t n = draw(6); n && len; n--) {
		size_t at = draw(len);

		switch (draw(3)) {
		case 0:
			buf[at] = draw(256);
			break;
		case 1:
			memmove(buf + at, buf + at + 1, len - at - 1);
			len--;
			break;
		default:
			len -= draw(len) / 2;
		}
	}
	for (size_t i = 0; i < len; i++) {
		if (buf[i] == '\n')
			buf[i] = ' ';
	}
	buf[len++] = '\n';
	return len;
}

/* make_nonsense() - a well-formed message with random fields and values */
static size_t make_nonsense(char buf[REQUEST_MAX])
{
	int len = snprintf(buf, REQUEST_MAX, "{\"v\":1,\"op\":\"%s\"",
			   PICK(operations));

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
		if (draw(2))
			len += snprintf(buf + len, REQUEST_MAX - len,
					",\"%s\":%s", fields[i], PICK(values));
	}
	len += snprintf(buf + len, REQUEST_MAX - len, "}\n");
	if (len >= REQUEST_MAX)
		abort();
	return len;
}

/* await() - read until @lines answers have come, or the end; returns how many came */
static unsigned long await(int fd, unsigned long lines)
{
	char buf[65536];
	unsigned long got = 0;
	ssize_t n;

	while (got < lines && (n = read(fd, buf, sizeof(buf))) > 0) {
		for (ssize_t i = 0; i < n; i++)
			got += buf[i] == '\n';
	}
	return got;
}

/* malformed() - each request has one answer; the last may end its connection */
static void malformed(uint64_t seed, unsigned long n, unsigned long per)
{
	unsigned long answers = 0, sent, connections = 0;
	char buf[4096];

	state = seed * 0x9e3779b97f4a7c15ull + 1;
	while (n) {
		int fd = connect_client();

		connections++;
		for (sent = 0; n && sent < per - 1; sent++, n--) {
			put(fd, buf, make_nonsense(buf));
			if (sent % 64 == 63)
				answers += await(fd, 64);
		}
		answers += await(fd, sent % 64);
		if (n) {
			put(fd, buf, break_request(buf));
			answers += await(fd, 1);
			n--;
		}
		close(fd);
	}
	say("%lu answers, %lu connections\n", answers, connections);
}

int main(int argc, char **argv)
{
	const char *what = argc > 2 ? argv[2] : "";

	if (argc < 4)
		bad_usage(usage);
	if (strlen(argv[1]) >= sizeof(address.sun_path))
		bad_usage(usage);
	memcpy(address.sun_path, argv[1], strlen(argv[1]));
	if (!strcmp(what, "talk") && argc == 4)
		talk(number(usage, "N", argv[3], 1, 1000));
	else if (!strcmp(what, "silent") && argc == 4)
		silent(number(usage, "N", argv[3], 1, 1000000));
	else if (!strcmp(what, "deaf") && argc == 5)
		deaf(argv[3], number(usage, "N", argv[4], 1, 1000000));
	else if (!strcmp(what, "half") && argc == 5)
		half(argv[3], number(usage, "READ", argv[4], 0, 1000000));
	else if (!strcmp(what, "malformed") && argc == 6)
		malformed(number(usage, "SEED", argv[3], 0, 1000000000),
			  number(usage, "N", argv[4], 1, 100000000),
			  number(usage, "PER", argv[5], 1, 100000000));
	else
		bad_usage(usage);
	return 0;
}
