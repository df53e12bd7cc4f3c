/* SPDX-License-Identifier: GPL-2.0 */
/* Reading any text as each kind of configuration, and all that comes of it. */
#ifndef SELFTESTS_OCI_CONSUME_H
#define SELFTESTS_OCI_CONSUME_H

#include <stdlib.h>
#include <string.h>

#include "oci/config.h"

/* What a sanitizer has to see read. */
static volatile size_t consumed;

static inline void consume_string(const char *s)
{
	if (s)
		consumed += strlen(s);
}

static inline void consume_strings(char *const *list)
{
	for (; list && *list; list++)
		consume_string(*list);
}

static inline void consume_map(const struct id_map *map)
{
	for (size_t i = 0; map && i < map->n; i++)
		consumed += map->ranges[i].count;
}

static inline void consume_process(const struct process_spec *p)
{
	consume_strings(p->argv);
	consume_strings(p->envp);
	consume_string(p->cwd);
	consume_string(p->apparmor);
	consume_string(p->selinux);
	for (size_t i = 0; i < p->n_groups; i++)
		consumed += p->groups[i];
	for (size_t i = 0; i < p->n_rlimits; i++)
		consumed += p->rlimits[i].limit.rlim_max;
	if (p->scheduler)
		consumed += p->scheduler->flags;
	if (p->cpus)
		consumed += (size_t)CPU_COUNT_S(p->cpus_size, p->cpus);
}

static inline void consume_mounts(const struct container_spec *spec)
{
	for (size_t i = 0; i < spec->n_mounts; i++) {
		const struct mount_spec *m = &spec->mounts[i];

		consume_string(m->source);
		consume_string(m->target);
		consume_string(m->type);
		consume_string(m->data);
		consume_string(m->label);
		consume_map(m->uids);
		consume_map(m->gids);
	}
}

static inline void consume_spec(const struct container_spec *spec)
{
	consume_mounts(spec);
	consume_map(&spec->uids);
	consume_map(&spec->gids);
	for (size_t i = 0; i < spec->n_joined; i++)
		consume_string(spec->joined[i].path);
	for (size_t i = 0; i < spec->n_clocks; i++)
		consume_string(spec->clocks[i].clock);
	for (size_t i = 0; i < spec->n_devices; i++)
		consume_string(spec->devices[i].path);
	for (size_t i = 0; i < spec->n_masks; i++)
		consume_string(spec->masks[i].path);
	for (size_t i = 0; i < spec->n_sysctls; i++) {
		consume_string(spec->sysctls[i].key);
		consume_string(spec->sysctls[i].value);
	}
	consume_string(spec->hostname);
	consume_string(spec->domainname);
	consume_string(spec->root.path);
}

static inline void consume_list(const struct cgroup_device_list *list)
{
	for (size_t i = 0; i < list->n; i++)
		consumed += list->devices[i].value;
}

static inline void consume_resources(const struct cgroup_resources *r,
				     const struct device_rule *rules, size_t n)
{
	consume_string(r->cpus);
	consume_string(r->mems);
	consume_list(&r->io_weights);
	consume_list(&r->rbps);
	consume_list(&r->wbps);
	consume_list(&r->riops);
	consume_list(&r->wiops);
	for (size_t i = 0; i < r->n_hugetlb; i++)
		consume_string(r->hugetlb[i].page_size);
	for (size_t i = 0; i < r->n_rdma; i++)
		consume_string(r->rdma[i].device);
	for (size_t i = 0; i < r->n_unified; i++) {
		consume_string(r->unified[i].key);
		consume_string(r->unified[i].value);
	}
	for (size_t i = 0; i < n; i++)
		consumed += rules[i].access;
}

static inline void consume_hooks(const struct hook_list *list)
{
	for (size_t i = 0; i < list->n; i++) {
		consume_string(list->hooks[i].path);
		consume_strings(list->hooks[i].argv);
		consume_strings(list->hooks[i].envp);
	}
}

static inline void consume_config(const struct oci_config *c)
{
	consume_string(c->version);
	consume_string(c->root_path);
	consume_string(c->cgroups_path);
	consume_process(&c->spec.process);
	consume_spec(&c->spec);
	consume_resources(&c->resources, c->device_rules, c->n_device_rules);
	for (int kind = 0; kind < HOOK_KINDS; kind++)
		consume_hooks(&c->hooks[kind]);
	for (size_t i = 0; i < c->warnings.n; i++)
		consume_string(c->warnings.texts[i]);
	consume_string(oci_config_annotation(c, "a"));
}

/** enum consumed_kind - what a text is read as */
enum consumed_kind {
	CONSUME_CONFIG,
	CONSUME_PROCESS,
	CONSUME_RESOURCES,
};

/** consume() - read a text; returns whether it is of that kind */
static inline bool consume(enum consumed_kind kind, const char *text,
			   size_t len)
{
	struct failure failure = { .text = "" };
	struct oci_resources resources;
	struct oci_process process;
	struct oci_config config;
	int r;

	switch (kind) {
	case CONSUME_CONFIG:
		r = oci_config_parse(&config, text, len, &failure);
		if (!r) {
			consume_config(&config);
			oci_config_free(&config);
		}
		break;
	case CONSUME_PROCESS:
		r = oci_process_parse(&process, text, len, &failure);
		if (!r) {
			consume_process(&process.spec);
			oci_process_free(&process);
		}
		break;
	default:
		r = oci_resources_parse(&resources, text, len, &failure);
		if (!r) {
			consume_resources(&resources.resources,
					  resources.device_rules,
					  resources.n_device_rules);
			oci_resources_free(&resources);
		}
	}
	/* An error has one line of text; a document that is read has none. */
	if (r ? !*failure.text || strchr(failure.text, '\n') : *failure.text)
		abort();
	return !r;
}

#endif /* SELFTESTS_OCI_CONSUME_H */
