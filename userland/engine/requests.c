// SPDX-License-Identifier: GPL-2.0
/* One request for each of several containers, see requests.h. */
#include "requests.h"

#include <errno.h>
#include <stdlib.h>

#include "base/cleanup.h"
#include "base/report.h"
#include "base/standard.h"

/* struct pending - one request */
struct pending {
	struct connection connection;
	bool failed; /* it was not sent */
	struct failure failure;
};

static void send_all(const struct requests *requests, const char *run_dir,
		     const struct string_list *ids, struct pending *all)
{
	for (size_t i = 0; i < ids->n; i++) {
		struct pending *p = &all[i];

		p->failed = connection_open(&p->connection, run_dir,
					    &p->failure) ||
			    requests->send(&p->connection, ids->strings[i],
					   requests->options, &p->failure);
	}
}

int requests_send(const struct requests *requests, const char *run_dir,
		  const struct string_list *ids, struct failure *failure)
{
	struct pending *all __cleanup_free = calloc(ids->n, sizeof(*all));
	int status = EXIT_OK;

	if (!all)
		return failed_errno(failure, -ENOMEM, "sending requests");
	send_all(requests, run_dir, ids, all);
	for (size_t i = 0; i < ids->n; i++) {
		struct pending *p = &all[i];

		if (!p->failed)
			p->failed = requests->take(
				&p->connection, ids->strings[i], &p->failure);
		connection_close(&p->connection);
		if (!p->failed)
			continue;
		*failure = p->failure;
		if (ids->n == 1)
			return -1;
		/* Print what stands on stdout before. An error is reported at the end. */
		(void)standard_flush();
		report_failure(&p->failure);
		if (status == EXIT_OK)
			status = p->failure.code;
	}
	return status;
}
