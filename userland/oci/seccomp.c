// SPDX-License-Identifier: GPL-2.0
/*
 * Compiling a seccomp profile with libseccomp.
 *
 * Where the runtime-spec leaves room, this does what crun and runc do: a rule whose
 * action is the default one is skipped; conditions on different arguments must all hold,
 * but if two conditions are on one argument, each condition is a rule of its own; and if
 * no flags are given, SECCOMP_FILTER_FLAG_SPEC_ALLOW is set. See enosys.h for what only
 * runc does.
 */
#include <ctype.h>
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "base/object.h"
#include "base/quote.h"
#include "enosys.h"
#include "launch/filter.h"
#include "seccomp.h"

/* Older headers lack it. */
#ifndef SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV
#define SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV (1UL << 5)
#endif

/*
 * The kernel takes 4096 instructions, and podman's profile of 450 rules has 1144. The time
 * that libseccomp takes grows with the square of the number: this many take a second.
 */
#define RULES_MAX 4096
#define ARGS_MAX  64

/** struct compiler - a profile that is being compiled */
struct compiler {
	scmp_filter_ctx rules;
	struct enosys enosys;
	uint32_t default_action;
	size_t n_rules;
	bool notifies; /* a rule has SCMP_ACT_NOTIFY */
	struct failure *failure;
};

/** struct place - an object of the profile, and how messages call it */
struct place {
	struct json_object *json;
	char name[128];
};

/* "@place.@key" and what is wrong with it. */
#define wrong(c, place, key, fmt, ...)                                \
	failed((c)->failure, EXIT_FAILED, "%s.%s" fmt, (place)->name, \
	       key __VA_OPT__(, ) __VA_ARGS__)

/* Reading fields; what is missing keeps its value, unless it is needed. */

static int get_string(struct compiler *c, const struct place *p,
		      const char *key, bool needed, const char **s)
{
	int r = object_get_string(p->json, key, s);

	if (r == -ENOENT)
		return needed ? wrong(c, p, key, " is missing") : 0;
	return r ? wrong(c, p, key, " is not a string") : 0;
}

static int get_number(struct compiler *c, const struct place *p,
		      const char *key, bool needed, uint64_t max, uint64_t *n)
{
	int r = object_get_u64(p->json, key, n);

	if (r == -ENOENT)
		return needed ? wrong(c, p, key, " is missing") : 0;
	if (r || *n > max)
		return wrong(c, p, key, " is not a number from 0 to %ju",
			     (uintmax_t)max);
	return 0;
}

/* Returns the number of elements, 0 also if there is no such field. */
static int get_array(struct compiler *c, const struct place *p, const char *key,
		     struct json_object **array)
{
	if (!json_object_object_get_ex(p->json, key, array) || !*array)
		return 0;
	if (!json_object_is_type(*array, json_type_array))
		return wrong(c, p, key, " is not an array");
	if (json_object_array_length(*array) > RULES_MAX)
		return wrong(c, p, key, " has more than %d elements",
			     RULES_MAX);
	return (int)json_object_array_length(*array);
}

/* Element @i of an array of objects. */
static int get_object(struct compiler *c, const struct place *p,
		      const char *key, struct json_object *array, int i,
		      struct place *element)
{
	element->json = json_object_array_get_idx(array, (size_t)i);
	snprintf(element->name, sizeof(element->name), "%.64s.%.16s[%d]",
		 p->name, key, i);
	if (json_object_is_type(element->json, json_type_object))
		return 0;
	return failed(c->failure, EXIT_FAILED, "%s is not an object",
		      element->name);
}

/* Element @i of an array of strings. */
static int get_name(struct compiler *c, const struct place *p, const char *key,
		    struct json_object *array, int i, const char **name)
{
	struct json_object *v = json_object_array_get_idx(array, (size_t)i);

	*name = NULL;
	if (json_object_is_type(v, json_type_string))
		*name = json_plain_string(v);
	if (*name && **name)
		return 0;
	return wrong(c, p, key, "[%d] is not a name", i);
}

/* Actions, operators, flags, architectures */

