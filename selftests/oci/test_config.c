// SPDX-License-Identifier: GPL-2.0
/* Tests what is read from configurations, above all from one with every field. */
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/personality.h>

#include "base/paths.h"
#include "read_config.h"

static struct oci_config parse(const char *text)
{
	struct oci_config config;
	struct failure failure;

	if (oci_config_parse(&config, text, strlen(text), &failure))
		bail("%s: %s", text, failure.text);
	return config;
}

static void full_process(const struct oci_config *c)
{
	const struct process_spec *p = &c->spec.process;
	const struct scheduler_spec *s = p->scheduler;

	ok(p->terminal && p->rows == 25 && p->columns == 80, "console size");
	ok(p->uid == 1000 && p->gid == 1001 && p->umask == 077, "user");
	ok(p->n_groups == 2 && p->groups[1] == UINT32_MAX - 1, "groups");
	is_str(joined(p->argv), "sh|-c||caf\xc3\xa9|", "arguments");
	is_str(joined(p->envp), "PATH=/bin|A=|B==|AB=3|",
	       "the last variable of a name counts, in the first one's place");
	ok(p->capabilities.bounding ==
			   (CAP(CHOWN) | CAP(KILL) | CAP(CHECKPOINT_RESTORE)) &&
		   p->capabilities.effective == CAP(KILL) &&
		   p->capabilities.permitted == (CAP(CHOWN) | CAP(KILL)) &&
		   p->capabilities.inheritable == CAP(BPF) &&
		   p->capabilities.ambient == CAP(SYSLOG),
	   "capabilities");
	is_int(c->warnings.n, 2, "warnings of unknown capabilities");
	is_str(c->warnings.texts[0],
	       "process.capabilities.effective: unknown capability \"CAP_WONDER\" is ignored",
	       "the first warning");
	is_str(c->warnings.texts[1],
	       "process.capabilities.ambient: unknown capability \"cap_kill\" is ignored",
	       "the second warning");
	ok(p->n_rlimits == 2 && p->rlimits[1].resource == RLIMIT_CORE &&
		   !p->rlimits[1].limit.rlim_cur &&
		   p->rlimits[1].limit.rlim_max == RLIM_INFINITY,
	   "an unlimited limit");
	ok(p->no_new_privs, "no new privileges");
	is_str(p->apparmor, "docker-default", "a profile of AppArmor");
	ok(!p->selinux, "an empty label is none");
	ok(p->has_oom_score_adj && p->oom_score_adj == -500, "oomScoreAdj");
	ok(s && s->policy == 6 && s->nice == -5 && s->priority == 10 &&
		   s->flags == 0x41 && s->runtime == 1000000 &&
		   s->deadline == 2000000 && s->period == UINT64_MAX,
	   "scheduler");
	ok(p->has_io_priority && p->io_priority == (2 << 13 | 7),
	   "priority of I/O");
	ok(!p->cpus && c->notes.exec_cpus &&
		   CPU_COUNT_S(c->notes.exec_cpus_size, c->notes.exec_cpus) ==
			   1,
	   "CPUs of exec are not those of the container");
	ok(p->has_personality && p->personality == PER_LINUX32, "personality");
}

static void full_mounts(const struct container_spec *spec)
{
	const struct mount_spec *m = spec->mounts;

	is_int(spec->n_mounts, 6, "mounts");
	is_str(m[1].target, "/dev", "a relative target is below the root");
	is_str(m[1].source, "tmpfs", "a source that is missing is the type");
	is_str(m[1].data, "mode=755,size=65536k,sync", "data");
	ok(m[1].keep_mode && !m[2].keep_mode, "a tmpfs keeps the mode");
	ok(!m[2].data, "no data for cgroups");
	ok(!m[3].type && m[3].recursive &&
		   !strcmp(m[3].source, "/volumes/testing") && !m[3].data &&
		   m[3].all_set == MOUNT_ATTR_RDONLY &&
		   m[3].set == MOUNT_ATTR_NOEXEC && !m[3].clear &&
		   m[3].propagation == MS_SLAVE,
	   "a recursive bind");
	ok(!m[4].recursive && !strcmp(m[4].source, "files") &&
		   m[4].uids->n == 1 && m[4].uids->ranges->outside == 1000 &&
		   m[4].gids->ranges->count == 20 && m[4].map_first,
	   "a bind with mapped ids");
	ok(m[5].copy_up && !strcmp(m[5].type, "tmpfs"), "a copy");
}

