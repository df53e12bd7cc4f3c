// SPDX-License-Identifier: GPL-2.0
/* Ending and removing a container, see removal.h. */
#include <errno.h>
#include <signal.h>

#include "hooks.h"
#include "removal.h"

int container_kill(struct oci_container *c, struct failure *failure)
{
	const struct purser_ref ref = { .id = c->record.id };
	uint64_t since;
	int err;

	if (!container_is_live(c))
		return 0;
	err = purser_last_event(c->table, &since);
	/* A stop that was asked for before, or another cause, kills all the same. */
	if (!err)
		err = purser_stop(c->table, &ref, SIGKILL, 0);
	if (err == -EALREADY)
		err = 0;
	/* A frozen process dies when it is killed, also in cgroup v2. */
	if (!err)
		err = purser_wait(c->table, ref.id, since, &c->record);
	if (!err || err == -ESRCH || err == -ENOENT)
		return container_look(c, failure);
	return failed(failure, EXIT_FAILED, "killing container \"%s\": %s",
		      c->folder.id, purser_last_error(c->table));
}

/* The configuration may be missing if its container was never made. */
static void run_poststop(const struct oci_container *c)
{
	struct json_object *json;
	struct oci_config config;
	struct failure failure;

	if (oci_config_read(&config, c->folder.fd, FOLDER_CONFIG, &failure))
		return;
	if (config.hooks[HOOK_POSTSTOP].n) {
		json = state_json(&c->state, c->folder.id, OCI_STOPPED, 0);
		hooks_run_all(&config, HOOK_POSTSTOP, json);
		json_object_put(json);
	}
	oci_config_free(&config);
}

int container_remove(struct oci_container *c, struct failure *failure)
{
	if (cgroup_home_remove(&c->cgroup, failure))
		return -1;
	if (c->state.version)
		run_poststop(c);
	return folder_remove(&c->folder, failure);
}
