// SPDX-License-Identifier: GPL-2.0
/*
 * The cache of compiled seccomp profiles: a program from it is the one that the profile
 * compiles to, and whatever is wrong with a file or the folder, the result is the same.
 * A file that was used stays the same file; a profile that was compiled makes a new one.
 */
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/array.h"
#include "base/paths.h"
#include "oci/seccomp_cache.h"
#include "podman_seccomp.h"
#include "scratch.h"
#include "tap.h"

#define SMALL(call)                                                               \
	"{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"syscalls\":[{\"names\":[\"" call \
	"\"],\"action\":\"SCMP_ACT_ALLOW\"}]}"

static char dir[] = "/tmp/purser-cache.XXXXXX";
static int states;		/* the folder of states */
static int cache;		/* the folder of the cache */
static char name[NAME_MAX + 1]; /* of the file of SMALL("read") */

static struct json_object *parse(const char *text)
{
	struct json_object *json = json_tokener_parse(text);

	if (!json)
		bail("not JSON: %s", text);
	return json;
}

static bool same(const struct seccomp_program *a,
		 const struct seccomp_program *b)
{
	return a->flags == b->flags && a->filter.len == b->filter.len &&
	       !a->listener_path == !b->listener_path &&
	       !memcmp(a->filter.filter, b->filter.filter,
		       a->filter.len * sizeof(*a->filter.filter));
}

/* Whether the profile becomes the same program with and without the cache. */
static bool is_right(const char *text)
{
	struct json_object *json = parse(text);
	struct seccomp_program cached, compiled;
	struct failure failure;
	bool right;

	if (seccomp_compile(&compiled, json, &failure) ||
	    seccomp_cached(&cached, json, states, &failure))
		bail("%s: %s", text, failure.text);
	right = same(&cached, &compiled);
	seccomp_program_free(&cached);
	seccomp_program_free(&compiled);
	json_object_put(json);
	return right;
}

static int count_entry(int folder, const struct dirent *entry, void *arg)
{
	(void)folder;
	memcpy(name, entry->d_name, strlen(entry->d_name) + 1);
	++*(int *)arg;
	return 0;
}

static int count_files(void)
{
	int n = 0;

	if (path_each_entry(states, SECCOMP_CACHE_FOLDER, count_entry, &n))
		return -1;
	return n;
}

static struct stat status_of(const char *file)
{
	struct stat st = { 0 };

	fstatat(cache, file, &st, AT_SYMLINK_NOFOLLOW);
	return st;
}

/* Whether the file is used as it is: a file made anew is another one. */
static bool is_used(const char *text)
{
	const ino_t before = status_of(name).st_ino;

	return is_right(text) && status_of(name).st_ino == before;
}

/* Whether a file that is not as it should be is replaced by one that is. */
static bool is_replaced(void)
{
	const ino_t before = status_of(name).st_ino;

	return is_right(SMALL("read")) && status_of(name).st_ino != before &&
	       S_ISREG(status_of(name).st_mode) && is_used(SMALL("read"));
}

static void test_use(void)
{
	struct stat st;

	ok(is_right(SMALL("read")), "a new profile is compiled");
	cache = openat(states, SECCOMP_CACHE_FOLDER, O_RDONLY | O_DIRECTORY);
	if (cache < 0 || fstat(cache, &st))
		bail("there is no cache");
	is_int(st.st_mode & 07777, 0700, "the mode of the folder");
	is_int(count_files(), 1, "there is one file");
	is_int(status_of(name).st_mode, S_IFREG | 0600, "its mode");
	ok(is_used(SMALL("read")), "it is used for the same profile");
	ok(is_right(SMALL("write")), "but not for another one");
	ok(is_right(podman_seccomp) && is_right(podman_seccomp),
	   "podman's profile, compiled and from the cache");
	is_int(count_files(), 3, "each has a file");
}

static int remove_entry(int folder, const struct dirent *entry, void *arg)
{
	(void)arg;
	return unlinkat(folder, entry->d_name, 0);
}

static void empty(void)
{
	if (path_each_entry(states, SECCOMP_CACHE_FOLDER, remove_entry, NULL))
		bail("cannot empty the cache");
}

/* Begin with one file. */
static void begin(void)
{
	empty();
	if (!is_right(SMALL("read")) || count_files() != 1)
		bail("there is no file");
}

static int open_file(void)
{
	int fd = openat(cache, name, O_RDWR);

	if (fd < 0)
		bail("cannot open the file");
	return fd;
}

static void flip(off_t at)
{
	int fd = open_file();
	char c;

	if (pread(fd, &c, 1, at) != 1)
		bail("cannot read the file");
	c = (char)(c ^ (1 << at % 8));
	if (pwrite(fd, &c, 1, at) != 1)
		bail("cannot write the file");
	close(fd);
}

static void cut(off_t size)
{
	int fd = open_file();

	if (ftruncate(fd, size))
		bail("cannot cut the file");
	close(fd);
}

static void test_damage(void)
{
	off_t size, at;

	begin();
	size = status_of(name).st_size;
	for (at = 0; at < size; at++) {
		flip(at);
		if (!is_replaced())
			break;
	}
	is_int(at, size, "a file with a wrong bit is replaced");
	for (at = 0; at < size; at += 5) {
		cut(at);
		if (!is_replaced())
			break;
	}
	ok(at >= size, "and one that ends too early");
	cut(size + 1);
	ok(is_replaced(), "and one that ends too late");
	cut(size + (1 << 20));
	ok(is_replaced(), "and a large one");
}