static void full_namespaces(const struct container_spec *spec)
{
	ok(spec->namespaces ==
		   (CLONE_NEWPID | CLONE_NEWNS | CLONE_NEWIPC | CLONE_NEWUTS |
		    CLONE_NEWUSER | CLONE_NEWCGROUP | 0x80),
	   "new namespaces");
	ok(spec->n_joined == 1 && spec->joined->kind == CLONE_NEWNET &&
		   !strcmp(spec->joined->path, "/var/run/netns/a") &&
		   spec->joined->fd == -1,
	   "a namespace to join");
	ok(spec->uids.n == 1 && spec->uids.ranges->count == UINT32_MAX &&
		   spec->gids.n == 2 && spec->gids.ranges[1].inside == 4,
	   "maps of ids");
	ok(spec->n_clocks == 2 && spec->clocks[0].seconds == -172800 &&
		   spec->clocks[0].nanoseconds == 999999999 &&
		   !strcmp(spec->clocks[1].clock, "boottime"),
	   "clocks");
	is_str(spec->domainname, "domain.test", "domain");
}

static void full_devices(const struct oci_config *c)
{
	const struct device_spec *d = c->spec.devices;
	const struct device_rule *rules = c->device_rules;

	is_int(c->spec.n_devices, 9, "devices");
	ok(!strcmp(d[0].path, "/dev/fuse") && d[0].mode == (S_IFCHR | 0666) &&
		   d[0].major == 10 && d[0].minor == 229 && d[0].uid == 1 &&
		   d[0].gid == 2,
	   "a device, whose mode has the type in it");
	ok(d[1].mode == (S_IFBLK | 0666), "the mode that is not given");
	ok(!strcmp(d[2].path, "/dev/zero") && d[2].mode == (S_IFCHR | 0600),
	   "a default device with another mode");
	is_int(d[3].mode, S_IFIFO | 0666, "a FIFO");
	ok(!strcmp(d[4].path, "/dev/null") && !strcmp(d[5].path, "/dev/full"),
	   "the other default devices follow");
	ok(c->n_device_rules == 3 && rules[1].allow && rules[1].type == 'c' &&
		   rules[1].minor == 229 &&
		   rules[1].access == (DEVICE_READ | DEVICE_WRITE) &&
		   rules[2].type == 'b' && rules[2].major == 8 &&
		   rules[2].minor == -1 && rules[2].access == DEVICE_MKNOD,
	   "rules of devices");
}

static void full_resources(const struct cgroup_resources *res)
{
	ok(res->memory_limit.value == 536870912 &&
		   !res->memory_reservation.given && res->memory_swap.given &&
		   res->memory_swap.value == -1 &&
		   res->memory_check_before_update,
	   "memory");
	ok(res->cpu_shares.value == 1024 && res->cpu_quota.value == -1 &&
		   res->cpu_period.value == 500000 && res->cpu_burst.given &&
		   res->cpu_idle.given && !res->cpu_idle.value,
	   "CPUs");
	ok(!strcmp(res->cpus, "0-1") && !res->mems, "sets of CPUs and nodes");
	is_int(res->pids_limit.value, 100, "processes");
	ok(res->io_weight.value == 500 && res->io_weights.n == 1 &&
		   res->io_weights.devices->value == 300,
	   "weights of I/O");
	ok(res->rbps.devices->value == 600 &&
		   res->wbps.devices->value == UINT64_MAX &&
		   res->riops.n == 1 && res->wiops.n == 2 &&
		   res->wiops.devices[1].minor == 5,
	   "rates of I/O");
	ok(res->n_hugetlb == 2 && !strcmp(res->hugetlb->page_size, "2MB") &&
		   res->hugetlb[1].limit == 1000000,
	   "huge pages");
	ok(res->n_rdma == 2 && res->rdma[0].handles.value == 3 &&
		   !res->rdma[1].handles.given &&
		   res->rdma[1].objects.value == UINT32_MAX,
	   "RDMA");
	ok(res->n_unified == 2 && !strcmp(res->unified->key, "memory.high") &&
		   !strcmp(res->unified[1].value, "8:0 rbps=1\n8:16 wiops=2"),
	   "files of cgroup v2");
}

