/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The container table.
 */
#ifndef PURSER_TABLE_H
#define PURSER_TABLE_H

#include "container.h"

/* struct purser_table_stats - see the info command */
struct purser_table_stats {
	u32 live;
	u32 ended;
};

int purser_table_init(void);
void purser_table_free(void);

/* The table's mutex protects publication, retirement and removal. */
void purser_table_lock(void);
void purser_table_unlock(void);

int purser_table_publish(struct purser_container *c);
void purser_table_unpublish(struct purser_container *c);
void purser_table_retire(struct purser_container *c);
void purser_table_remove(struct purser_container *c);
bool purser_table_has(const struct purser_container *c);
struct purser_container *purser_table_oldest_ended(unsigned int keep);

/* Look-ups return the container with a reference for the caller, or NULL. */
struct purser_container *__must_check purser_table_by_id(u64 id);
struct purser_container *__must_check purser_table_by_name(const char *name);
struct purser_container *__must_check purser_table_after(u64 id);
/* Caller holds rcu_read_lock(); the container comes without a reference. */
struct purser_container *purser_table_of_ns(struct pid_namespace *ns);

unsigned int purser_table_generation(void);
void purser_table_stats(struct purser_table_stats *out);

#endif /* PURSER_TABLE_H */
