/* SPDX-License-Identifier: GPL-2.0 */
/* What a command line of purser-oci says. */
#ifndef OCI_OPTIONS_H
#define OCI_OPTIONS_H

#include <stdbool.h>

#include "base/strings.h"

/**
 * struct oci_options - the options and operands of all commands
 * Strings without an owner point into the command line.
 */
struct oci_options {
	/* of every command */
	const char *root; /* the folder of all state folders; NULL: the default */
	const char *log;
	int log_format; /* an enum report_format, of @log */
	bool systemd_cgroup;
	bool has_cgroup_manager;
	int cgroup_manager; /* an enum cgroup_manager */
	bool debug;
	const char *rootless;

	const char *id;

	/* of those that make a process */
	const char *bundle;
	const char *config;
	const char *pid_file;
	const char *console_socket;
	const char *pidfd_socket;
	unsigned int preserve_fds;
	bool no_pivot;
	bool no_new_keyring;
	bool no_subreaper;
	bool keep;
	bool detach;

	/* exec */
	const char *process;
	bool tty;
	const char *cwd;
	const char *user;
	struct string_list env;
	struct string_list caps;
	struct string_list groups;
	bool no_new_privs;
	const char *apparmor;
	const char *process_label;
	bool ignore_paused;
	struct string_list command;

	/* kill, delete */
	const char *signal;
	bool all;
	bool force;

	/* update */
	const char *resources;

	/* output */
	int format; /* an enum oci_format */
	bool quiet;
	bool stats;
	unsigned int interval_ms;
};

/** enum oci_format - how list and ps print */
enum oci_format {
	OCI_FORMAT_TABLE,
	OCI_FORMAT_JSON,
};

#endif /* OCI_OPTIONS_H */
