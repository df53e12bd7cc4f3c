// SPDX-License-Identifier: GPL-2.0
/* Loads and unloads the module, and calls its table through libpurser. */
#include <fcntl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "measure.h"

#define PATIENCE_MS 60000

static struct purser *table;

void module_load(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0 || syscall(SYS_finit_module, fd, "", 0))
		fail("measure: cannot load %s", path);
	close(fd);
	if (purser_open(&table))
		fail("measure: %s", purser_last_error(NULL));
}

void module_unload(void)
{
	if (table)
		purser_close(table);
	table = NULL;
	for (int i = 0; i < PATIENCE_MS; i++) {
		if (!syscall(SYS_delete_module, "purser", O_NONBLOCK) ||
		    errno == ENOENT)
			return;
		if (errno != EWOULDBLOCK && errno != EBUSY)
			break;
		sleep_for(1);
	}
	fail("measure: the module does not unload");
}

bool module_parameter(const char *name, unsigned long value)
{
	char path[96], text[32];

	snprintf(path, sizeof(path), "/sys/module/purser/parameters/%s", name);
	snprintf(text, sizeof(text), "%lu", value);
	return file_write(AT_FDCWD, path, text);
}

bool module_register(const char *name, pid_t pid, uint64_t hard_limit)
{
	struct purser_registration reg = {
		.name = name,
		.pid = pid,
		.hard_limit = hard_limit,
	};
	uint64_t id;
	int err = purser_register(table, &reg, &id);

	if (err && err != -ESRCH) {
		fprintf(stderr, "measure: cannot register %s: %s\n", name,
			purser_last_error(table));
		exit(1);
	}
	return !err;
}

void module_unregister(const char *name)
{
	struct purser_ref ref = { .name = name };

	if (purser_unregister(table, &ref)) {
		fprintf(stderr, "measure: cannot unregister %s: %s\n", name,
			purser_last_error(table));
		exit(1);
	}
}

void module_record(const char *name, struct purser_container *out)
{
	struct purser_ref ref = { .name = name };

	if (purser_get(table, &ref, out)) {
		fprintf(stderr, "measure: cannot read the record of %s: %s\n",
			name, purser_last_error(table));
		exit(1);
	}
}