static void test_foreign(void)
{
	char other[NAME_MAX + 1];

	begin();
	memcpy(other, name, sizeof(other));
	empty();
	ok(is_right(SMALL("write")) && count_files() == 1, "another file");
	if (renameat(cache, name, cache, other))
		bail("cannot rename the file");
	memcpy(name, other, sizeof(other));
	ok(is_replaced(), "the file of another profile is replaced");
	if (renameat(cache, name, states, "elsewhere") ||
	    symlinkat("../elsewhere", cache, name))
		bail("cannot make a link");
	ok(is_replaced(), "and a symbolic link, even to the right file");
	empty();
	if (mkfifoat(cache, other, 0600))
		bail("cannot make a FIFO");
	ok(is_replaced(), "and a FIFO");
	fchmodat(cache, name, 0622, 0);
	ok(is_replaced(), "and a file that others may write");
	empty();
	if (mkdirat(cache, other, 0700))
		bail("cannot make a folder");
	ok(is_right(SMALL("read")), "a folder of that name does no harm");
	is_int(count_files(), 1, "and nothing is left of the attempt");
	unlinkat(cache, other, AT_REMOVEDIR);
	if (geteuid()) {
		skip("a file of another user is replaced", "not root");
		return;
	}
	begin();
	if (fchownat(cache, name, 1, 1, 0))
		bail("cannot give the file away");
	ok(is_replaced(), "a file of another user is replaced");
}

static void test_folder(void)
{
	begin();
	fchmod(cache, 0722);
	ok(is_right(SMALL("write")), "others may write the folder");
	is_int(count_files(), 1, "nothing is put into it");
	fchmod(cache, 0700);
	empty();
	unlinkat(states, SECCOMP_CACHE_FOLDER, AT_REMOVEDIR);
	mkdirat(states, "target", 0700);
	if (symlinkat("target", states, SECCOMP_CACHE_FOLDER))
		bail("cannot make a link");
	ok(is_right(SMALL("read")), "the folder is a symbolic link");
	unlinkat(states, SECCOMP_CACHE_FOLDER, 0);
	is_int(unlinkat(states, "target", AT_REMOVEDIR), 0,
	       "nothing is put where it leads");
	if (mknodat(states, SECCOMP_CACHE_FOLDER, S_IFREG | 0600, 0))
		bail("cannot make a file");
	ok(is_right(SMALL("read")), "the folder is a file");
	unlinkat(states, SECCOMP_CACHE_FOLDER, 0);
	ok(is_right(SMALL("read")) && count_files() == 1, "it is made again");
	close(cache);
	cache = openat(states, SECCOMP_CACHE_FOLDER, O_RDONLY | O_DIRECTORY);
}

/* A profile that differs from the others in one number. */
static void make_profile(char text[256], int i)
{
	snprintf(text, 256,
		 "{\"defaultAction\":\"SCMP_ACT_ERRNO\",\"defaultErrnoRet\":%d,"
		 "\"syscalls\":[{\"names\":[\"read\"],"
		 "\"action\":\"SCMP_ACT_ALLOW\"}]}",
		 i);
}

static void test_bounds(void)
{
	char text[256];
	bool right = true;
	int i;

	empty();
	for (i = 1; i <= 3 * SECCOMP_CACHE_FILES; i++) {
		make_profile(text, i);
		right = right && is_right(text);
	}
	ok(right, "many profiles");
	is_int(count_files(), SECCOMP_CACHE_FILES, "a number of files is kept");
	make_profile(text, i - 1);
	ok(is_right(text), "the last one");
	is_int(count_files(), SECCOMP_CACHE_FILES, "is among them");
}

/* What is not kept: a profile with an agent, and one that is wrong. */
static void test_not_kept(void)
{
	static const char agent[] =
		"{\"defaultAction\":\"SCMP_ACT_ALLOW\",\"listenerPath\":\"/a\","
		"\"syscalls\":[{\"names\":[\"mkdir\"],"
		"\"action\":\"SCMP_ACT_NOTIFY\"}]}";
	static const char *const wrong[] = { "{}", "[]", "null",
					     "{\"defaultAction\":\"X\"}" };
	struct seccomp_program program;
	struct json_object *json;
	struct failure failure, same;
	size_t i;

	empty();
	ok(is_right(agent) && is_right(agent), "a profile with an agent");
	is_int(count_files(), 0, "is not kept");
	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		json = json_tokener_parse(wrong[i]);
		ok(seccomp_cached(&program, json, states, &failure) < 0 &&
			   seccomp_compile(&program, json, &same) < 0,
		   "an error: %s", wrong[i]);
		is_str(failure.text, same.text, "and its message");
		json_object_put(json);
	}
	is_int(count_files(), 0, "errors are not kept");
	ok(seccomp_cached(&program, json = parse(SMALL("read")), -1,
			  &failure) == 0,
	   "there is no folder of states");
	seccomp_program_free(&program);
	json_object_put(json);
}

static void test_many_processes(void)
{
	int i, status, good = 0;

	empty();
	fflush(stdout);
	for (i = 0; i < 8; i++)
		if (!fork())
			_exit(is_right(SMALL("read")) &&
			      is_right(SMALL("write")));
	while (wait(&status) > 0)
		good += WIFEXITED(status) && WEXITSTATUS(status);
	is_int(good, 8, "8 processes at a time");
	is_int(count_files(), 2, "make one file for each profile");
}

int main(void)
{
	umask(022);
	if (!mkdtemp(dir))
		bail("mkdtemp");
	states = open(dir, O_PATH | O_DIRECTORY);
	test_use();
	test_damage();
	test_foreign();
	test_folder();
	test_bounds();
	test_not_kept();
	test_many_processes();
	is_int(scratch_remove(dir), 0, "all files are removed");
	return tap_end();
}