static void full_hooks(const struct oci_config *c)
{
	const struct hook_list *hooks = c->hooks;

	ok(hooks[HOOK_PRESTART].n == 1 &&
		   hooks[HOOK_PRESTART].hooks->timeout == 5 &&
		   !strcmp(joined(hooks[HOOK_PRESTART].hooks->envp), "K=V|"),
	   "a hook");
	is_str(joined(hooks[HOOK_PRESTART].hooks->argv), "pre|x|",
	       "its arguments");
	ok(hooks[HOOK_CREATE_RUNTIME].n == 2 &&
		   !hooks[HOOK_CREATE_RUNTIME].hooks[0].envp &&
		   hooks[HOOK_CREATE_RUNTIME].hooks[1].envp &&
		   !*hooks[HOOK_CREATE_RUNTIME].hooks[1].envp,
	   "no environment, and an empty one");
	is_str(joined(hooks[HOOK_CREATE_RUNTIME].hooks[1].argv), "/bin/b|",
	       "the path stands in for no arguments");
	ok(!strcmp(hooks[HOOK_CREATE_CONTAINER].hooks->path, "/bin/c") &&
		   !strcmp(hooks[HOOK_START_CONTAINER].hooks->path, "/bin/d") &&
		   !strcmp(hooks[HOOK_POSTSTART].hooks->path, "/bin/e") &&
		   !strcmp(hooks[HOOK_POSTSTOP].hooks->path, "/bin/f"),
	   "all kinds of hooks");
}

static void full(void)
{
	struct oci_config c = read_config("full-config.json");

	full_process(&c);
	full_mounts(&c.spec);
	full_namespaces(&c.spec);
	full_devices(&c);
	full_resources(&c.resources);
	full_hooks(&c);
	ok(c.read_only && c.spec.root.read_only &&
		   c.spec.root.propagation == MS_SLAVE,
	   "a read-only root that is a slave");
	is_str(c.cgroups_path, "system.slice:purser:full", "a scope");
	is_str(c.spec.mounts[1].label,
	       "system_u:object_r:svirt_sandbox_file_t:s0:c715,c811",
	       "a tmpfs has the label of mounts");
	ok(!c.spec.mounts[0].label && !c.spec.mounts[2].label &&
		   !c.spec.mounts[3].label,
	   "proc, cgroups and a bind do not");
	is_str(oci_config_annotation(&c, "empty"), "", "an empty annotation");
	oci_config_free(&c);
}

#define LEAST                                                 \
	"\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"}," \
	"\"linux\":{\"namespaces\":[{\"type\":\"mount\"}]"

static void least(void)
{
	struct oci_config c = parse("{" LEAST "}}\n");

	ok(!c.has_process && !c.spec.process.argv, "no process");
	ok(!c.spec.n_mounts && !c.spec.n_masks && !c.seccomp &&
		   !c.annotations && !c.cgroups_path && !c.n_device_rules &&
		   !c.hooks[HOOK_PRESTART].n && !c.spec.hostname,
	   "what is missing is empty");
	ok(!oci_config_annotation(&c, "x"), "no annotations");
	oci_config_free(&c);
	c = parse("{" LEAST ",\"seccomp\":{\"syscalls\":[]},\"devices\":null},"
		  "\"mounts\":null,\"hooks\":{\"poststop\":null},"
		  "\"annotations\":{}}");
	ok(!c.seccomp && !c.spec.n_mounts,
	   "null is as missing, and so is a profile that says nothing");
	ok(c.annotations && !oci_config_annotation(&c, "x"),
	   "no annotation among none");
	oci_config_free(&c);
}

static void choices(void)
{
	struct oci_config c = parse(
		"{" LEAST "},\"mounts\":[{\"destination\":\"//dev/\","
		"\"source\":\"/dev\",\"options\":[\"rbind\"]},"
		"{\"destination\":\"/c\",\"type\":\"cgroup\","
		"\"options\":[\"ro\",\"x\"]}]}");

	ok(!c.spec.n_devices && !c.spec.n_links,
	   "nothing is made in a /dev of the host");
	ok(!c.spec.mounts[1].type && !c.spec.mounts[1].data &&
		   c.spec.mounts[1].set == MOUNT_ATTR_RDONLY,
	   "cgroups without a cgroup namespace are bound");
	is_str(c.spec.mounts[1].source, "/sys/fs/cgroup", "from the host");
	oci_config_free(&c);
	c = parse(
		"{\"ociVersion\":\"1.1.0-rc.1+dev\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"namespaces\":[{\"type\":\"mount\"},"
		"{\"type\":\"user\",\"path\":\"/u\"}],\"uidMappings\":"
		"[{\"containerID\":0,\"hostID\":0,\"size\":1}],"
		"\"resources\":{\"cpu\":{\"shares\":1}}}}");
	ok(!c.spec.uids.n && c.spec.joined->kind == CLONE_NEWUSER,
	   "the maps of a user namespace that is joined are its own");
	is_int(c.resources.cpu_shares.value, 2, "the fewest shares");
	oci_config_free(&c);
}

