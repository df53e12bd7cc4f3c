/* SPDX-License-Identifier: GPL-2.0 */
/* Seccomp profiles and what they are compiled to. */
#ifndef SELFTESTS_OCI_PROFILE_H
#define SELFTESTS_OCI_PROFILE_H

#include "cases.h"
#include "seccomp/profile.h"
#include "tap.h"

/** struct compiled - a profile and what it was compiled to */
struct compiled {
	struct json_object *json;
	struct seccomp_program program;
	struct failure failure;
	int result;
};

static inline struct compiled compile(const char *text)
{
	struct compiled c = { .json = json_tokener_parse(text) };

	if (!c.json)
		bail("not JSON: %s", text);
	c.result = seccomp_compile(&c.program, c.json, &c.failure);
	return c;
}

static inline void compiled_free(struct compiled *c)
{
	seccomp_program_free(&c->program);
	json_object_put(c->json);
}

#define __cleanup_compiled __attribute__((cleanup(compiled_free)))

/* A condition of a rule. */
#define ARG(index, op, value)                                               \
	"{\"index\":" #index ",\"value\":" #value ",\"op\":\"SCMP_CMP_" #op \
	"\"}"

#define NOTIFYING(rest)                                      \
	"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"flags\":"   \
	"[\"SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV\"]," rest \
	"\"syscalls\":[{\"names\":[\"mkdir\"],"              \
	"\"action\":\"SCMP_ACT_NOTIFY\"}]}"

#endif /* SELFTESTS_OCI_PROFILE_H */
