// SPDX-License-Identifier: GPL-2.0
/* Tests what each word among the options of a mount becomes. */
#include <linux/mount.h>

#include "build_config.h"
#include "cases.h"
#include "oci/config.h"
#include "oci/mount_options.h"

#define PRIVATE (1ul << 18)
#define SLAVE	(1ul << 19)
#define SHARED	(1ul << 20)
#define ALONE	(1ul << 17) /* unbindable */

#define RO	 MOUNT_ATTR_RDONLY
#define NOSUID	 MOUNT_ATTR_NOSUID
#define NODEV	 MOUNT_ATTR_NODEV
#define NOEXEC	 MOUNT_ATTR_NOEXEC
#define TIMES	 MOUNT_ATTR__ATIME
#define NOATIME	 MOUNT_ATTR_NOATIME
#define STRICT	 MOUNT_ATTR_STRICTATIME
#define NODIR	 MOUNT_ATTR_NODIRATIME
#define NOFOLLOW MOUNT_ATTR_NOSYMFOLLOW

/** struct words_case - words, and what they become */
struct words_case {
	const char *words; /* separated by spaces */
	uint64_t set, clear, all_set, all_clear;
	unsigned long propagation;
	const char *data;
};

/* Of a bind mount; the test adds "rbind". */
static const struct words_case binds[] = {
	{ "", 0, 0, 0, 0, 0, NULL },
	{ "defaults", 0, 0, 0, 0, 0, NULL },
	{ "ro", RO, 0, 0, 0, 0, NULL },
	{ "rw", 0, RO, 0, 0, 0, NULL },
	{ "ro rw", 0, RO, 0, 0, 0, NULL },
	{ "rw ro", RO, 0, 0, 0, 0, NULL },
	{ "nosuid nodev noexec", NOSUID | NODEV | NOEXEC, 0, 0, 0, 0, NULL },
	{ "suid dev exec", 0, NOSUID | NODEV | NOEXEC, 0, 0, 0, NULL },
	{ "nosymfollow", NOFOLLOW, 0, 0, 0, 0, NULL },
	{ "symfollow", 0, NOFOLLOW, 0, 0, 0, NULL },
	{ "nodiratime", NODIR, 0, 0, 0, 0, NULL },
	{ "diratime", 0, NODIR, 0, 0, 0, NULL },
	/* The times of access are one number. */
	{ "noatime", NOATIME, TIMES, 0, 0, 0, NULL },
	{ "atime", 0, TIMES, 0, 0, 0, NULL },
	{ "relatime", 0, TIMES, 0, 0, 0, NULL },
	{ "strictatime", STRICT, TIMES, 0, 0, 0, NULL },
	{ "noatime strictatime", STRICT, TIMES, 0, 0, 0, NULL },
	{ "strictatime atime", STRICT, TIMES, 0, 0, 0, NULL },
	{ "strictatime nostrictatime", 0, TIMES, 0, 0, 0, NULL },
	{ "noatime nostrictatime", NOATIME, TIMES, 0, 0, 0, NULL },
	{ "noatime norelatime", NOATIME, TIMES, 0, 0, 0, NULL },
	{ "noatime relatime", 0, TIMES, 0, 0, 0, NULL },
	/* Of all mounts. */
	{ "rro", 0, 0, RO, 0, 0, NULL },
	{ "rrw", 0, 0, 0, RO, 0, NULL },
	{ "rnosuid rnodev rnoexec", 0, 0, NOSUID | NODEV | NOEXEC, 0, 0, NULL },
	{ "rsuid rdev rexec", 0, 0, 0, NOSUID | NODEV | NOEXEC, 0, NULL },
	{ "rnosymfollow rnodiratime", 0, 0, NOFOLLOW | NODIR, 0, 0, NULL },
	{ "rsymfollow rdiratime", 0, 0, 0, NOFOLLOW | NODIR, 0, NULL },
	{ "rnoatime", 0, 0, NOATIME, TIMES, 0, NULL },
	{ "rrelatime", 0, 0, 0, TIMES, 0, NULL },
	{ "rstrictatime", 0, 0, STRICT, TIMES, 0, NULL },
	{ "ratime rnorelatime rnostrictatime", 0, 0, 0, TIMES, 0, NULL },
	/* They hold for the first mount, too. */
	{ "rro rw", 0, 0, RO, 0, 0, NULL },
	{ "rw rro", 0, 0, RO, 0, 0, NULL },
	{ "ro rrw", 0, 0, 0, RO, 0, NULL },
	{ "noatime rrelatime nosuid", NOSUID, 0, 0, TIMES, 0, NULL },
	{ "private", 0, 0, 0, 0, PRIVATE, NULL },
	{ "rprivate", 0, 0, 0, 0, PRIVATE, NULL },
	{ "slave", 0, 0, 0, 0, SLAVE, NULL },
	{ "rslave", 0, 0, 0, 0, SLAVE, NULL },
	{ "shared", 0, 0, 0, 0, SHARED, NULL },
	{ "rshared", 0, 0, 0, 0, SHARED, NULL },
	{ "unbindable", 0, 0, 0, 0, ALONE, NULL },
	{ "runbindable", 0, 0, 0, 0, ALONE, NULL },
	{ "private slave", 0, 0, 0, 0, SLAVE, NULL },
	/* A bind has no file system of its own. */
	{ "sync async dirsync mand nomand lazytime nolazytime iversion "
	  "noiversion silent loud mode=755",
	  0, 0, 0, 0, 0, NULL },
};

