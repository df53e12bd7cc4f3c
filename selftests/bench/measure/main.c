// SPDX-License-Identifier: GPL-2.0
/*
 * measure [OPTION...] limits|rates
 *
 *   --module FILE      purser.ko; it must not be loaded
 *   --count N          samples of each cell
 *   --room-mib N       limits: MiB that a workload may take below its limit
 *   --most-mib N       limits: MiB above its limit at which a workload stops
 *   --ms N             rates: milliseconds for which one rate is measured
 *   --containers N     rates: the number of containers in the state "N containers"
 *
 * Needs root, tracefs, cgroup v2 and huge pages; prints lines of fields between
 * tabs, see ../report.awk.
 */
#include <getopt.h>
#include <unistd.h>

#include "measure.h"

static const char usage[] =
	"measure --module FILE [--count N] [--room-mib N] [--most-mib N]\n"
	"               [--ms N] [--containers N] limits|rates";

static const struct option options[] = {
	{ "module", required_argument, NULL, 'f' },
	{ "count", required_argument, NULL, 'n' },
	{ "room-mib", required_argument, NULL, 'r' },
	{ "most-mib", required_argument, NULL, 'm' },
	{ "ms", required_argument, NULL, 't' },
	{ "containers", required_argument, NULL, 'c' },
	{ NULL, 0, NULL, 0 },
};

static void take_option(struct config *c, int option, const char *value)
{
	if (option == 'f')
		c->module = value;
	else if (option == 'n')
		c->count = number(usage, "--count", value, 1, 100000);
	else if (option == 'r')
		c->room = number(usage, "--room-mib", value, 2, 256) & ~1UL;
	else if (option == 'm')
		c->most = number(usage, "--most-mib", value, 2, 768) & ~1UL;
	else if (option == 't')
		c->ms = number(usage, "--ms", value, 1, 3600000);
	else if (option == 'c')
		c->containers = number(usage, "--containers", value, 1, 20000);
	else
		bad_usage(usage);
}

int main(int argc, char **argv)
{
	struct config c = {
		.count = 20,
		.room = 16,
		.most = 512,
		.ms = 1000,
		.containers = 1000,
	};
	int option;

	while ((option = getopt_long(argc, argv, "", options, NULL)) >= 0)
		take_option(&c, option, optarg);
	if (!c.module || optind + 1 != argc)
		bad_usage(usage);
	if (!access("/sys/module/purser", F_OK)) {
		fprintf(stderr, "measure: the module is loaded already\n");
		return 1;
	}
	c.room *= MIB;
	c.most *= MIB;
	srandom(getpid());
	if (!strcmp(argv[optind], "limits"))
		measure_limits(&c);
	else if (!strcmp(argv[optind], "rates"))
		measure_rates(&c);
	else
		bad_usage(usage);
	return 0;
}
