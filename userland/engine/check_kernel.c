// SPDX-License-Identifier: GPL-2.0
/* "engine check": the kernel and the module, see check.h. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/cleanup.h"
#include "base/paths.h"
#include "check.h"

/* Documentation/architecture.md says what needs this version. */
#define KERNEL_MAJOR 5
#define KERNEL_MINOR 12

/* Of uname(2). */
#define RELEASE_LEN 65
#define VERSION_LEN 64

#define SECURE_BOOT \
	"sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c"
/* Four bytes of attributes, then the value. */
#define SECURE_BOOT_LEN 5

static const char *release(const struct machine *m, char text[RELEASE_LEN])
{
	if (machine_read(m, text, RELEASE_LEN, "proc/sys/kernel/osrelease") < 0)
		*text = '\0';
	return text;
}

void check_kernel(const struct machine *m, struct findings *f)
{
	char text[RELEASE_LEN], *end;
	unsigned long major, minor = 0;

	if (!*release(m, text)) {
		finding_remedy(findings_add(f, "kernel", FINDING_MISSING,
					    "/proc is not mounted"),
			       "mount -t proc proc /proc");
		return;
	}
	major = strtoul(text, &end, 10);
	if (*end == '.')
		minor = strtoul(end + 1, NULL, 10);
	if (major > KERNEL_MAJOR ||
	    (major == KERNEL_MAJOR && minor >= KERNEL_MINOR))
		findings_add(f, "kernel", FINDING_OK, "Linux %s", text);
	else
		finding_remedy(findings_add(f, "kernel", FINDING_MISSING,
					    "Linux %s, but engine needs %d.%d",
					    text, KERNEL_MAJOR, KERNEL_MINOR),
			       "apt full-upgrade");
}

static bool is_loaded(const struct machine *m)
{
	return machine_has(m, "sys/module/purser");
}

/* Whether modprobe finds it. */
static bool is_installed(const struct machine *m, const char *kernel)
{
	__cleanup_free char *line = machine_line(
		m, "/purser.ko", "lib/modules/%s/modules.dep", kernel);

	return line && strstr(line, "/purser.ko") < strchrnul(line, ':');
}

/* Keep the newest version of "purser-VERSION". */
static int take_version(int folder, const struct dirent *entry, void *arg)
{
	static const char prefix[] = "purser-";
	const size_t len = sizeof(prefix) - 1;
	const char *name = entry->d_name;
	char *newest = arg;

	(void)folder;
	if (!strncmp(name, prefix, len) && strlen(name + len) < VERSION_LEN &&
	    strverscmp(name + len, newest) > 0)
		memcpy(newest, name + len, strlen(name + len) + 1);
	return 0;
}

/* The version of the sources that DKMS has; "": it has none. */
static const char *source_version(const struct machine *m,
				  char text[VERSION_LEN])
{
	*text = '\0';
	path_each_entry(m->root, "usr/src", take_version, text);
	return text;
}

static void module_is_missing(const struct machine *m, const char *kernel,
			      struct findings *f)
{
	char version[VERSION_LEN];
	struct finding *finding;

	if (is_installed(m, kernel)) {
		finding = findings_add(f, "module", FINDING_MISSING,
				       "installed, but not loaded");
		finding_remedy(finding, "modprobe purser");
		return;
	}
	finding = findings_add(f, "module", FINDING_MISSING,
			       "not installed for this kernel");
	if (*source_version(m, version))
		finding_remedy(finding, "dkms install purser/%s -k %s", version,
			       kernel);
	else
		finding_remedy(finding, "apt install purser-dkms");
}

/* Compare the versions, and say which one is behind. */
static void check_versions(const struct machine *m, const char *module,
			   struct findings *f)
{
	const int order = strverscmp(module, m->version);
	char source[VERSION_LEN];
	struct finding *finding;

	if (!order) {
		findings_add(f, "versions", FINDING_OK,
			     "module and programs: %s", module);
		return;
	}
	finding = findings_add(
		f, "versions", FINDING_WARNING,
		"module: %s, programs: %s; the %s must be upgraded", module,
		m->version, order < 0 ? "module" : "programs");
	if (order > 0)
		finding_remedy(finding,
			       "apt install --only-upgrade purser purser-oci");
	else if (strverscmp(source_version(m, source), m->version) >= 0)
		/* The new one is there; the old one is still loaded. */
		finding_remedy(finding,
			       "modprobe -r purser && modprobe purser");
	else
		finding_remedy(finding,
			       "apt install --only-upgrade purser-dkms");
}

static void module_is_loaded(const struct machine *m, struct findings *f)
{
	char version[VERSION_LEN];

	if (machine_read(m, version, sizeof(version),
			 "sys/module/purser/version") <= 0)
		snprintf(version, sizeof(version), "0");
	if (m->unreachable)
		finding_remedy(findings_add(f, "module", FINDING_MISSING,
					    "loaded, but out of reach here: %s",
					    m->unreachable),
			       "nsenter --net=/proc/1/ns/net engine check");
	else
		findings_add(f, "module", FINDING_OK, "loaded");
	check_versions(m, version, f);
}

/* Only the building of the module needs them. */
static void check_headers(const struct machine *m, const char *kernel,
			  struct findings *f)
{
	if (machine_has(m, "lib/modules/%s/build/Makefile", kernel))
		findings_add(f, "headers", FINDING_OK, "of %s", kernel);
	else if (is_loaded(m) || is_installed(m, kernel))
		findings_add(f, "headers", FINDING_OK,
			     "none; the module has been built already");
	else
		finding_remedy(
			findings_add(
				f, "headers", FINDING_WARNING,
				"none; the module cannot be built for this kernel"),
			"apt install linux-headers-%s", kernel);
}

/* Whether the kernel refuses modules without a signature. */
static bool wants_signatures(const struct machine *m)
{
	char text[64];

	if (machine_read(m, text, sizeof(text),
			 "sys/module/module/parameters/sig_enforce") > 0 &&
	    *text == 'Y')
		return true;
	return machine_read(m, text, sizeof(text),
			    "sys/kernel/security/lockdown") > 0 &&
	       strchr(text, '[') && !strstr(text, "[none]");
}

static void check_signatures(const struct machine *m, struct findings *f)
{
	char value[SECURE_BOOT_LEN + 1];
	const bool on = machine_read(m, value, sizeof(value), SECURE_BOOT) ==
				SECURE_BOOT_LEN &&
			value[SECURE_BOOT_LEN - 1] == 1;

	if (!wants_signatures(m))
		findings_add(f, "secure boot", FINDING_OK,
			     "%s; the kernel loads modules without a signature",
			     on ? "on" : "off");
	else if (is_loaded(m))
		findings_add(f, "secure boot", FINDING_OK,
			     "%s; the kernel has accepted the module",
			     on ? "on" : "off");
	else
		finding_remedy(
			findings_add(
				f, "secure boot", FINDING_WARNING,
				"%s; the kernel loads only modules with a signature that it knows",
				on ? "on" : "off"),
			"mokutil --import /var/lib/dkms/mok.pub");
}

void check_module(const struct machine *m, struct findings *f)
{
	char kernel[RELEASE_LEN];

	release(m, kernel);
	if (is_loaded(m))
		module_is_loaded(m, f);
	else
		module_is_missing(m, kernel, f);
	check_headers(m, kernel, f);
	check_signatures(m, f);
}
