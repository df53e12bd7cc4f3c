// SPDX-License-Identifier: GPL-2.0
/* Finding where cgroup v2 is mounted. */
#include <errno.h>

#include "cgroup/mount.h"
#include "tap.h"

#define OTHERS                                                    \
	"22 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw\n" \
	"23 22 0:21 / /proc rw,nosuid shared:2 - proc proc rw\n"

/* Paths that begin so have another file system over what is mounted. */
static bool is_there(const char *path)
{
	return strncmp(path, "/hidden", 7);
}

static void check(const char *name, const char *text, const char *want,
		  bool want_v1)
{
	FILE *f = fmemopen((char *)text, strlen(text), "r");
	bool has_v1 = !want_v1;
	char *path;
	int err;

	if (!f)
		bail("no memory");
	err = cgroup_find_mount(f, is_there, &path, &has_v1);
	fclose(f);
	is_int(err, want ? 0 : -ENOENT, "%s: is%s there", name,
	       want ? "" : " not");
	is_str(path, want, "%s: where", name);
	ok(has_v1 == want_v1, "%s: v1", name);
	free(path);
}

int main(void)
{
	check("nothing of the kind", OTHERS, NULL, false);
	check("v2",
	      OTHERS
	      "30 23 0:26 / /sys/fs/cgroup rw,nosuid shared:9 - cgroup2 cgroup2 rw,nsdelegate\n",
	      "/sys/fs/cgroup", false);
	check("v2 without optional fields",
	      OTHERS "30 23 0:26 / /mnt/c rw - cgroup2 none rw\n", "/mnt/c",
	      false);
	check("two optional fields",
	      OTHERS
	      "30 23 0:26 / /mnt/c rw shared:1 master:2 - cgroup2 none rw\n",
	      "/mnt/c", false);
	check("v1",
	      OTHERS
	      "30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n",
	      NULL, true);
	check("both",
	      OTHERS
	      "30 23 0:26 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory\n"
	      "31 23 0:27 / /sys/fs/cgroup/unified rw - cgroup2 cgroup2 rw\n",
	      "/sys/fs/cgroup/unified", true);
	check("one that is hidden",
	      "30 23 0:26 / /hidden rw - cgroup2 cgroup2 rw\n", NULL, false);
	check("one that is hidden, and another",
	      "30 23 0:26 / /hidden rw - cgroup2 cgroup2 rw\n"
	      "31 23 0:26 / /seen rw - cgroup2 cgroup2 rw\n",
	      "/seen", false);
	check("a part of it, and the whole",
	      "30 23 0:26 /some /part rw - cgroup2 cgroup2 rw\n"
	      "31 23 0:26 / /whole rw - cgroup2 cgroup2 rw\n"
	      "32 23 0:26 / /later rw - cgroup2 cgroup2 rw\n",
	      "/whole", false);
	check("parts alone",
	      "30 23 0:26 /some /part rw - cgroup2 cgroup2 rw\n"
	      "31 23 0:26 /other /second rw - cgroup2 cgroup2 rw\n",
	      "/part", false);
	check("a path with a space, a tab and a backslash",
	      "30 23 0:26 / /a\\040b\\011c\\134d rw - cgroup2 cgroup2 rw\n",
	      "/a b\tc\\d", false);
	check("a source of that name",
	      "30 23 0:26 / /mnt rw - tmpfs cgroup2 rw\n", NULL, false);
	check("lines of no sense",
	      "\n-\n - cgroup2\na b c - cgroup2 x y\n30 23 0:26 / /mnt rw - ",
	      NULL, false);
	return tap_end();
}
