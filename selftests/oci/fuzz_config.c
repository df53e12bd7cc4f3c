// SPDX-License-Identifier: GPL-2.0
/* The entry of libFuzzer for configurations: "make fuzz-oci" builds and runs it. */
#include "consume.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	for (int kind = CONSUME_CONFIG; kind <= CONSUME_RESOURCES; kind++)
		consume((enum consumed_kind)kind, (const char *)data, size);
	return 0;
}