/* @errno_max: what errnoRet can be; 0: the action returns no errno */
static const struct {
	const char *name;
	uint32_t action;
	uint32_t errno_max;
} actions[] = {
	{ "SCMP_ACT_KILL", SCMP_ACT_KILL_THREAD, 0 },
	{ "SCMP_ACT_KILL_THREAD", SCMP_ACT_KILL_THREAD, 0 },
	{ "SCMP_ACT_KILL_PROCESS", SCMP_ACT_KILL_PROCESS, 0 },
	{ "SCMP_ACT_TRAP", SCMP_ACT_TRAP, 0 },
	{ "SCMP_ACT_ERRNO", SCMP_ACT_ERRNO(0), 4094 },
	{ "SCMP_ACT_TRACE", SCMP_ACT_TRACE(0), 65535 },
	{ "SCMP_ACT_ALLOW", SCMP_ACT_ALLOW, 0 },
	{ "SCMP_ACT_LOG", SCMP_ACT_LOG, 0 },
	{ "SCMP_ACT_NOTIFY", SCMP_ACT_NOTIFY, 0 },
};

/* Without @errno_key the errno is EPERM, as in crun and runc. */
static int get_action(struct compiler *c, const struct place *p,
		      const char *key, const char *errno_key, uint32_t *action)
{
	uint64_t number = EPERM;
	const char *name = NULL;
	size_t i;

	if (get_string(c, p, key, true, &name))
		return -1;
	for (i = 0; i < ARRAY_SIZE(actions); i++)
		if (!strcmp(actions[i].name, name))
			break;
	if (i == ARRAY_SIZE(actions))
		return wrong(c, p, key, ": there is no action \"%s\"",
			     QUOTE(name));
	*action = actions[i].action;
	if (!actions[i].errno_max)
		return json_object_object_get(p->json, errno_key) ?
			       wrong(c, p, errno_key, ": %s returns no errno",
				     name) :
			       0;
	if (get_number(c, p, errno_key, false, actions[i].errno_max, &number))
		return -1;
	*action |= (uint32_t)number;
	return 0;
}

static int get_operator(struct compiler *c, const struct place *p,
			enum scmp_compare *op)
{
	static const struct {
		const char *name;
		enum scmp_compare op;
	} operators[] = {
		{ "SCMP_CMP_NE", SCMP_CMP_NE },
		{ "SCMP_CMP_LT", SCMP_CMP_LT },
		{ "SCMP_CMP_LE", SCMP_CMP_LE },
		{ "SCMP_CMP_EQ", SCMP_CMP_EQ },
		{ "SCMP_CMP_GE", SCMP_CMP_GE },
		{ "SCMP_CMP_GT", SCMP_CMP_GT },
		{ "SCMP_CMP_MASKED_EQ", SCMP_CMP_MASKED_EQ },
	};
	const char *name = NULL;
	size_t i;

	if (get_string(c, p, "op", true, &name))
		return -1;
	for (i = 0; i < ARRAY_SIZE(operators); i++) {
		if (strcmp(operators[i].name, name))
			continue;
		*op = operators[i].op;
		return 0;
	}
	return wrong(c, p, "op", ": there is no operator \"%s\"", QUOTE(name));
}

/*
 * SECCOMP_FILTER_FLAG_TSYNC does nothing: the process has one thread when it installs
 * the filter.
 */
