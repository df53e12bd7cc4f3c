// SPDX-License-Identifier: GPL-2.0
/* "purserctl metrics": the table as metrics, on stdout, in a file, or served over HTTP. */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "commands.h"
#include "metrics_file.h"
#include "metrics_server.h"
#include "view/handle.h"
#include "view/metrics.h"

/* The node exporter reads only the older format. */
static enum exposition_format format_of(const struct ctl_options *o)
{
	if (o->metrics.has_format)
		return o->metrics.format;
	return o->metrics.textfile ? EXPOSITION_PROMETHEUS :
				     EXPOSITION_OPENMETRICS;
}

static int read_once(const struct ctl_options *o, struct metrics_text *out,
		     struct failure *failure)
{
	__cleanup_table struct purser *p = NULL;
	int err;

	if (table_open(&p, failure))
		return -1;
	err = metrics_read(p, format_of(o), out);
	return err ? table_failed(failure, err, purser_last_error(p),
				  "cannot read the metrics") :
		     0;
}

int cmd_metrics(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct metrics_text text;
	int err = 0;

	if (o->metrics.listen.len)
		return metrics_serve(&o->metrics, failure);
	if (read_once(o, &text, failure))
		return -1;
	if (o->metrics.textfile)
		err = metrics_file_replace(o->metrics.textfile, text.text,
					   text.len, failure);
	else
		fwrite(text.text, 1, text.len, stdout);
	free(text.text);
	return err;
}
