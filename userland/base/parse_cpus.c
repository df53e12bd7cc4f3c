// SPDX-License-Identifier: LGPL-2.1
/* Lists of CPUs, see parse.h. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "file.h"
#include "parse.h"

/* Take a number off the front of @s. */
static int take_number(const char **s, unsigned int *out)
{
	unsigned int v = 0;

	if (**s < '0' || **s > '9')
		return -EINVAL;
	for (; **s >= '0' && **s <= '9'; (*s)++)
		if (__builtin_mul_overflow(v, 10, &v) ||
		    __builtin_add_overflow(v, **s - '0', &v))
			return -ERANGE;
	*out = v;
	return 0;
}

/* Take "N", "N-M" or "N-M:STEP" off the front of @s. */
static int take_range(const char **s, unsigned int *from, unsigned int *to,
		      unsigned int *step)
{
	int err = take_number(s, from);

	*to = *from;
	*step = 1;
	if (err || **s != '-')
		return err;
	(*s)++;
	err = take_number(s, to);
	if (err)
		return err;
	if (**s == ':') {
		(*s)++;
		err = take_number(s, step);
		if (err)
			return err;
	}
	return *to < *from || !*step ? -EINVAL : 0;
}

/* Set the CPUs of the list @s; an error if anything in it is wrong. */
static int fill(const char *s, unsigned int last, cpu_set_t *set, size_t size)
{
	unsigned int from, to, step;
	int err;

	for (;;) {
		err = take_range(&s, &from, &to, &step);
		if (err)
			return err;
		if (to > last)
			return -ERANGE;
		for (unsigned int cpu = from; cpu <= to; cpu += step) {
			CPU_SET_S(cpu, size, set);
			if (step > to - cpu) /* cpu + step could wrap */
				break;
		}
		if (!*s)
			return 0;
		if (*s++ != ',')
			return -EINVAL;
	}
}

int parse_cpu_list_of(const char *s, unsigned int last, cpu_set_t **set,
		      size_t *size)
{
	size_t bytes = CPU_ALLOC_SIZE(last + 1);
	cpu_set_t *cpus;
	int err;

	if (!s)
		return -EINVAL;
	cpus = CPU_ALLOC(last + 1);
	if (!cpus)
		return -ENOMEM;
	CPU_ZERO_S(bytes, cpus);
	err = fill(s, last, cpus, bytes);
	if (err) {
		CPU_FREE(cpus);
		return err;
	}
	*set = cpus;
	*size = bytes;
	return 0;
}

/*
 * The number of the last CPU that this machine can have: the kernel's list of possible
 * CPUs, such as "0-7", ends in it. A container or chroot may have no /sys.
 */
static unsigned int last_possible_cpu(void)
{
	const int last_supported = 65535; /* Linux supports far fewer */
	char list[4096];
	int last;
	char *p;
	long n;

	if (file_read(AT_FDCWD, "/sys/devices/system/cpu/possible", list,
		      sizeof(list)) > 0) {
		p = strrchr(list, '-');
		if (!p)
			p = strrchr(list, ',');
		if (!parse_int(p ? p + 1 : list, 0, last_supported, &last))
			return last;
	}
	n = sysconf(_SC_NPROCESSORS_CONF);
	return n > 0 ? n - 1 : CPU_SETSIZE - 1;
}

int parse_cpu_list(const char *s, cpu_set_t **set, size_t *size)
{
	return parse_cpu_list_of(s, last_possible_cpu(), set, size);
}

int format_cpu_list(const cpu_set_t *set, size_t size, char *text, size_t room)
{
	const unsigned int n = size * 8;
	size_t at = 0;

	*text = '\0';
	for (unsigned int from = 0; from < n; from++) {
		unsigned int to = from;

		if (!CPU_ISSET_S(from, size, set))
			continue;
		while (to + 1 < n && CPU_ISSET_S(to + 1, size, set))
			to++;
		at += snprintf(text + at, room - at,
			       to > from ? "%s%u-%u" : "%s%u", at ? "," : "",
			       from, to);
		if (at >= room)
			return -E2BIG;
		from = to;
	}
	return 0;
}