/* Of a new file system, which has no attributes that could be taken away. */
static const struct words_case file_systems[] = {
	{ "", 0, 0, 0, 0, 0, NULL },
	{ "ro nosuid", RO | NOSUID, 0, 0, 0, 0, NULL },
	{ "ro rw", 0, 0, 0, 0, 0, NULL },
	{ "suid dev exec rw", 0, 0, 0, 0, 0, NULL },
	{ "rro rnoexec", RO | NOEXEC, 0, 0, 0, 0, NULL },
	{ "ro rrw", 0, 0, 0, 0, 0, NULL },
	{ "noatime rstrictatime", STRICT, 0, 0, 0, 0, NULL },
	{ "rshared", 0, 0, 0, 0, SHARED, NULL },
	{ "mode=755", 0, 0, 0, 0, 0, "mode=755" },
	{ "size=1k ro mode=1777 x", RO, 0, 0, 0, 0, "size=1k,mode=1777,x" },
	{ "sync async dirsync", 0, 0, 0, 0, 0, "sync,async,dirsync" },
	{ "mand nomand lazytime nolazytime", 0, 0, 0, 0, 0,
	  "mand,nomand,lazytime,nolazytime" },
	{ "defaults silent loud iversion noiversion", 0, 0, 0, 0, 0, NULL },
	{ "lowerdir=/a:/b,upperdir=/c", 0, 0, 0, 0, 0,
	  "lowerdir=/a:/b,upperdir=/c" },
};

/* The words as a JSON array, behind @first. */
static const char *array_of(const char *first, const char *words)
{
	static char text[1024];
	size_t n = (size_t)snprintf(text, sizeof(text), "[\"%s\"", first);

	while (*words) {
		size_t len = strcspn(words, " ");

		n += (size_t)snprintf(text + n, sizeof(text) - n, ",\"%.*s\"",
				      (int)len, words);
		words += len + (words[len] == ' ');
	}
	snprintf(text + n, sizeof(text) - n, "]");
	return text;
}

static void check(const struct words_case *c, bool bind)
{
	char *text, value[2048];
	struct failure failure;
	struct oci_config config;
	const struct mount_spec *m;

	snprintf(
		value, sizeof(value),
		"[{\"destination\":\"/m\",\"source\":\"/s\",\"type\":\"tmpfs\","
		"\"options\":%s}]",
		array_of(bind ? "rbind" : "", c->words));
	text = config_with("mounts", value);
	if (oci_config_parse(&config, text, strlen(text), &failure))
		bail("%s: %s", c->words, failure.text);
	m = config.spec.mounts;
	ok(!m->type == bind && m->recursive == bind && m->set == c->set &&
		   m->clear == c->clear && m->all_set == c->all_set &&
		   m->all_clear == c->all_clear &&
		   m->propagation == c->propagation && !m->copy_up && !m->uids,
	   "%s: \"%s\"", bind ? "bind" : "file system", c->words);
	is_str(m->data, c->data, "its data");
	oci_config_free(&config);
	free(text);
}

/* The names of features are those of the tables above. */
static void names(void)
{
	const char *name, *before = "";
	bool sorted = true;
	size_t n = 0;

	for (; (name = mount_option_name(n)); before = name, n++)
		sorted &= strcmp(before, name) < 0;
	ok(sorted, "the known words are sorted");
	is_int(n, 61, "and so many");
	is_int(propagation_of("rslave"), SLAVE, "a propagation");
	is_int(propagation_of("ro"), 0, "a word that is none");
}

int main(void)
{
	for (size_t i = 0; i < ARRAY_SIZE(binds); i++)
		check(&binds[i], true);
	for (size_t i = 0; i < ARRAY_SIZE(file_systems); i++)
		check(&file_systems[i], false);
	names();
	return tap_end();
}
