// SPDX-License-Identifier: GPL-2.0
/* purserctl: look at the kernel's container table and change it. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "args.h"
#include "commands.h"
#include "output.h"
#include "base/report.h"

#define REF (OPT_ID | OPT_PID)

static const struct command commands[] = {
	{
		.name = "list",
		.synopsis = "[--state STATE] [--json]",
		.about = "all records, live and ended",
		.options = OPT_STATE | OPT_JSON,
		.run = cmd_list,
	},
	{
		.name = "show",
		.synopsis = "NAME|--id ID|--pid PID [--json]",
		.about = "one record, all of it",
		.options = REF | OPT_JSON,
		.takes_ref = true,
		.run = cmd_show,
	},
	{
		.name = "register",
		.synopsis = "NAME PID|--pidfd FD [--soft-mib N] [--hard-mib N] "
			    "[--json]",
		.about = "enter a running process as a container",
		.options = OPT_PIDFD | OPT_SOFT | OPT_HARD | OPT_JSON,
		.takes_ref = true,
		.takes_pid = true,
		.run = cmd_register,
	},
	{
		.name = "unregister",
		.synopsis = "NAME|--id ID|--pid PID",
		.about = "stop monitoring a container, or forget an ended one",
		.options = REF,
		.takes_ref = true,
		.run = cmd_unregister,
	},
	{
		.name = "set",
		.synopsis = "NAME|--id ID|--pid PID [--soft-mib N] "
			    "[--hard-mib N]",
		.about = "give a live container new limits; 0 is none",
		.options = REF | OPT_SOFT | OPT_HARD,
		.takes_ref = true,
		.run = cmd_set,
	},
	{
		.name = "stop",
		.synopsis = "NAME|--id ID|--pid PID [--signal SIGNAL] "
			    "[--time SECONDS] [--no-wait] [--json]",
		.about = "end a container and wait until it has ended",
		.options = REF | OPT_SIGNAL | OPT_TIME | OPT_NO_WAIT | OPT_JSON,
		.takes_ref = true,
		.run = cmd_stop,
	},
	{
		.name = "info",
		.synopsis = "[--json]",
		.about = "the module's counters and versions",
		.options = OPT_JSON,
		.run = cmd_info,
	},
	{
		.name = "monitor",
		.synopsis = "[--since N] [--ready-fd FD] [--rcvbuf BYTES] "
			    "[--json]",
		.about = "print events as they happen",
		.options = OPT_SINCE | OPT_READY_FD | OPT_RCVBUF | OPT_JSON,
		.run = cmd_monitor,
	},
	{
		.name = "events",
		.synopsis = "[--since N] [--json]",
		.about = "print the events that the kernel still holds",
		.options = OPT_SINCE | OPT_JSON,
		.run = cmd_events,
	},
};

#define N_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_command(const struct command *c)
{
	printf("  purserctl %s %s\n        %s\n", c->name, c->synopsis,
	       c->about);
}

static int help(const struct command *one)
{
	printf("Usage:\n");
	if (one) {
		print_command(one);
		return output_finish(0);
	}
	for (size_t i = 0; i < N_COMMANDS; i++)
		print_command(&commands[i]);
	printf("  purserctl --help | COMMAND --help | --version\n"
	       "\n"
	       "Exit status: 0 done, 1 refused or failed, 2 usage, 4 the module "
	       "is not loaded,\n"
	       "5 no permission, 6 events are gone. purserctl(8) tells more.\n");
	return output_finish(0);
}

/*
 * A descriptor that is closed at the start would be given to a socket, and
 * output meant for people would go there. Reading and writing the other way
 * round makes their use fail, as it should.
 */
static int hold_standard_fds(void)
{
	for (int fd = 0; fd <= 2; fd++)
		if (fcntl(fd, F_GETFD) < 0 &&
		    open("/dev/null", fd ? O_RDONLY : O_WRONLY) != fd)
			return -errno;
	return 0;
}

int main(int argc, char **argv)
{
	struct args args;
	int err;

	report_program("purserctl");
	err = hold_standard_fds();
	if (err) {
		report(err, "cannot open /dev/null");
		return EXIT_FAILED;
	}
	/* A reader that goes away shows as EPIPE, see output_finish(). */
	signal(SIGPIPE, SIG_IGN);
	err = args_parse(&args, argc, argv, commands, N_COMMANDS);
	if (err)
		return err;
	if (args.given & OPT_HELP)
		return help(args.command);
	if (!args.command) {
		printf("purserctl %s\n", PURSER_VERSION);
		return output_finish(0);
	}
	return args.command->run(&args);
}
