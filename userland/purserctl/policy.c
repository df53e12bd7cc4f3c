// SPDX-License-Identifier: GPL-2.0
/* "purserctl policy": what the running kernel's family accepts. */
#include <errno.h>
#include <inttypes.h>
#include <linux/genetlink.h>
#include <linux/netlink.h>
#include <stdio.h>

#include "base/array.h"
#include "base/object.h"
#include "commands.h"
#include "libpurser/policy.h"
#include "view/handle.h"
#include "view/json.h"
#include "view/table.h"

static const struct column columns[] = {
	{ "COMMAND", COLUMN_TEXT }, { "REQUEST", COLUMN_TEXT },
	{ "NEEDS", COLUMN_TEXT },   { "ATTRIBUTE", COLUMN_TEXT },
	{ "TYPE", COLUMN_TEXT },    { "VALUES", COLUMN_TEXT },
};

#define TEXT_LEN 80

/** struct request - one policy of a command */
struct request {
	const struct policies *policies;
	const struct policy_command *command;
	int64_t policy; /* -1: no attribute is refused for its value */
	enum policy_use use;
};

/* Returns 0 or what @arg has to end with. */
typedef int (*request_fn)(const struct request *request, void *arg);

static const char *use_name(enum policy_use use)
{
	return use == POLICY_BOTH ? "do, dump" :
	       use == POLICY_DO	  ? "do" :
				    "dump";
}

/* The name, or the number if the kernel is newer than this program. */
static const char *name_or_number(const char *name, uint32_t number,
				  char buf[TEXT_LEN])
{
	if (name)
		return name;
	snprintf(buf, TEXT_LEN, "number %" PRIu32, number);
	return buf;
}

static const char *command_name(const struct request *r, char buf[TEXT_LEN])
{
	const uint32_t n = r->command->number;

	return name_or_number(policy_command_name(n), n, buf);
}

static const char *attr_name(const struct request *r,
			     const struct policy_attr *a, char buf[TEXT_LEN])
{
	return name_or_number(policy_attr_name(r->command->number, a->number),
			      a->number, buf);
}

static bool needs_admin(const struct request *r)
{
	return r->command->flags & GENL_ADMIN_PERM;
}

/* Does the type alone say as much? */
static bool is_whole_range(const struct policy_attr *a)
{
	switch (a->type) {
	case NL_ATTR_TYPE_U8:
		return a->min == 0 && a->max == UINT8_MAX;
	case NL_ATTR_TYPE_U16:
		return a->min == 0 && a->max == UINT16_MAX;
	case NL_ATTR_TYPE_U32:
		return a->min == 0 && a->max == UINT32_MAX;
	default:
		return a->min == 0 && a->max == UINT64_MAX;
	}
}

static const char *values(const struct policy_attr *a, char buf[TEXT_LEN])
{
	buf[0] = '\0';
	if (a->has_max_len)
		snprintf(buf, TEXT_LEN, "at most %" PRIu32 " bytes",
			 a->max_len);
	else if (a->has_min && a->has_max && !is_whole_range(a))
		snprintf(buf, TEXT_LEN, "%" PRIu64 " to %" PRIu64, a->min,
			 a->max);
	return buf;
}

/* Call @fn for each request that a command takes. */
static int each_request(const struct policies *p, request_fn fn, void *arg)
{
	int err = 0;

	for (size_t i = 0; !err && i < p->n_commands; i++) {
		const struct policy_command *c = &p->commands[i];
		const int use = (c->flags & GENL_CMD_CAP_DO ? POLICY_DO : 0) |
				(c->flags & GENL_CMD_CAP_DUMP ? POLICY_DUMP :
								0);
		struct request r = { p, c, c->on_do, use };

		if (use == POLICY_BOTH && c->on_do != c->on_dump) {
			r.use = POLICY_DO;
			err = fn(&r, arg);
			r.use = POLICY_DUMP;
		}
		if (r.use == POLICY_DUMP)
			r.policy = c->on_dump;
		if (!err && use)
			err = fn(&r, arg);
	}
	return err;
}

