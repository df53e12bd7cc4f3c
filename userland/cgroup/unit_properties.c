// SPDX-License-Identifier: GPL-2.0
/* From files of a cgroup to properties of a unit, see unit_properties.h. */
#include <string.h>

#include "base/array.h"
#include "base/parse.h"
#include "unit_properties.h"

#define USEC_PER_SEC	  1000000ull
#define DEFAULT_PERIOD_US 100000

/* systemd stores a share of a CPU in whole percent, and rounds down. */
#define PERCENT_US (USEC_PER_SEC / 100)

/* Files with one number, or "max". */
static const struct {
	const char *file;
	const char *property;
} numbers[] = {
	{ "memory.max", "MemoryMax" },		{ "memory.high", "MemoryHigh" },
	{ "memory.low", "MemoryLow" },		{ "memory.min", "MemoryMin" },
	{ "memory.swap.max", "MemorySwapMax" }, { "pids.max", "TasksMax" },
	{ "cpu.weight", "CPUWeight" },		{ "io.weight", "IOWeight" },
};

/* Files with a list, as "0-3,7". */
static const struct {
	const char *file;
	const char *property;
} masks[] = {
	{ "cpuset.cpus", "AllowedCPUs" },
	{ "cpuset.mems", "AllowedMemoryNodes" },
};

static int from_number(const char *property, const char *text,
		       struct unit_property *to)
{
	to->name = property;
	to->mask_len = 0;
	to->number = UINT64_MAX;
	return !strcmp(text, "max") ||
	       !parse_u64(text, 0, UINT64_MAX - 1, &to->number);
}

static int from_list(const char *property, const char *text,
		     struct unit_property *to)
{
	cpu_set_t *set;
	size_t size;

	if (parse_cpu_list_of(text, 8 * UNIT_MASK_BYTES - 1, &set, &size))
		return 0;
	to->name = property;
	to->mask_len = 1;
	memset(to->mask, 0, sizeof(to->mask));
	for (size_t i = 0; i < 8 * UNIT_MASK_BYTES; i++) {
		if (!CPU_ISSET_S(i, size, set))
			continue;
		to->mask[i / 8] |= 1u << i % 8;
		to->mask_len = i / 8 + 1;
	}
	CPU_FREE(set);
	return 1;
}

/* "QUOTA PERIOD", "QUOTA", or "max" for the quota; microseconds. */
static int from_cpu_max(const char *text, struct unit_property *to)
{
	const char *space = strchrnul(text, ' ');
	uint64_t quota, period = DEFAULT_PERIOD_US, share = UINT64_MAX;
	char word[24];

	if (*space && parse_u64(space + 1, 1, USEC_PER_SEC, &period))
		return 0;
	if ((size_t)(space - text) >= sizeof(word))
		return 0;
	*(char *)mempcpy(word, text, space - text) = '\0';
	if (strcmp(word, "max")) {
		if (parse_u64(word, 1, UINT64_MAX / USEC_PER_SEC, &quota))
			return 0;
		share = quota * USEC_PER_SEC / period;
		share += (PERCENT_US - share % PERCENT_US) % PERCENT_US;
	}
	to[0] = (struct unit_property){ .name = "CPUQuotaPerSecUSec",
					.number = share };
	to[1] = (struct unit_property){ .name = "CPUQuotaPeriodUSec",
					.number = period };
	return 2;
}

int unit_properties(const char *file, const char *text,
		    struct unit_property properties[UNIT_PROPERTIES_MAX])
{
	if (!strcmp(file, "cpu.max"))
		return from_cpu_max(text, properties);
	for (size_t i = 0; i < ARRAY_SIZE(numbers); i++) {
		if (!strcmp(file, numbers[i].file))
			return from_number(numbers[i].property, text,
					   properties);
	}
	for (size_t i = 0; i < ARRAY_SIZE(masks); i++) {
		if (!strcmp(file, masks[i].file))
			return from_list(masks[i].property, text, properties);
	}
	return 0;
}
