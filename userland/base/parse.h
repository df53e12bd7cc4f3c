/* SPDX-License-Identifier: LGPL-2.1 */
/* Parsers for what people type. All return 0 or a negative errno. */
#ifndef BASE_PARSE_H
#define BASE_PARSE_H

#include <sched.h>
#include <stddef.h>
#include <stdint.h>

/** parse_u64() - parse decimal digits only, in [min, max]; -EINVAL or -ERANGE */
int parse_u64(const char *s, uint64_t min, uint64_t max, uint64_t *out);
/** parse_int() - parse an optional sign and decimal digits, in [min, max] */
int parse_int(const char *s, int min, int max, int *out);
/** parse_mib() - parse a whole number of MiB, to bytes; -ERANGE: they overflow */
int parse_mib(const char *s, uint64_t *bytes);
/**
 * parse_size() - parse "4096", "64k", "64m", "1.5g" or "2t", to bytes
 * The unit is in any case, and may be written "kB" or "KiB"; it is a power of 1024. A
 * number without a unit is bytes. Up to six decimals are allowed before a unit.
 */
int parse_size(const char *s, uint64_t *bytes);
/** parse_seconds_ms() - parse seconds with up to three decimals, to milliseconds */
int parse_seconds_ms(const char *s, unsigned int *ms);
/** parse_signal() - parse "TERM", "SIGTERM", "15" or "RTMIN+1", in any case */
int parse_signal(const char *s, int *sig);
/** signal_name() - write "SIGTERM", "SIGRTMIN+1" or "signal N" to @buf; returns @buf */
const char *signal_name(int sig, char *buf, size_t len);
/** check_container_name() - returns -EINVAL or -ENAMETOOLONG if a name is not legal */
int check_container_name(const char *s);
/**
 * parse_cpu_list() - parse "0,2-3" or "0-6:2", as taskset does
 * @set: for CPU_FREE(); @size: of the set, in bytes
 * Errors: -EINVAL, -ERANGE (beyond the last CPU that this machine can have), -ENOMEM.
 */
int parse_cpu_list(const char *s, cpu_set_t **set, size_t *size);
/** parse_cpu_list_of() - parse a list for a machine whose last CPU is number @last */
int parse_cpu_list_of(const char *s, unsigned int last, cpu_set_t **set,
		      size_t *size);

/** format_cpu_list() - write "0,2-3", as the kernel takes it; -E2BIG: @text is too small */
int format_cpu_list(const cpu_set_t *set, size_t size, char *text, size_t room);

#endif /* BASE_PARSE_H */
