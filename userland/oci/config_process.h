/* SPDX-License-Identifier: GPL-2.0 */
/* The process of a configuration: config.json's "process", or all of a process.json. */
#ifndef OCI_CONFIG_PROCESS_H
#define OCI_CONFIG_PROCESS_H

#include "launch/spec.h"
#include "document/reader.h"

/** struct process_notes - what a configuration says that struct process_spec has not */
struct process_notes {
	bool has_capabilities; /* if not, exec takes those of the container */
	bool has_env;	       /* and at least one variable; likewise */
	const cpu_set_t *exec_cpus; /* execCPUAffinity.final: for exec alone */
	size_t exec_cpus_size;
};

/** read_process() - read a process; @process: the object */
void read_process(struct reader *r, const struct node *process,
		  struct process_spec *spec, struct process_notes *notes);

#endif /* OCI_CONFIG_PROCESS_H */
