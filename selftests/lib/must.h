/* SPDX-License-Identifier: GPL-2.0 */
/* For the things that a test relies on, and that it does not test. */
#ifndef SELFTESTS_MUST_H
#define SELFTESTS_MUST_H

#include "tap.h"

/* must() - the value of the call; ends the test if that is negative */
#define must(call)                                                       \
	({                                                               \
		__typeof__(call) must_ = (call);                         \
		if (must_ < 0)                                           \
			bail("%s:%d: %s: %s", __FILE__, __LINE__, #call, \
			     strerror(errno));                           \
		must_;                                                   \
	})

#endif /* SELFTESTS_MUST_H */
