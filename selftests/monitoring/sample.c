// SPDX-License-Identifier: GPL-2.0
/*
 * sample openmetrics|prometheus
 *
 * Prints metrics of a table that is made up: live and ended containers, with and without
 * limits and labels, for programs that check the text. It needs no module.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "view/metrics.h"

#define SECOND 1000000000ull

static char version[] = "0.1.0", kernel[] = "6.1.0-57-amd64";

static struct purser_container records[] = {
	{ .id = 1,
	  .name = "web",
	  .pid = 100,
	  .state = PURSER_STATE_EXITED,
	  .reason = PURSER_REASON_HARD_LIMIT_KILLED,
	  .exited_at = 9 * SECOND },
	{ .id = 2,
	  .name = "web",
	  .pid = 101,
	  .state = PURSER_STATE_EXITED,
	  .reason = PURSER_REASON_EXITED,
	  .exited_at = 10 * SECOND },
	{ .id = 3,
	  .name = "web",
	  .pid = 102,
	  .state = PURSER_STATE_RUNNING,
	  .soft_limit = 40 << 20,
	  .hard_limit = 64 << 20,
	  .usage = 30 << 20,
	  .cpu_time = SECOND / 3,
	  .soft_crossings = 2 },
	{ .id = 4,
	  .name = "a.b_c+d-e",
	  .pid = 103,
	  .state = PURSER_STATE_STARTING },
};

int main(int argc, char **argv)
{
	static const char cookie[] =
		"{\"oci\":{},\"name\":\"a \\\"b\\\" \\\\ c, {d}\\n\"}";
	struct metrics_source source = {
		.info = { .kernel_version = kernel,
			  .module_version = version,
			  .has_ends = true,
			  .ends = { [PURSER_REASON_EXITED] = 7 } },
		.records = records,
		.n = ARRAY_SIZE(records),
		.boot = 1700000000 * SECOND,
	};
	bool older = argc == 2 && !strcmp(argv[1], "prometheus");
	struct metrics_text out;

	for (size_t i = 0; i < ARRAY_SIZE(records); i += 3) {
		records[i].cookie_len = strlen(cookie);
		memcpy(records[i].cookie, cookie, records[i].cookie_len);
	}
	if (metrics_write(&source,
			  older ? EXPOSITION_PROMETHEUS :
				  EXPOSITION_OPENMETRICS,
			  &out))
		return 1;
	fwrite(out.text, 1, out.len, stdout);
	free(out.text);
	return fflush(stdout) ? 1 : 0;
}
