/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Space on the disk that a log takes before it needs it. If a container fills the disk,
 * it is refused while each log still has room of its own, which no neighbour can take.
 * It lies behind the end of the file, where nobody sees it who reads the file.
 */
#ifndef LOG_RESERVE_H
#define LOG_RESERVE_H

#include "sink.h"

/**
 * log_reserve_ahead() - fill the reserve up, where half of it is used
 * Where there is no space the log goes on with what it has. It is tried again a
 * second later at the earliest: a file system may look for space a long time.
 */
void log_reserve_ahead(struct log_sink *k);

/** log_reserve_end() - nothing more will be written: give back what is left */
void log_reserve_end(struct log_sink *k);

#endif /* LOG_RESERVE_H */
