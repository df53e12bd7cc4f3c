// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "args.h"
#include "base/cleanup.h"
#include "base/parse.h"
#include "base/report.h"

/* The kernel reserves twice as much, and counts it in an int. */
#define MAX_RCVBUF (INT_MAX / 2)

/* No command takes more; one beyond that is told from two. */
#define MAX_OPERANDS 2

/* The values are &enum option_bit, above any character. */
#define BIT(opt) ((opt) << 8)

static const struct option long_options[] = {
	{ "json", no_argument, NULL, BIT(OPT_JSON) },
	{ "state", required_argument, NULL, BIT(OPT_STATE) },
	{ "id", required_argument, NULL, BIT(OPT_ID) },
	{ "pid", required_argument, NULL, BIT(OPT_PID) },
	{ "soft-mib", required_argument, NULL, BIT(OPT_SOFT) },
	{ "hard-mib", required_argument, NULL, BIT(OPT_HARD) },
	{ "signal", required_argument, NULL, BIT(OPT_SIGNAL) },
	{ "time", required_argument, NULL, BIT(OPT_TIME) },
	{ "no-wait", no_argument, NULL, BIT(OPT_NO_WAIT) },
	{ "since", required_argument, NULL, BIT(OPT_SINCE) },
	{ "ready-fd", required_argument, NULL, BIT(OPT_READY_FD) },
	{ "rcvbuf", required_argument, NULL, BIT(OPT_RCVBUF) },
	{ "pidfd", required_argument, NULL, BIT(OPT_PIDFD) },
	{ "help", no_argument, NULL, BIT(OPT_HELP) },
	{ "version", no_argument, NULL, BIT(OPT_VERSION) },
	{ NULL, 0, NULL, 0 },
};

/* struct operands - what is not an option, in order */
struct operands {
	char *text[MAX_OPERANDS + 1]; /* the command, then its own */
	int n;
	char *extra; /* the first one too many */
};

static void add_operand(struct operands *o, char *text)
{
	if (o->n <= MAX_OPERANDS)
		o->text[o->n++] = text;
	else if (!o->extra)
		o->extra = text;
}

static const char *option_name(unsigned int bit)
{
	for (const struct option *o = long_options; o->name; o++)
		if (o->val == (int)BIT(bit))
			return o->name;
	return "?";
}

static const char *wanted_of(unsigned int bit)
{
	switch (bit) {
	case OPT_STATE:
		return "the states are starting, running, stopping, killing "
		       "and exited";
	case OPT_ID:
		return "a container's id is wanted";
	case OPT_PID:
		return "a process's id is wanted";
	case OPT_SOFT:
	case OPT_HARD:
		return "whole MiB are wanted";
	case OPT_SIGNAL:
		return "a signal's name or number is wanted, such as TERM, 15 "
		       "or RTMIN+1";
	case OPT_TIME:
		return "seconds are wanted, such as 10 or 0.5, 86400 at most";
	case OPT_SINCE:
		return "an event's number is wanted";
	case OPT_READY_FD:
	case OPT_PIDFD:
		return "a file descriptor is wanted";
	case OPT_RCVBUF:
		return "bytes are wanted, 1073741823 at most";
	}
	return "";
}

static int parse_state(const char *text, enum purser_state *state)
{
	*state = purser_state_parse(text);
	return *state ? 0 : -EINVAL;
}

/* Of processes, descriptors and the like. */
static int parse_small(const char *text, int min, int max, int *out)
{
	uint64_t n;
	int err = parse_u64(text, min, max, &n);

	if (!err)
		*out = n;
	return err;
}

static int parse_grace(const char *text, unsigned int *ms)
{
	int err = parse_seconds_ms(text, ms);

	return !err && *ms > PURSER_GRACE_MAX_MS ? -ERANGE : err;
}

static int parse_value(struct args *args, unsigned int bit, const char *text)
{
	switch (bit) {
	case OPT_STATE:
		return parse_state(text, &args->state);
	case OPT_ID:
		return parse_u64(text, 1, UINT64_MAX, &args->ref.id);
	case OPT_PID:
		return parse_small(text, 1, INT_MAX, &args->ref.pid);
	case OPT_SOFT:
		return parse_mib(text, &args->soft_limit);
	case OPT_HARD:
		return parse_mib(text, &args->hard_limit);
	case OPT_SIGNAL:
		return parse_signal(text, &args->signal);
	case OPT_TIME:
		return parse_grace(text, &args->grace_ms);
	case OPT_SINCE:
		return parse_u64(text, 0, UINT64_MAX, &args->since);
	case OPT_READY_FD:
		return parse_small(text, 0, INT_MAX, &args->ready_fd);
	case OPT_PIDFD:
		return parse_small(text, 0, INT_MAX, &args->pidfd);
	case OPT_RCVBUF:
		return parse_small(text, 1, MAX_RCVBUF, &args->rcvbuf);
	}
	return 0; /* an option without a value */
}

/* Before anything is opened that could get this number. */
static int check_fd(unsigned int bit, int fd, const char *text)
{
	if (fcntl(fd, F_GETFD) >= 0)
		return 0;
	report(-errno, "--%s: \"%s\" cannot be used", option_name(bit), text);
	return EXIT_USAGE;
}

static int take_value(struct args *args, unsigned int bit, const char *text)
{
	int err = parse_value(args, bit, text);

	if (err) {
		report(0, "--%s: \"%s\" is %s; %s", option_name(bit), text,
		       err == -ERANGE ? "out of range" : "not valid",
		       wanted_of(bit));
		return EXIT_USAGE;
	}
	if (bit == OPT_READY_FD)
		return check_fd(bit, args->ready_fd, text);
	if (bit == OPT_PIDFD)
		return check_fd(bit, args->pidfd, text);
	return 0;
}

