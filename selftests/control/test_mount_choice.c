// SPDX-License-Identifier: GPL-2.0
/* Tests reading the volumes and the tmpfs of a request. */
#include "base/array.h"
#include "control/mount_choice.h"
#include "tap.h"

static void volumes(void)
{
	static const struct {
		const char *text, *source, *target;
		bool read_only;
	} good[] = {
		{ "/srv/data:/data", "/srv/data", "/data", false },
		{ "/srv/data:/data:ro", "/srv/data", "/data", true },
		{ "/srv/data:/data:rw", "/srv/data", "/data", false },
		{ "/a:/x/", "/a", "/x", false },
		{ "/a:/dev/x", "/a", "/dev/x", false },
		{ "/a:/process", "/a", "/process", false },
		{ "/a:/..x/.y", "/a", "/..x/.y", false },
	};
	struct volume_choice v;
	struct failure failure;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!ok(!volume_parse(good[i].text, &v, &failure), "volume %s",
			good[i].text))
			continue;
		is_str(v.source, good[i].source, "%s: source", good[i].text);
		is_str(v.target, good[i].target, "%s: target", good[i].text);
		ok(v.read_only == good[i].read_only, "%s: read-only",
		   good[i].text);
		volume_free(&v);
	}
}

static void volume_refusals(void)
{
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "", "not an absolute path" },
		{ "data:/data", "a folder or a file of the host" },
		{ "./data:/data", "not an absolute path" },
		{ "/data", "not SRC:DST" },
		{ "/data:", "must be absolute" },
		{ "/data:x", "must be absolute" },
		{ "/data:/", "below \"/\"" },
		{ "/data:///", "below \"/\"" },
		{ "/data:/a/../b", "without \"..\"" },
		{ "/data:/a/..", "without \"..\"" },
		{ "/data:/./a", "without \"..\"" },
		{ "/data:/a//b", "without \"..\"" },
		{ "/data:/a:", "neither ro nor rw" },
		{ "/data:/a:ro,z", "\"ro,z\" is neither ro nor rw" },
		{ "/data:/a:ro:x", "neither ro nor rw" },
		{ "/data:/proc", "a /proc of its own" },
		{ "/data:/proc/sys/x", "of its own" },
		{ "/data:/sys", "a /sys of its own" },
		{ "/data:/dev/", "a /dev of its own" },
	};
	struct volume_choice v;
	struct failure failure;

	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(volume_parse(bad[i].text, &v, &failure) < 0,
		   "volume \"%s\" is refused", bad[i].text);
		if (!ok(strstr(failure.text, bad[i].why), "it says \"%s\"",
			bad[i].why))
			printf("# %s\n", failure.text);
	}
}

static void tmpfs(void)
{
	static const struct {
		const char *text, *data;
		bool read_only, exec;
	} good[] = {
		{ "/t", "size=67108864,nr_inodes=16384,mode=1777,uid=0,gid=0",
		  false, false },
		{ "/t/:", "size=67108864,nr_inodes=16384,mode=1777,uid=0,gid=0",
		  false, false },
		{ "/t:size=1.5m,mode=700,uid=5,gid=6,nr_inodes=2k,exec,ro,nosuid",
		  "size=1572864,nr_inodes=2048,mode=0700,uid=5,gid=6", true,
		  true },
		{ "/t:exec,noexec,ro,rw,nodev",
		  "size=67108864,nr_inodes=16384,mode=1777,uid=0,gid=0", false,
		  false },
	};
	static const struct {
		const char *text, *why;
	} bad[] = {
		{ "t", "must be absolute" },
		{ "/", "below" },
		{ "/sys/x", "of its own" },
		{ "/t:size=0", "\"size=0\" is not a valid value" },
		{ "/t:size=", "\"size=\" is not a valid value" },
		{ "/t:size=50%", "not a valid value" },
		{ "/t:nr_inodes=0", "not a valid value" },
		{ "/t:mode=8", "not a valid value" },
		{ "/t:mode=10000", "not a valid value" },
		{ "/t:mode=", "not a valid value" },
		{ "/t:uid=-1", "not a valid value" },
		{ "/t:gid=4294967295", "not a valid value" },
		{ "/t:suid", "\"suid\" is not one of size=" },
		{ "/t:dev", "is not one of" },
		{ "/t:size", "is not one of" },
		{ "/t:huge=always", "is not one of" },
	};
	struct tmpfs_choice t;
	struct failure failure;

	for (size_t i = 0; i < ARRAY_SIZE(good); i++) {
		if (!ok(!tmpfs_parse(good[i].text, &t, &failure), "tmpfs %s",
			good[i].text))
			continue;
		is_str(t.target, "/t", "%s: target", good[i].text);
		is_str(t.data, good[i].data, "%s: options", good[i].text);
		ok(t.read_only == good[i].read_only && t.exec == good[i].exec,
		   "%s: flags", good[i].text);
		tmpfs_free(&t);
	}
	for (size_t i = 0; i < ARRAY_SIZE(bad); i++) {
		ok(tmpfs_parse(bad[i].text, &t, &failure) < 0,
		   "tmpfs \"%s\" is refused", bad[i].text);
		if (!ok(strstr(failure.text, bad[i].why), "it says \"%s\"",
			bad[i].why))
			printf("# %s\n", failure.text);
	}
}

int main(void)
{
	volumes();
	volume_refusals();
	tmpfs();
	return tap_end();
}
