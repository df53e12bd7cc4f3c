/* SPDX-License-Identifier: GPL-2.0 */
/*
 * A container's log file as a name in the log directory. An earlier log of the
 * same id is put aside while a new container starts; it becomes <id>.log.1 when
 * that has started, and is put back when it has not.
 */
#ifndef ENGINE_LOGFILE_H
#define ENGINE_LOGFILE_H

#include <stdbool.h>

/** logfile_claim() - make @path free; @had_old: there was an earlier log */
int logfile_claim(const char *path, bool *had_old);
/** logfile_commit() - the new log stays; the old one replaces the one before */
int logfile_commit(const char *path, bool had_old);
/** logfile_undo() - remove the new log, put the old one back */
int logfile_undo(const char *path, bool had_old);

#endif /* ENGINE_LOGFILE_H */