/* docker has it among the sysctls. */
static void domain_name(void)
{
	static const char text[] =
		"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
		"\"domainname\":\"%s\",\"linux\":{\"namespaces\":["
		"{\"type\":\"mount\"},{\"type\":\"uts\"}],\"sysctl\":"
		"{\"net.a\":\"1\",\"kernel.domainname\":\"d\",\"net.b\":\"2\"}}}";
	char whole[512];
	struct oci_config c;
	struct failure failure;

	snprintf(whole, sizeof(whole), text, "");
	c = parse(whole);
	is_str(c.spec.domainname, "d", "a sysctl sets the domain");
	ok(c.spec.n_sysctls == 2 && !strcmp(c.spec.sysctls[1].key, "net.b"),
	   "and is none for the launch");
	oci_config_free(&c);
	snprintf(whole, sizeof(whole), text, "other");
	is_int(oci_config_parse(&c, whole, strlen(whole), &failure), -1,
	       "another domain than that of the field");
	is_str(failure.text,
	       "linux.sysctl: \"kernel.domainname\" is not the domainname",
	       "its message");
}

static void mapped_by_namespace(void)
{
	struct oci_config c = parse(
		"{\"ociVersion\":\"1.2.0\",\"root\":{\"path\":\"r\"},"
		"\"linux\":{\"namespaces\":[{\"type\":\"mount\"},"
		"{\"type\":\"user\"}],"
		"\"uidMappings\":[{\"containerID\":0,\"hostID\":7,\"size\":1}],"
		"\"gidMappings\":[{\"containerID\":0,\"hostID\":8,\"size\":1}]},"
		"\"mounts\":[{\"destination\":\"/d\",\"source\":\"/d\","
		"\"options\":[\"rbind\",\"ridmap\"]}]}");

	ok(c.spec.mounts->uids && c.spec.mounts->uids->ranges->outside == 7 &&
		   c.spec.mounts->gids->ranges->outside == 8 &&
		   !c.spec.mounts->map_first,
	   "a mount takes the maps of the user namespace");
	oci_config_free(&c);
}

static void update(void)
{
	static const char docker[] =
		"{\"memory\":{\"limit\":50331648,\"reservation\":0,\"kernel\":0},"
		"\"cpu\":{\"shares\":0,\"quota\":0,\"period\":0},"
		"\"blockIO\":{\"weight\":0}}";
	struct oci_resources r;
	struct failure failure;
	int fds[2];

	if (pipe2(fds, O_CLOEXEC) ||
	    write(fds[1], docker, strlen(docker)) != (ssize_t)strlen(docker))
		bail("no pipe");
	close(fds[1]);
	is_int(oci_resources_read(&r, fds[0], &failure), 0,
	       "docker's update is read from a pipe");
	close(fds[0]);
	ok(r.resources.memory_limit.given &&
		   r.resources.memory_limit.value == 50331648,
	   "its limit of memory");
	ok(!r.resources.memory_reservation.given &&
		   !r.resources.cpu_shares.given &&
		   !r.resources.cpu_quota.given &&
		   !r.resources.cpu_period.given &&
		   !r.resources.io_weight.given,
	   "zeros are not set");
	ok(!r.device_rules && !r.n_device_rules, "no rules of devices");
	oci_resources_free(&r);
	is_int(oci_resources_parse(&r, "{}", 2, &failure), 0, "no resources");
	oci_resources_free(&r);
}

static void files(void)
{
	struct oci_config c;
	struct oci_process p;
	struct failure failure;
	int here = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);

	is_int(oci_config_read(&c, here, data_path("podman-config.json") + 1,
			       &failure),
	       0, "a file below an open folder");
	oci_config_free(&c);
	is_int(oci_config_read(&c, here, "no/file", &failure), -1,
	       "a file that is not there");
	is_str(failure.text,
	       "cannot open \"no/file\": No such file or directory",
	       "its message");
	is_int(oci_process_read(&p, data_path("podman-config.json"), &failure),
	       -1, "a file of another kind");
	ok(strstr(failure.text, "podman-config.json\": args is missing"),
	   "names the file: %s", failure.text);
	is_int(oci_config_read(&c, here, "etc", &failure), -1, "a folder");
	is_str(failure.text,
	       "\"etc\": cannot read the document: Is a directory",
	       "its message");
	close(here);
}

int main(void)
{
	full();
	least();
	choices();
	domain_name();
	mapped_by_namespace();
	update();
	files();
	return tap_end();
}