/* What getopt_long() would say, in one line of ours. */
static int bad_option(int c, char **argv)
{
	const char *text = argv[optind - 1];
	unsigned int bit = optopt >> 8;

	if (c == ':')
		report(0, "--%s needs a value", option_name(bit));
	else if (bit)
		report(0, "--%s takes no value", option_name(bit));
	else if (optopt)
		report(0, "unknown option \"-%c\"; see purserctl --help",
		       optopt);
	else
		report(0, "unknown option \"%s\"; see purserctl --help", text);
	return EXIT_USAGE;
}

static int parse_options(struct args *args, struct operands *o, int argc,
			 char **argv)
{
	unsigned int bit;
	int c, err;

	opterr = 0;
	/*
	 * The '-' hands out operands where they stand, whatever the
	 * environment says of POSIXLY_CORRECT.
	 */
	while ((c = getopt_long(argc, argv, "-:hV", long_options, NULL)) >= 0) {
		if (c == 1) {
			add_operand(o, optarg);
			continue;
		}
		if (c == ':' || c == '?')
			return bad_option(c, argv);
		bit = c == 'h' ? OPT_HELP : c == 'V' ? OPT_VERSION : c >> 8;
		args->given |= bit;
		err = take_value(args, bit, optarg);
		if (err)
			return err;
	}
	for (; optind < argc; optind++) /* what follows a "--" */
		add_operand(o, argv[optind]);
	return 0;
}

static const struct command *
find_command(const char *name, const struct command *commands, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!strcmp(commands[i].name, name))
			return &commands[i];
	report(0, "unknown command \"%s\"; see purserctl --help", name);
	return NULL;
}

static int check_name(const char *name)
{
	int err = check_container_name(name);

	if (err == -ENAMETOOLONG)
		report(0,
		       "the container name \"%s\" is too long; %d "
		       "characters are allowed",
		       name, PURSER_NAME_MAX);
	else if (err)
		report(0,
		       "\"%s\" is not a container name; letters, digits, "
		       "\"_\", \".\", \"+\" and \"-\" are allowed, a letter or "
		       "digit first",
		       name);
	return err ? EXIT_USAGE : 0;
}

/* The container: a NAME, --id or --pid, and only one of them. */
static int take_ref(struct args *args, const struct operands *o)
{
	int n = (o->n > 1) + !!args->ref.id + !!args->ref.pid;
	bool others = args->command->options & (OPT_ID | OPT_PID);

	if (n != 1) {
		report(0,
		       others ? "%s: one NAME, --id or --pid is needed" :
				"%s: a NAME is needed",
		       args->command->name);
		return EXIT_USAGE;
	}
	if (o->n < 2)
		return 0;
	args->ref.name = o->text[1];
	return check_name(o->text[1]);
}

/* The process: a PID behind the NAME, or --pidfd. */
static int take_process(struct args *args, const struct operands *o)
{
	bool has_pid = o->n > 2, has_pidfd = args->given & OPT_PIDFD;

	if (has_pid == has_pidfd) {
		report(0, "%s: a NAME and %s are needed", args->command->name,
		       has_pid ? "either a PID or --pidfd" :
				 "a PID or --pidfd");
		return EXIT_USAGE;
	}
	if (has_pid && parse_small(o->text[2], 1, INT_MAX, &args->pid)) {
		report(0, "\"%s\" is not a process id", o->text[2]);
		return EXIT_USAGE;
	}
	return 0;
}

static int take_operands(struct args *args, const struct operands *o)
{
	const struct command *c = args->command;
	int most = 1 + c->takes_ref + c->takes_pid, err;

	if (o->n > most || o->extra) {
		report(0, "%s: \"%s\" is one argument too many", c->name,
		       o->n > most ? o->text[most] : o->extra);
		return EXIT_USAGE;
	}
	err = c->takes_ref ? take_ref(args, o) : 0;
	return err || !c->takes_pid ? err : take_process(args, o);
}

static int check_limits(const struct args *args)
{
	if (args->soft_limit && args->hard_limit &&
	    args->soft_limit > args->hard_limit) {
		report(0,
		       "the soft limit (%llu MiB) is above the hard limit "
		       "(%llu MiB)",
		       (unsigned long long)args->soft_limit >> 20,
		       (unsigned long long)args->hard_limit >> 20);
		return EXIT_USAGE;
	}
	return 0;
}

static int check_options(const struct args *args)
{
	unsigned int wrong = args->given & ~(args->command->options | OPT_HELP);

	if (!wrong)
		return 0;
	report(0, "%s does not take --%s", args->command->name,
	       option_name(wrong & -wrong));
	return EXIT_USAGE;
}

int args_parse(struct args *args, int argc, char **argv,
	       const struct command *commands, size_t n_commands)
{
	struct operands o = { 0 };
	int err;

	*args = (struct args){
		.grace_ms = PURSER_GRACE_DEFAULT,
		.ready_fd = -1,
		.pidfd = -1,
	};
	err = parse_options(args, &o, argc, argv);
	if (err)
		return err;
	if (!o.n && (args->given & (OPT_HELP | OPT_VERSION)))
		return 0;
	if (!o.n) {
		report(0, "a command is needed; see purserctl --help");
		return EXIT_USAGE;
	}
	args->command = find_command(o.text[0], commands, n_commands);
	if (!args->command)
		return EXIT_USAGE;
	err = check_options(args);
	if (err || (args->given & OPT_HELP))
		return err;
	err = take_operands(args, &o);
	return err ? err : check_limits(args);
}
