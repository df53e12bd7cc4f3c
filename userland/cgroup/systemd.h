/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Scopes and other units of systemd, over D-Bus. A scope is a unit for processes that
 * systemd has not started; its cgroup is delegated to us.
 *
 * Functions return 0, or -1 with @failure filled. They wait until systemd has done what it
 * was asked to, 30 s at most. They are not for several threads at once.
 */
#ifndef CGROUP_SYSTEMD_H
#define CGROUP_SYSTEMD_H

#include <sys/types.h>

#include "home_name.h"
#include "resources.h"

/** systemd_is_user() - tell whether scopes are those of the user's systemd */
bool systemd_is_user(void);

/**
 * systemd_scope_start() - start a scope and move the process @pid to it
 * @id: of the container, for the description of the scope
 * @resources: become properties of the scope
 */
int systemd_scope_start(const struct cgroup_unit *unit, const char *id,
			pid_t pid, const struct cgroup_resources *resources,
			struct failure *failure);

/**
 * systemd_scope_update() - change the properties that @resources has
 * @cgroup: the open folder of the scope
 */
int systemd_scope_update(const char *scope, int cgroup,
			 const struct cgroup_resources *resources,
			 struct failure *failure);

/** struct systemd_unit - what systemd says of a unit that has processes */
struct systemd_unit {
	pid_t main_pid; /* 0: systemd knows none */
	char *cgroup; /* below the mount of cgroups, "" if it has none; for free() */
};

/**
 * systemd_unit_find() - ask for a service or a scope
 * @name: ".service" is added unless it ends with that or with ".scope"
 */
int systemd_unit_find(const char *name, struct systemd_unit *unit,
		      struct failure *failure);

/** systemd_scope_stop() - stop a scope; it is no error if there is none of that name */
int systemd_scope_stop(const char *scope, struct failure *failure);

#endif /* CGROUP_SYSTEMD_H */
