// SPDX-License-Identifier: GPL-2.0
/*
 * flow [OPTION...] rates|fairness
 *
 *   --dir DIR          an existing folder for the logs
 *   --run-dir DIR      an existing folder on a tmpfs for the pipeline and conmon
 *   --runtime FILE     rates: conmon's OCI runtime
 *   --buffer BYTES     the size of the pipeline's buffer
 *   --count N          rates: samples of each cell
 *   --mib N            rates: MiB that are written for each sample
 *   --ticks N          fairness: quiet lines in each case
 *   --ms N             fairness: milliseconds between two quiet lines
 *
 * Prints lines of fields between tabs, see ../logs.awk.
 */
#include <getopt.h>
#include <signal.h>
#include <sys/prctl.h>

#include "flow.h"

static const char usage[] =
	"flow --dir DIR --run-dir DIR --runtime FILE [--buffer BYTES]\n"
	"            [--count N] [--mib N] [--ticks N] [--ms N] rates|fairness";

static const struct option options[] = {
	{ "dir", required_argument, NULL, 'd' },
	{ "run-dir", required_argument, NULL, 'r' },
	{ "runtime", required_argument, NULL, 'o' },
	{ "buffer", required_argument, NULL, 'b' },
	{ "count", required_argument, NULL, 'n' },
	{ "mib", required_argument, NULL, 'm' },
	{ "ticks", required_argument, NULL, 't' },
	{ "ms", required_argument, NULL, 'i' },
	{ NULL, 0, NULL, 0 },
};

static void take_option(struct config *c, int option, const char *value)
{
	if (option == 'd')
		c->dir = value;
	else if (option == 'r')
		c->run_dir = value;
	else if (option == 'o')
		c->runtime = value;
	else if (option == 'b')
		c->buffer = number(usage, "--buffer", value, 65536, 1UL << 32);
	else if (option == 'n')
		c->count = number(usage, "--count", value, 1, 100000);
	else if (option == 'm')
		c->mib = number(usage, "--mib", value, 1, 1 << 20);
	else if (option == 't')
		c->ticks = number(usage, "--ticks", value, 1, 1000000);
	else if (option == 'i')
		c->ms = number(usage, "--ms", value, 1, 60000);
	else
		bad_usage(usage);
}

int main(int argc, char **argv)
{
	struct config c = {
		.count = 20,
		.mib = 128,
		.buffer = 4 * MIB,
		.ticks = 100,
		.ms = 100,
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		take_option(&c, option, optarg);
	if (!c.dir || !c.run_dir || !c.runtime || optind + 1 != argc)
		bad_usage(usage);
	/* conmon forks and its first process exits: reap the one that stays. */
	if (prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		fail("flow: cannot become a subreaper");
	signal(SIGPIPE, SIG_DFL);
	/* conmon reports to this descriptor whether it could create the container. */
	if (setenv("_OCI_SYNCPIPE", "3", 1))
		fail("flow: out of memory");
	if (!strcmp(argv[optind], "rates"))
		flow_rates(&c);
	else if (!strcmp(argv[optind], "fairness"))
		flow_fairness(&c);
	else
		bad_usage(usage);
	return 0;
}
