// SPDX-License-Identifier: GPL-2.0
/*
 * monitor [--fd N] register|unregister PID ID [SOFT HARD]
 * monitor [--fd N] fault register|unregister ADDRESS
 * monitor [--fd N] raw NUMBER
 *
 * Makes one ioctl request of /dev/container_monitor, or of the open file N, and
 * prints "OK" or the name of the errno. An ID of 32 characters is passed without
 * a NUL. "fault" passes ADDRESS, which must not be mapped, as the request's
 * argument. "raw" makes request NUMBER with a well-formed argument.
 *
 * Built twice: as monitor, as any other program, and as monitor32, for 32 bits
 * and without a C library. Therefore this file uses no C library.
 */
#include <asm/errno.h>
#include <linux/container_monitor.h>

#include "bare.h"

static void print(const char *text)
{
	long len = 0;

	while (text[len])
		len++;
	bare_call(__NR_write, 1, (long)text, len);
}

static int usage(void)
{
	print("usage: monitor [--fd N] COMMAND ARGUMENT...\n");
	return 2;
}

static const char *errno_name(long err)
{
	static const struct {
		int err;
		const char *name;
	} names[] = {
		{ 0, "OK" },	      { EACCES, "EACCES" },
		{ EEXIST, "EEXIST" }, { EFAULT, "EFAULT" },
		{ EINVAL, "EINVAL" }, { ENODEV, "ENODEV" },
		{ ENOENT, "ENOENT" }, { ENOMEM, "ENOMEM" },
		{ ENOTTY, "ENOTTY" }, { EPERM, "EPERM" },
		{ ESRCH, "ESRCH" },
	};
	unsigned int i;

	for (i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].err == err)
			return names[i].name;
	return "another error";
}

static int same(const char *a, const char *b)
{
	while (*a && *a == *b)
		a++, b++;
	return *a == *b;
}

/* parse() - a decimal number, which may be negative; overflow wraps round */
static unsigned long parse(const char *text)
{
	unsigned long n = 0;
	const char *digit = text;

	for (digit += *text == '-'; *digit >= '0' && *digit <= '9'; digit++)
		n = n * 10 + *digit - '0';
	return *text == '-' ? -n : n;
}

static unsigned long command_of(const char *name)
{
	if (same(name, "register"))
		return MONITOR_REGISTER;
	return same(name, "unregister") ? MONITOR_UNREGISTER : 0;
}

static int request(long fd, unsigned long command, long argument)
{
	long result = bare_call(__NR_ioctl, fd, command, argument);

	print(errno_name(-result));
	print("\n");
	return result < 0;
}

int main(int argc, char **argv)
{
	struct monitor_request r = { .pid = 0 };
	unsigned int i;
	long fd;

	if (argc > 2 && same(argv[1], "--fd")) {
		fd = parse(argv[2]);
		argc -= 2;
		argv += 2;
	} else {
		fd = bare_call(__NR_open, (long)"/dev/container_monitor",
			       O_RDWR, 0);
	}
	if (fd < 0) {
		print("open: ");
		print(errno_name(-fd));
		print("\n");
		return 1;
	}
	if (argc == 3 && same(argv[1], "raw"))
		return request(fd, parse(argv[2]), (long)&r);
	if (argc == 4 && same(argv[1], "fault") && command_of(argv[2]))
		return request(fd, command_of(argv[2]), parse(argv[3]));
	if ((argc != 4 && argc != 6) || !command_of(argv[1]))
		return usage();
	r.pid = parse(argv[2]);
	for (i = 0; i < sizeof(r.container_id) && argv[3][i]; i++)
		r.container_id[i] = argv[3][i];
	if (argc == 6) {
		r.soft_limit_bytes = parse(argv[4]);
		r.hard_limit_bytes = parse(argv[5]);
	}
	return request(fd, command_of(argv[1]), (long)&r);
}
