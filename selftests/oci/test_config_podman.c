// SPDX-License-Identifier: GPL-2.0
/* Tests what is read from the configuration and the process that podman has written. */
#include <sched.h>
#include <sys/mount.h>

#include "read_config.h"

static void podman_process(const struct process_spec *p, bool container)
{
	const uint64_t caps = CAP(CHOWN) | CAP(DAC_OVERRIDE) | CAP(FOWNER) |
			      CAP(FSETID) | CAP(KILL) | CAP(NET_BIND_SERVICE) |
			      CAP(SETFCAP) | CAP(SETGID) | CAP(SETPCAP) |
			      CAP(SETUID) | CAP(SYS_CHROOT);

	ok(!p->uid && !p->gid, "user and group");
	is_int(p->umask, 022, "umask");
	is_str(p->cwd, "/", "working folder");
	ok(p->capabilities.bounding == caps &&
		   p->capabilities.effective == caps &&
		   p->capabilities.permitted == caps &&
		   !p->capabilities.inheritable && !p->capabilities.ambient,
	   "five sets of capabilities");
	ok(p->n_rlimits == 2 && p->rlimits[0].resource == RLIMIT_NOFILE &&
		   p->rlimits[0].limit.rlim_cur == 1048576 &&
		   p->rlimits[1].resource == RLIMIT_NPROC &&
		   p->rlimits[1].limit.rlim_max == 32768,
	   "limits");
	ok(!p->no_new_privs && !p->apparmor && !p->selinux &&
		   !p->has_oom_score_adj && !p->scheduler && !p->cpus &&
		   !p->has_io_priority && !p->has_personality && !p->has_nice,
	   "what is not given");
	is_int(p->make_cwd, container,
	       "the working folder is made in a new container alone");
}

static void podman_mounts(const struct container_spec *spec)
{
	const struct mount_spec *m = spec->mounts;

	is_int(spec->n_mounts, 10, "mounts");
	ok(!strcmp(m[0].target, "/proc") && !strcmp(m[0].type, "proc") &&
		   m[0].set == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC |
				MOUNT_ATTR_NODEV) &&
		   !m[0].data && !m[0].clear,
	   "proc");
	ok(m[1].set == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC |
			MOUNT_ATTR_STRICTATIME),
	   "attributes of /dev");
	is_str(m[1].data, "mode=755,size=65536k", "data of /dev");
	is_str(m[3].data, "newinstance,ptmxmode=0666,mode=0620,gid=5",
	       "data of devpts");
	ok(!m[5].type && !m[5].recursive && !m[5].set && !m[5].data &&
		   m[5].propagation == MS_PRIVATE,
	   "a bind of a file");
	ok(!strcmp(m[9].type, "cgroup2") &&
		   !strcmp(m[9].target, "/sys/fs/cgroup") && !m[9].data &&
		   m[9].set == (MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC |
				MOUNT_ATTR_NODEV | MOUNT_ATTR_RDONLY),
	   "the cgroups, of v2");
}

static void podman_linux(const struct oci_config *c)
{
	const struct container_spec *spec = &c->spec;

	ok(spec->namespaces == (CLONE_NEWPID | CLONE_NEWNET | CLONE_NEWIPC |
				CLONE_NEWUTS | CLONE_NEWNS | CLONE_NEWCGROUP) &&
		   !spec->n_joined,
	   "namespaces");
	ok(spec->n_sysctls == 1 &&
		   !strcmp(spec->sysctls->key, "net.ipv4.ping_group_range") &&
		   !strcmp(spec->sysctls->value, "0 0"),
	   "a sysctl");
	ok(spec->n_masks == 17 &&
		   !strcmp(spec->masks[10].path, "/sys/dev/block") &&
		   !spec->masks[10].read_only &&
		   !strcmp(spec->masks[11].path, "/proc/asound") &&
		   spec->masks[11].read_only,
	   "masked and read-only paths");
	ok(spec->n_devices == 6 && !strcmp(spec->devices[0].path, "/dev/null"),
	   "the default devices");
	ok(spec->n_links == 6 && !strcmp(spec->links[0].path, "/dev/ptmx"),
	   "the default links");
	is_str(c->cgroups_path,
	       "/libpod_parent/libpod-026cdad5b119df3a917461da8309eaa3a47cf52c02211839fc1553c4899bccc6",
	       "the path of the cgroup");
	ok(c->resources.memory_limit.value == 33554432 &&
		   c->resources.memory_swap.value == 67108864 &&
		   c->resources.pids_limit.value == 2048 &&
		   !c->resources.memory_reservation.given &&
		   !c->resources.cpu_shares.given,
	   "resources");
	ok(c->n_device_rules == 1 && !c->device_rules->allow &&
		   c->device_rules->type == 'a' &&
		   c->device_rules->major == -1 &&
		   c->device_rules->minor == -1 &&
		   c->device_rules->access == DEVICE_ALL,
	   "a rule of devices");
	ok(json_object_is_type(c->seccomp, json_type_object), "seccomp");
}

static void podman(void)
{
	struct oci_config c = read_config("podman-config.json");

	is_str(c.version, "1.0.2-dev", "version");
	ok(c.has_process, "there is a process");
	podman_process(&c.spec.process, true);
	is_str(joined(c.spec.process.argv), "sleep|1000|", "arguments");
	is_int(c.spec.process.n_groups, 10, "groups");
	is_int(c.spec.process.groups[9], 27, "the last group");
	ok(!c.spec.process.terminal, "no terminal");
	is_str(c.root_path,
	       "/var/lib/containers/storage/overlay/cd67fd8d68fb67ee156a37f8b2054c0999fc4cff5fdf4517f9246d043afb6575/merged",
	       "root");
	ok(!c.read_only && c.spec.root.recursive && !c.spec.root.propagation,
	   "the root is writable, recursive and private");
	is_str(c.spec.hostname, "026cdad5b119", "hostname");
	podman_mounts(&c.spec);
	podman_linux(&c);
	is_str(oci_config_annotation(&c, "io.container.manager"), "libpod",
	       "an annotation");
	ok(!oci_config_annotation(&c, "io.container"), "a missing annotation");
	is_int(c.warnings.n, 0, "no warnings");
	oci_config_free(&c);
	oci_config_free(&c);
}

static void podman_exec(void)
{
	struct oci_process p;
	struct failure failure;

	if (oci_process_read(&p, data_path("podman-process.json"), &failure))
		bail("%s", failure.text);
	podman_process(&p.spec, false);
	ok(p.spec.terminal && !p.spec.rows, "a terminal without a size");
	is_str(joined(p.spec.argv), "echo|tty-ok|", "arguments");
	ok(p.notes.has_capabilities && p.notes.has_env,
	   "capabilities and environment are given");
	oci_process_free(&p);
}

int main(void)
{
	podman();
	podman_exec();
	return tap_end();
}