static int add_row(struct table *t, const struct request *r,
		   const struct policy_attr *a)
{
	char command[TEXT_LEN], name[TEXT_LEN], type[TEXT_LEN], range[TEXT_LEN];

	if (table_add(t, command_name(r, command)) ||
	    table_add(t, use_name(r->use)) ||
	    table_add(t, needs_admin(r) ? "CAP_NET_ADMIN" : "-") ||
	    table_add(t, a ? attr_name(r, a, name) : "-") ||
	    table_add(t, a ? name_or_number(policy_type_name(a->type), a->type,
					    type) :
			     "-") ||
	    table_add(t, a ? values(a, range) : ""))
		return -ENOMEM;
	return 0;
}

/* An attribute that is never accepted is there because a policy cannot be empty. */
static bool is_accepted(const struct request *r, const struct policy_attr *a)
{
	return a->policy == r->policy && a->type != NL_ATTR_TYPE_INVALID;
}

static int add_rows(const struct request *r, void *arg)
{
	const struct policies *p = r->policies;
	bool any = false;
	int err = 0;

	for (size_t i = 0; !err && i < p->n_attrs; i++) {
		if (!is_accepted(r, &p->attrs[i]))
			continue;
		err = add_row(arg, r, &p->attrs[i]);
		any = true;
	}
	return err || any ? err : add_row(arg, r, NULL);
}

static int print_table(const struct policies *p)
{
	struct table t = {
		.columns = columns,
		.n_columns = ARRAY_SIZE(columns),
	};
	int err = each_request(p, add_rows, &t);

	if (!err)
		err = table_print(&t);
	table_free(&t);
	return err;
}

static struct json_object *attr_json(const struct request *r,
				     const struct policy_attr *a)
{
	struct object o = object_new();
	char buf[TEXT_LEN];

	object_add_string(&o, "name", attr_name(r, a, buf));
	object_add_u64(&o, "number", a->number);
	object_add_string(&o, "type",
			  name_or_number(policy_type_name(a->type), a->type,
					 buf));
	if (a->has_min)
		object_add_u64(&o, "min", a->min);
	if (a->has_max)
		object_add_u64(&o, "max", a->max);
	if (a->has_max_len)
		object_add_u64(&o, "max_len", a->max_len);
	return object_done(&o);
}

static struct json_object *attrs_json(const struct request *r)
{
	struct json_object *array = json_object_new_array();
	const struct policies *p = r->policies;

	for (size_t i = 0; array && i < p->n_attrs; i++) {
		struct json_object *attr;

		if (!is_accepted(r, &p->attrs[i]))
			continue;
		attr = attr_json(r, &p->attrs[i]);
		if (attr && !json_object_array_add(array, attr))
			continue;
		json_object_put(attr);
		json_object_put(array);
		array = NULL;
	}
	return array;
}

static int print_request(const struct request *r, void *arg)
{
	struct object o = object_new();
	char buf[TEXT_LEN];

	object_add_string(&o, "command", command_name(r, buf));
	object_add_u64(&o, "number", r->command->number);
	object_add_bool(&o, "do", r->use & POLICY_DO);
	object_add_bool(&o, "dump", r->use & POLICY_DUMP);
	object_add_bool(&o, "admin", needs_admin(r));
	object_add(&o, "attributes", attrs_json(r));
	return json_print_element(object_done(&o), arg);
}

static int print_json(const struct policies *p)
{
	bool first = true;
	int err = each_request(p, print_request, &first);

	if (!err)
		json_print_end(first);
	return err;
}

int cmd_policy(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct policies policies;
	int err = policies_read(&policies);

	if (err)
		err = table_failed(failure, err == -ENOENT ? -ENODEV : err,
				   err == -ENOENT ?
					   "the purser module is not loaded" :
					   "the kernel does not say",
				   "cannot read what the module accepts");
	else if (o->json ? print_json(&policies) : print_table(&policies))
		err = print_failed(failure);
	policies_free(&policies);
	return err;
}