static int get_flags(struct compiler *c, const struct place *profile,
		     unsigned int *flags)
{
	static const struct {
		const char *name;
		unsigned int flag;
	} known[] = {
		{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
		{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
		{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW",
		  SECCOMP_FILTER_FLAG_SPEC_ALLOW },
		{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV",
		  SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
	};
	struct json_object *array = NULL;
	int i, n = get_array(c, profile, "flags", &array);
	const char *name;
	size_t k;

	*flags = array ? 0 : SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (i = 0; i < n; i++) {
		if (get_name(c, profile, "flags", array, i, &name))
			return -1;
		for (k = 0; k < ARRAY_SIZE(known); k++)
			if (!strcmp(known[k].name, name))
				break;
		if (k == ARRAY_SIZE(known))
			return wrong(c, profile, "flags",
				     "[%d]: there is no flag \"%s\"", i,
				     QUOTE(name));
		*flags |= known[k].flag;
	}
	return n < 0 ? -1 : 0;
}

#define ARCH_PREFIX "SCMP_ARCH_"

/* 0: libseccomp does not know it */
static uint32_t find_architecture(const char *name)
{
	char lower[32];
	size_t i;

	if (strncmp(name, ARCH_PREFIX, strlen(ARCH_PREFIX)))
		return 0;
	name += strlen(ARCH_PREFIX);
	if (strlen(name) >= sizeof(lower))
		return 0;
	for (i = 0; name[i]; i++)
		lower[i] = (char)tolower((unsigned char)name[i]);
	lower[i] = '\0';
	return seccomp_arch_resolve_name(lower);
}

static int add_architectures(struct compiler *c, const struct place *profile)
{
	struct json_object *array = NULL;
	int i, r, n = get_array(c, profile, "architectures", &array);
	const char *name;
	uint32_t arch;

	for (i = 0; i < n; i++) {
		if (get_name(c, profile, "architectures", array, i, &name))
			return -1;
		arch = find_architecture(name);
		if (!arch)
			return wrong(c, profile, "architectures",
				     "[%d]: libseccomp does not know \"%s\"", i,
				     QUOTE(name));
		enosys_add_architecture(&c->enosys, arch);
		r = seccomp_arch_add(c->rules, arch);
		if (r && r != -EEXIST)
			return wrong(
				c, profile, "architectures",
				"[%d]: \"%s\" cannot be in one filter with %s",
				i, QUOTE(name),
				r == -EDOM ?
					"an architecture of another byte order" :
					"the others");
	}
	return n < 0 ? -1 : 0;
}

/* Rules */

/** struct conditions - on the arguments of a call */
struct conditions {
	struct scmp_arg_cmp list[ARGS_MAX];
	unsigned int n;
	bool repeated; /* two are on one argument */
};

static int get_condition(struct compiler *c, const struct place *p,
			 struct scmp_arg_cmp *condition)
{
	uint64_t index = 0, value = 0, second = 0;

	if (get_number(c, p, "index", true, 5, &index) ||
	    get_number(c, p, "value", true, UINT64_MAX, &value) ||
	    get_number(c, p, "valueTwo", false, UINT64_MAX, &second))
		return -1;
	condition->arg = (unsigned int)index;
	condition->datum_a = value;
	condition->datum_b = second;
	return get_operator(c, p, &condition->op);
}

static int get_conditions(struct compiler *c, const struct place *call,
			  struct conditions *all)
{
	struct json_object *array = NULL;
	int i, n = get_array(c, call, "args", &array);
	unsigned int seen = 0;
	struct place p;

	if (n > ARGS_MAX)
		return wrong(c, call, "args", " has more than %d elements",
			     ARGS_MAX);
	all->n = 0;
	all->repeated = false;
	for (i = 0; i < n; i++) {
		struct scmp_arg_cmp *one = &all->list[all->n++];

		if (get_object(c, call, "args", array, i, &p) ||
		    get_condition(c, &p, one))
			return -1;
		all->repeated |= seen >> one->arg & 1;
		seen |= 1u << one->arg;
	}
	return n < 0 ? -1 : 0;
}

/* Returns 0 or a negative errno. */
static int add_rules(struct compiler *c, uint32_t action, int nr,
		     const struct conditions *all)
{
	const unsigned int n = all->repeated ? 1 : all->n;
	unsigned int i = 0;
	int r;

	do {
		if (++c->n_rules > RULES_MAX)
			return -E2BIG;
		r = seccomp_rule_add_array(c->rules, action, nr, n,
					   &all->list[i]);
	} while (!r && all->repeated && ++i < all->n);
	return r;
}

static int add_call(struct compiler *c, const struct place *call)
{
	struct json_object *names = NULL;
	struct conditions conditions;
	uint32_t action = 0;
	const char *name;
	int i, n, nr, r;

	n = get_array(c, call, "names", &names);
	if (n < 0 || get_action(c, call, "action", "errnoRet", &action) ||
	    get_conditions(c, call, &conditions))
		return -1;
	if (!n)
		return wrong(c, call, "names", " is missing or empty");
	for (i = 0; i < n; i++) {
		if (get_name(c, call, "names", names, i, &name))
			return -1;
		enosys_add_name(&c->enosys, name);
		nr = seccomp_syscall_resolve_name(name);
		if (nr == __NR_SCMP_ERROR || action == c->default_action)
			continue;
		c->notifies |= action == SCMP_ACT_NOTIFY;
		r = add_rules(c, action, nr, &conditions);
		if (r == -E2BIG)
			return wrong(c, call, "names",
				     "[%d]: there are more than %d rules", i,
				     RULES_MAX);
		if (r)
			return wrong(c, call, "names",
				     "[%d]: cannot add the rule for \"%s\": %s",
				     i, QUOTE(name), strerror(-r));
	}
	return 0;
}

static int add_calls(struct compiler *c, const struct place *profile)
{
	struct json_object *array = NULL;
	int i, n = get_array(c, profile, "syscalls", &array);
	struct place p;

	for (i = 0; i < n; i++)
		if (get_object(c, profile, "syscalls", array, i, &p) ||
		    add_call(c, &p))
			return -1;
	return n < 0 ? -1 : 0;
}

/* The profile as a whole */

static int get_listener(struct compiler *c, const struct place *profile,
			struct seccomp_program *program)
{
	const char *path = NULL, *metadata = NULL;

	if (get_string(c, profile, "listenerPath", false, &path) ||
	    get_string(c, profile, "listenerMetadata", false, &metadata))
		return -1;
	if (path && path[0] != '/')
		return wrong(c, profile, "listenerPath",
			     " is not an absolute path");
	if (metadata && !path)
		return wrong(c, profile, "listenerMetadata",
			     " is given without listenerPath");
	if (!c->notifies) {
		/* The kernel refuses it without a listener. */
		program->flags &= ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		return 0;
	}
	if (!path)
		return wrong(c, profile, "listenerPath",
			     " is missing, and SCMP_ACT_NOTIFY needs it");
	program->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	program->listener_path = path;
	program->listener_metadata = metadata;
	return 0;
}

static bool is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

static int compile(struct compiler *c, const struct place *profile,
		   struct seccomp_program *program)
{
	int r;

	c->rules = seccomp_init(c->default_action);
	if (!c->rules)
		return wrong(c, profile, "defaultAction",
			     ": libseccomp cannot make a filter with it");
	enosys_add_architecture(&c->enosys, seccomp_arch_native());
	if (get_flags(c, profile, &program->flags) ||
	    add_architectures(c, profile) || add_calls(c, profile) ||
	    get_listener(c, profile, program))
		return -1;
	r = filter_export(c->rules, &program->filter);
	if (!r && is_errno(c->default_action))
		r = enosys_prepend(&c->enosys, &program->filter);
	if (r == -E2BIG)
		return failed(
			c->failure, EXIT_FAILED,
			"linux.seccomp: the filter has more than %d instructions, which the kernel does not take",
			BPF_MAXINSNS);
	if (r)
		return failed(c->failure, EXIT_FAILED,
			      "linux.seccomp: cannot make the filter: %s",
			      strerror(-r));
	return 0;
}

int seccomp_compile(struct seccomp_program *program, struct json_object *json,
		    struct failure *failure)
{
	const struct place profile = { .json = json, .name = "linux.seccomp" };
	struct compiler c = { .failure = failure };
	int r;

	*program = (struct seccomp_program){ 0 };
	if (!json_object_is_type(json, json_type_object))
		return failed(failure, EXIT_FAILED,
			      "linux.seccomp is not an object");
	if (get_action(&c, &profile, "defaultAction", "defaultErrnoRet",
		       &c.default_action))
		return -1;
	/* The process could not even execute its command without an agent. */
	if (c.default_action == SCMP_ACT_NOTIFY)
		return wrong(&c, &profile, "defaultAction",
			     ": SCMP_ACT_NOTIFY cannot be the default");
	r = compile(&c, &profile, program);
	if (c.rules)
		seccomp_release(c.rules);
	if (r)
		seccomp_program_free(program);
	return r;
}

void seccomp_program_free(struct seccomp_program *program)
{
	free(program->filter.filter);
	*program = (struct seccomp_program){ 0 };
}
