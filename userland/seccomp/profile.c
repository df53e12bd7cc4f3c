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
#include <errno.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/quote.h"
#include "enosys.h"
#include "launch/filter.h"
#include "document/reader.h"
#include "profile.h"
#include "names.h"

/*
 * The kernel takes 4096 instructions, and podman's profile of 450 rules has 1144. The time
 * that libseccomp takes grows with the square of the number: this many take a second.
 */
#define RULES_MAX 4096
#define ARGS_MAX  64

/* How libseccomp orders the comparisons of numbers, see seccomp_attr_set(3). */
#define LIST 1
#define TREE 2

/** struct compiler - a profile that is being compiled */
struct compiler {
	struct reader *reader;
	scmp_filter_ctx rules;
	struct enosys enosys;
	uint32_t default_action;
	size_t n_rules;
	bool notifies; /* a rule has SCMP_ACT_NOTIFY */
};

/* Actions, operators, flags, architectures */

static bool is_errno(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO;
}

static bool is_trace(uint32_t action)
{
	return (action & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_TRACE;
}

/* Without @errno_key the errno is EPERM, as in crun and runc. */
static uint32_t read_action(struct reader *r, const struct node *object,
			    const char *key, const char *errno_key)
{
	const char *name = reader_needed_string(r, object, key);
	uint32_t action = (uint32_t)reader_named(r, object, key, name,
						 seccomp_actions);
	int64_t number = EPERM;

	/* libseccomp takes no larger ones. */
	if (is_errno(action))
		reader_number(r, object, errno_key, 0, 4094, &number);
	else if (is_trace(action))
		reader_number(r, object, errno_key, 0, 65535, &number);
	else if (reader_number(r, object, errno_key, 0, INT64_MAX, &number))
		reader_error(r, object, errno_key, "%s returns no errno", name);
	else
		number = 0;
	return action | (uint32_t)number;
}

static enum scmp_compare read_operator(struct reader *r,
				       const struct node *condition)
{
	return (enum scmp_compare)reader_named(
		r, condition, "op", reader_needed_string(r, condition, "op"),
		seccomp_operators);
}

static unsigned int read_flags(struct reader *r, const struct node *profile)
{
	unsigned int flags = 0;
	struct node array, item;
	size_t i;

	if (!reader_array(r, profile, "flags", ITEMS_MAX, &array))
		return SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (i = 0; i < reader_length(r, &array); i++) {
		item = reader_item(&array, i);
		flags |= (unsigned int)reader_named(
			r, &item, NULL, reader_item_string(r, &array, i),
			seccomp_flags);
	}
	return flags;
}

static void add_architecture(struct compiler *c, const struct node *array,
			     size_t i)
{
	const char *name = reader_item_string(c->reader, array, i);
	const struct node item = reader_item(array, i);
	uint32_t arch = name ? seccomp_architecture(name) : 0;
	int err;

	if (!arch) {
		reader_error(c->reader, &item, NULL,
			     "libseccomp does not know \"%s\"",
			     name ? QUOTE(name) : "");
		return;
	}
	enosys_add_architecture(&c->enosys, arch);
	err = seccomp_arch_add(c->rules, arch);
	if (err && err != -EEXIST)
		reader_error(c->reader, &item, NULL,
			     "%s cannot be in one filter with the %s", name,
			     err == -EDOM ?
				     "machine's: its byte order differs" :
				     "others");
}

static void add_architectures(struct compiler *c, const struct node *profile)
{
	struct node array;
	size_t i;

	enosys_add_architecture(&c->enosys, seccomp_arch_native());
	if (!reader_array(c->reader, profile, "architectures", ITEMS_MAX,
			  &array))
		return;
	for (i = 0; i < reader_length(c->reader, &array); i++)
		add_architecture(c, &array, i);
}

/* Rules */

/** struct conditions - conditions on the arguments of a call */
struct conditions {
	struct scmp_arg_cmp list[ARGS_MAX];
	unsigned int n;
	bool repeated; /* two are on one argument */
};

static void read_conditions(struct reader *r, const struct node *call,
			    struct conditions *all)
{
	unsigned int seen = 0;
	struct node array, item;
	size_t i;

	all->n = 0;
	all->repeated = false;
	if (!reader_array(r, call, "args", ARGS_MAX, &array))
		return;
	for (i = 0; i < reader_length(r, &array); i++) {
		struct scmp_arg_cmp *one = &all->list[all->n++];

		*one = (struct scmp_arg_cmp){ 0 };
		item = reader_item_object(r, &array, i);
		if (r->failed)
			return;
		one->arg = (unsigned int)reader_needed_number(r, &item, "index",
							      0, 5);
		one->datum_a = reader_needed_u64(r, &item, "value");
		reader_u64(r, &item, "valueTwo", &one->datum_b);
		one->op = read_operator(r, &item);
		all->repeated |= seen >> one->arg & 1;
		seen |= 1u << one->arg;
	}
}

static void add_rules(struct compiler *c, uint32_t action,
		      const struct node *item, const char *name,
		      const struct conditions *all)
{
	const int nr = seccomp_syscall_resolve_name(name);
	const unsigned int n = all->repeated ? 1 : all->n;
	unsigned int i = 0;
	int err;

	enosys_add_name(&c->enosys, name);
	if (nr == __NR_SCMP_ERROR || action == c->default_action)
		return;
	c->notifies |= action == SCMP_ACT_NOTIFY;
	do {
		if (++c->n_rules > RULES_MAX) {
			reader_error(c->reader, item, NULL,
				     "there are more than %d rules", RULES_MAX);
			return;
		}
		err = seccomp_rule_add_array(c->rules, action, nr, n,
					     &all->list[i]);
	} while (!err && all->repeated && ++i < all->n);
	if (err)
		reader_error(c->reader, item, NULL,
			     "cannot add a rule for \"%s\": %s", QUOTE(name),
			     strerror(-err));
}

static void add_call(struct compiler *c, const struct node *call)
{
	struct reader *r = c->reader;
	uint32_t action = read_action(r, call, "action", "errnoRet");
	struct conditions conditions;
	struct node names, item;
	const char *name;
	size_t i;

	read_conditions(r, call, &conditions);
	if (!reader_array(r, call, "names", ITEMS_MAX, &names))
		reader_missing(r, call, "names");
	else if (!reader_length(r, &names))
		reader_error(r, call, "names", "it is empty");
	for (i = 0; i < reader_length(r, &names); i++) {
		item = reader_item(&names, i);
		name = reader_item_string(r, &names, i);
		if (name && !*name)
			reader_error(r, &item, NULL, "it is empty");
		else if (name)
			add_rules(c, action, &item, name, &conditions);
	}
}

static void add_calls(struct compiler *c, const struct node *profile)
{
	struct node array, call;
	size_t i;

	if (!reader_array(c->reader, profile, "syscalls", ITEMS_MAX, &array))
		return;
	for (i = 0; i < reader_length(c->reader, &array); i++) {
		call = reader_item_object(c->reader, &array, i);
		if (!c->reader->failed)
			add_call(c, &call);
	}
}

/* The profile as a whole */

static void read_listener(struct compiler *c, const struct node *profile,
			  struct seccomp_program *program)
{
	const char *path = reader_string(c->reader, profile, "listenerPath");
	const char *metadata = reader_string(c->reader, profile,
					     "listenerMetadata");

	if (path && path[0] != '/')
		reader_error(c->reader, profile, "listenerPath",
			     "\"%s\" is not an absolute path", QUOTE(path));
	if (metadata && !path)
		reader_error(c->reader, profile, "listenerMetadata",
			     "it needs listenerPath");
	if (!c->notifies) {
		/* The kernel refuses this flag without a listener. */
		program->flags &= ~SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
		return;
	}
	if (!path)
		reader_error(c->reader, profile, "listenerPath",
			     "it is missing, and SCMP_ACT_NOTIFY needs it");
	program->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	program->listener_path = path;
	program->listener_metadata = metadata;
}

static int export(struct compiler *c, uint32_t order, struct sock_fprog *filter)
{
	int err = seccomp_attr_set(c->rules, SCMP_FLTATR_CTL_OPTIMIZE, order);

	if (!err)
		err = filter_export(c->rules, filter);
	if (!err && is_errno(c->default_action))
		err = enosys_prepend(&c->enosys, filter);
	if (!err)
		return 0;
	free(filter->filter);
	*filter = (struct sock_fprog){ 0 };
	return err;
}

/*
 * When a filter is installed, the kernel runs it for each system call, to find those that
 * it always allows. A list of comparisons runs ten times as many instructions there as a
 * tree, but it is shorter.
 */
static void make_program(struct compiler *c, const struct node *profile,
			 struct seccomp_program *program)
{
	int err = export(c, TREE, &program->filter);

	if (err == -E2BIG)
		err = export(c, LIST, &program->filter);
	if (err == -E2BIG)
		reader_error(
			c->reader, profile, NULL,
			"the filter has more than %d instructions, which the kernel does not take",
			BPF_MAXINSNS);
	else if (err)
		reader_error(c->reader, profile, NULL,
			     "cannot make the filter: %s", strerror(-err));
}

static void compile(struct compiler *c, const struct node *profile,
		    struct seccomp_program *program)
{
	struct reader *r = c->reader;

	c->default_action = read_action(r, profile, "defaultAction",
					"defaultErrnoRet");
	/* Without an agent, the process could not even execute its command. */
	if (!r->failed && c->default_action == SCMP_ACT_NOTIFY)
		reader_error(r, profile, "defaultAction",
			     "SCMP_ACT_NOTIFY cannot be the default");
	if (r->failed)
		return;
	c->rules = seccomp_init(c->default_action);
	if (!c->rules) {
		reader_error(r, profile, "defaultAction",
			     "libseccomp cannot make a filter with it");
		return;
	}
	program->flags = read_flags(r, profile);
	add_architectures(c, profile);
	add_calls(c, profile);
	read_listener(c, profile, program);
	if (!r->failed)
		make_program(c, profile, program);
	seccomp_release(c->rules);
}

int seccomp_compile(struct seccomp_program *program, struct json_object *json,
		    struct failure *failure)
{
	const struct node config = { 0 };
	const struct node linux_node = { .in = &config, .key = "linux" };
	const struct node profile = {
		.json = json,
		.in = &linux_node,
		.key = "seccomp",
	};
	struct reader reader = { .failure = failure };
	struct compiler c = { .reader = &reader };

	*program = (struct seccomp_program){ 0 };
	if (!json_object_is_type(json, json_type_object))
		reader_error(&reader, &profile, NULL, "an object is needed");
	else
		compile(&c, &profile, program);
	if (reader.failed)
		seccomp_program_free(program);
	return reader.failed ? -1 : 0;
}

void seccomp_program_free(struct seccomp_program *program)
{
	free(program->filter.filter);
	*program = (struct seccomp_program){ 0 };
}
