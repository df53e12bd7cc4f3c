// SPDX-License-Identifier: GPL-2.0
/* Serving the metrics, see metrics_server.h. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "http_server.h"
#include "metrics_server.h"
#include "view/handle.h"
#include "view/metrics.h"

/* struct service - @table: NULL: it is opened for the next page */
struct service {
	struct loop loop;
	struct loop_source signals;
	bool ended;
	struct purser *table;
	bool failing; /* the last page could not be made */
};

static int try_page(struct service *s, enum exposition_format format,
		    struct metrics_text *out, struct failure *failure)
{
	int err;

	if (!s->table && table_open(&s->table, failure))
		return -1;
	err = metrics_read(s->table, format, out);
	if (!err)
		return 0;
	table_failed(failure, err, purser_last_error(s->table),
		     "cannot read the metrics");
	/* A handle does not outlive the module: it may have been loaded again. */
	purser_close(s->table);
	s->table = NULL;
	return -1;
}

/* Print an error when it begins and when it is over, not once for each page. */
static void report_change(struct service *s, const struct failure *failure)
{
	if (failure && !s->failing)
		report_failure(failure);
	else if (!failure && s->failing)
		report_info("the metrics can be read again");
	s->failing = failure;
}

static int make_page(bool openmetrics, struct http_page *page,
		     struct failure *failure, void *arg)
{
	const enum exposition_format format = openmetrics ?
						      EXPOSITION_OPENMETRICS :
						      EXPOSITION_PROMETHEUS;
	struct service *s = arg;
	struct metrics_text out;
	bool stale = s->table;
	int err = try_page(s, format, &out, failure);

	/* The module was loaded anew since the last page. */
	if (err && stale)
		err = try_page(s, format, &out, failure);
	report_change(s, err ? failure : NULL);
	if (err)
		return -1;
	*page = (struct http_page){
		.text = out.text,
		.len = out.len,
		.content_type = exposition_content_type(format),
	};
	return 0;
}

static void on_signal(struct loop_source *source)
{
	loop_container(source, struct service, signals)->ended = true;
}

static int add_signals(struct service *s)
{
	sigset_t set;
	int fd, err;

	sigemptyset(&set);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGTERM);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return -errno;
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	if (fd < 0)
		return -errno;
	err = loop_add(&s->loop, &s->signals, fd, EPOLLIN, on_signal);
	if (err)
		close(fd);
	return err;
}

/* Write the address, with the port that the kernel has chosen, to --ready-fd. */
static int tell_ready(int ready_fd, int listener, struct failure *failure)
{
	__cleanup_free char *address = NULL;

	if (ready_fd < 0)
		return 0;
	address = listen_address_of(listener);
	if (!address)
		return failed_errno(failure, -ENOMEM,
				    "cannot print the address");
	if (dprintf(ready_fd, "%s\n", address) < 0)
		return failed_errno(
			failure, -errno,
			"cannot write to the file descriptor %d of --ready-fd",
			ready_fd);
	if (ready_fd > STDERR_FILENO)
		close(ready_fd);
	return 0;
}

static int run(struct service *s, const struct metrics_options *options,
	       int *listener, struct failure *failure)
{
	const struct http_settings settings = {
		.path = METRICS_PATH,
		.max_clients = options->max_clients,
		.limit_ms = options->limit_ms,
		.make = make_page,
		.arg = s,
	};
	struct http_server *server = NULL;
	int err = add_signals(s);

	if (!err && tell_ready(options->ready_fd, *listener, failure))
		return -1;
	if (!err)
		err = http_server_open(&s->loop, take_fd(listener), &settings,
				       &server);
	while (!err && !s->ended)
		err = loop_turn(&s->loop);
	http_server_close(server);
	loop_close_source(&s->loop, &s->signals);
	return failed_if(failure, err, "cannot serve the metrics");
}

int metrics_serve(const struct metrics_options *options,
		  struct failure *failure)
{
	struct service s = { .signals.fd = -1 };
	__cleanup_close int listener = -1;
	int err;

	/* Without the module there is nothing to serve. It may be unloaded later. */
	if (table_open(&s.table, failure))
		return -1;
	listener = listen_address_open(&options->listen, failure);
	if (listener < 0) {
		purser_close(s.table);
		return -1;
	}
	err = loop_open(&s.loop);
	if (err) {
		err = failed_errno(failure, err, "cannot serve the metrics");
	} else {
		err = run(&s, options, &listener, failure);
		loop_close(&s.loop);
	}
	listen_address_remove(&options->listen);
	purser_close(s.table);
	return err;
}
