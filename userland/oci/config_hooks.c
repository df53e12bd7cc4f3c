// SPDX-License-Identifier: GPL-2.0
/* The hooks of a configuration, see config_hooks.h. */
#include <limits.h>

#include "config_hooks.h"

#define HOOKS_MAX 1024

const char *const hook_names[HOOK_KINDS] = {
	[HOOK_PRESTART] = "prestart",
	[HOOK_CREATE_RUNTIME] = "createRuntime",
	[HOOK_CREATE_CONTAINER] = "createContainer",
	[HOOK_START_CONTAINER] = "startContainer",
	[HOOK_POSTSTART] = "poststart",
	[HOOK_POSTSTOP] = "poststop",
};

static char *const *read_arguments(struct reader *r, const struct node *item,
				   const struct hook *hook)
{
	size_t n;
	char **argv = reader_strings(r, item, "args", &n);

	if (n || r->failed)
		return argv;
	argv = reader_alloc(r, 2, sizeof(*argv));
	if (argv)
		argv[0] = (char *)hook->path;
	return argv;
}

static void read_hook(struct reader *r, const struct node *item,
		      struct hook *hook)
{
	int64_t timeout = 0;
	size_t n;

	hook->path = reader_needed_path(r, item, "path");
	hook->argv = read_arguments(r, item, hook);
	hook->envp = reader_strings(r, item, "env", &n);
	reader_number(r, item, "timeout", 1, INT_MAX, &timeout);
	hook->timeout = (unsigned int)timeout;
}

void read_hooks(struct reader *r, const struct node *document,
		struct hook_list lists[HOOK_KINDS])
{
	struct node node, array;

	if (!reader_object(r, document, "hooks", &node))
		return;
	for (int kind = 0; kind < HOOK_KINDS; kind++) {
		struct hook *hooks;

		if (!reader_array(r, &node, hook_names[kind], HOOKS_MAX,
				  &array))
			continue;
		lists[kind].n = reader_length(r, &array);
		hooks = reader_alloc(r, lists[kind].n, sizeof(*hooks));
		for (size_t i = 0; i < reader_length(r, &array); i++) {
			struct node item = reader_item_object(r, &array, i);

			read_hook(r, &item, &hooks[i]);
		}
		lists[kind].hooks = hooks;
	}
}
