/* SPDX-License-Identifier: LGPL-2.1 */
/* Parsers of what people type. All return 0 or a negative errno. */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>

/** parse_u64() - decimal digits only, in [min, max]; -EINVAL or -ERANGE */
int parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out);
/** parse_int() - an optional sign and decimal digits, in [min, max] */
int parse_int(const char *s, int min, int max, int *out);
/** parse_mib() - MiB as a whole number, to bytes; -ERANGE where they overflow */
int parse_mib(const char *s, uint64_t *bytes);
/** parse_seconds_ms() - seconds, with up to three decimals, to milliseconds */
int parse_seconds_ms(const char *s, unsigned int *ms);
/** parse_signal() - "TERM", "SIGTERM", "15", "RTMIN+1"; any case */
int parse_signal(const char *s, int *sig);
/** signal_name() - "SIGTERM", "SIGRTMIN+1", or "signal N"; @buf holds it */
const char *signal_name(int sig, char *buf, size_t len);
/** check_container_name() - -EINVAL or -ENAMETOOLONG where it is not legal */
int check_container_name(const char *s);
/**
 * parse_cpu_list() - "0,2-3" as in taskset; *set is for CPU_FREE()
 * Errors: -EINVAL, -ERANGE (beyond any CPU that this system could have).
 */
int parse_cpu_list(const char *s, cpu_set_t **set, size_t *size);

/** format_cpu_list() - as the kernel takes it: "0,2-3"; -E2BIG: no room in @text */
int format_cpu_list(const cpu_set_t *set, size_t size, char *text, size_t room);

#endif /* BASE_PARSE_H */
