// SPDX-License-Identifier: LGPL-2.1
#include <inttypes.h>
#include <stdio.h>

#include "base/clock.h"
#include "base/escape.h"
#include "base/parse.h"
#include "display.h"

const char *display_mib(uint64_t bytes, char buf[DISPLAY_LEN])
{
	uint64_t tenths = ((bytes & 0xfffff) * 10) >> 20;

	snprintf(buf, DISPLAY_LEN, "%" PRIu64 ".%" PRIu64 "MiB", bytes >> 20,
		 tenths);
	return buf;
}

const char *display_limit(uint64_t bytes, char buf[DISPLAY_LEN])
{
	if (bytes)
		return display_mib(bytes, buf);
	snprintf(buf, DISPLAY_LEN, "-");
	return buf;
}

const char *display_seconds(uint64_t ns, char buf[DISPLAY_LEN])
{
	uint64_t s = ns / NSEC_PER_SEC, us = ns % NSEC_PER_SEC / 1000;

	snprintf(buf, DISPLAY_LEN, "%" PRIu64 ".%06" PRIu64, s, us);
	return buf;
}

const char *display_duration(uint64_t ns, char buf[DISPLAY_LEN])
{
	uint64_t s = ns / NSEC_PER_SEC;

	if (s < 60)
		snprintf(buf, DISPLAY_LEN, "%" PRIu64 "s", s);
	else if (s < 3600)
		snprintf(buf, DISPLAY_LEN, "%" PRIu64 "m%02" PRIu64 "s", s / 60,
			 s % 60);
	else if (s < 86400)
		snprintf(buf, DISPLAY_LEN, "%" PRIu64 "h%02" PRIu64 "m",
			 s / 3600, s % 3600 / 60);
	else
		snprintf(buf, DISPLAY_LEN, "%" PRIu64 "d%02" PRIu64 "h",
			 s / 86400, s % 86400 / 3600);
	return buf;
}

const char *display_age(uint64_t then, char buf[DISPLAY_LEN])
{
	uint64_t now = clock_ns(CLOCK_BOOTTIME);

	return display_duration(now > then ? now - then : 0, buf);
}

const char *display_reason(const struct purser_container *c,
			   char buf[DISPLAY_LEN])
{
	const char *reason = purser_reason_name(c->reason);
	char sig[DISPLAY_LEN];

	if (c->reason == PURSER_REASON_NONE)
		snprintf(buf, DISPLAY_LEN, "-");
	else if (c->forced)
		snprintf(buf, DISPLAY_LEN, "%s/forced%s", reason,
			 c->no_handler ? "/no_handler" : "");
	else if (c->reason == PURSER_REASON_HARD_LIMIT_KILLED ||
		 c->reason == PURSER_REASON_OOM_KILLED)
		snprintf(buf, DISPLAY_LEN, "%s", reason);
	else if (c->signal)
		snprintf(buf, DISPLAY_LEN, "%s(%s)", reason,
			 signal_name(c->signal, sig, 24));
	else if (c->exit_code >= 0)
		snprintf(buf, DISPLAY_LEN, "%s(%d)", reason, c->exit_code);
	else
		snprintf(buf, DISPLAY_LEN, "%s", reason);
	return buf;
}

const char *display_killer(const struct purser_killer *k,
			   char buf[DISPLAY_KILLER_LEN])
{
	char comm[ESCAPED_LEN(PURSER_COMM_MAX)];

	if (k->pid)
		snprintf(buf, DISPLAY_KILLER_LEN, "%d (%s), uid %" PRIu32,
			 k->pid, escape_into(comm, k->comm), k->uid);
	else
		snprintf(buf, DISPLAY_KILLER_LEN, "the kernel");
	return buf;
}
