// SPDX-License-Identifier: GPL-2.0
/* Tests requests on disk: staging, naming, reading, refusing, removing. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "supervisor/kept.h"
#include "supervisor/old_requests.h"
#include "tap.h"

static char state[] = "/tmp/purser-test.XXXXXX";

static const char *file(const char *name)
{
	static char path[128];

	snprintf(path, sizeof(path), "%s/" KEPT_FOLDER "/%s", state, name);
	return path;
}

static mode_t mode_of(const char *name)
{
	struct stat st;

	return lstat(file(name), &st) ? 0 : st.st_mode;
}

static int put(const char *name, const char *text)
{
	int fd = open(file(name), O_WRONLY | O_CREAT | O_TRUNC, 0600);
	ssize_t n = write(fd, text, strlen(text));

	close(fd);
	return n < 0;
}

static struct kept make(const char *id, const char *word)
{
	struct kept kept = {
		.request.id = strdup(id),
		.request.cwd = strdup("/tmp"),
		.request.soft_limit = 5 << 20,
		.request.hard_limit = 6 << 20,
		.run = strdup("/run/purser"),
		.key = UINT64_C(0x8000000000000001),
		.restarts = 3,
		.stopped = true,
	};

	string_list_add(&kept.request.command, "sh");
	string_list_add(&kept.request.command, word);
	string_list_add(&kept.request.env, "PASSWORD=\xff");
	return kept;
}

static void folder(void)
{
	struct kept kept;
	struct stat st;
	char *why;

	is_int(kept_read(state, "web", &kept), -ENOENT,
	       "without the folder there is no request");
	is_int(kept_prepare(state, &why), 0, "the folder is made");
	ok(!lstat(file(""), &st) && (st.st_mode & 07777) == 0700,
	   "nobody else can enter the folder");
	is_int(kept_prepare(state, &why), 0,
	       "a folder that exists is accepted");
	chmod(file(""), 0777);
	is_int(kept_prepare(state, &why), -EPERM,
	       "a folder that others may write is refused");
	ok(why, "there is a reason");
	free(why);
	chmod(file(""), 0700);
}

static void cycle(void)
{
	struct kept first = make("web", "first"), again;
	struct kept second = make("web", "second");

	is_int(kept_commit(state, "web"), -ENOENT,
	       "nothing is staged at first");
	is_int(kept_stage(state, &first), 0, "a request is staged");
	is_int(kept_read(state, "web", &again), -ENOENT,
	       "a staged request has no name yet");
	is_int(kept_read_staged(state, "web", &again), 0,
	       "a staged request can be read");
	kept_free(&again);
	is_int(kept_commit(state, "web"), 0, "it gets its name");
	is_int(mode_of("web.json"), S_IFREG | 0600, "its mode is 0600");

	is_int(kept_read(state, "web", &again), 0, "it is read");
	is_str(again.run, "/run/purser", "run directory");
	ok(again.key == first.key && again.restarts == 3 && again.stopped,
	   "the other fields");
	is_str(again.request.command.strings[1], "first", "command");
	is_str(again.request.env.strings[0], "PASSWORD=\xff", "environment");
	is_str(again.request.cwd, "/tmp", "working directory");
	ok(again.request.hard_limit == 6 << 20, "limits");
	kept_free(&again);

	is_int(kept_stage(state, &second), 0, "another request is staged");
	kept_discard(state, "web");
	is_int(kept_commit(state, "web"), -ENOENT, "it is discarded");
	is_int(kept_read(state, "web", &again), 0, "the first one is left");
	is_str(again.request.command.strings[1], "first", "unchanged");
	kept_free(&again);
	is_int(kept_save(state, &second), 0, "a request is replaced");
	is_int(kept_read(state, "web", &again), 0, "the new one is read");
	is_str(again.request.command.strings[1], "second", "changed");
	kept_free(&again);
	kept_free(&first);
	kept_free(&second);
}

static void refused(const char *what, int want)
{
	struct kept kept;

	is_int(kept_read(state, "web", &kept), want, "%s is refused", what);
}

static void bad_files(void)
{
	chmod(file("web.json"), 0620);
	refused("a file that a group may write", -EPERM);
	chmod(file("web.json"), 0600);
	put("web.json", "");
	refused("an empty file", -EBADMSG);
	put("web.json", "{\"v\":1,\"run\":\"/run\"");
	refused("half a file", -EBADMSG);
	put("web.json", "[]");
	refused("an array", -EBADMSG);
	put("web.json", "{\"v\":9}");
	refused("a file of another version", -EPROTO);
	put("web.json",
	    "{\"v\":1,\"run\":\"/r\",\"key\":1,\"id\":\"db\",\"command\":[\"x\"]}");
	refused("the request of another container", -EBADMSG);
	put("web.json", "{\"v\":1,\"run\":\"/r\",\"key\":1,\"id\":\"web\"}");
	refused("a request without a command", -EBADMSG);
	put("web.json", "{\"v\":1,\"id\":\"web\",\"command\":[\"x\"]}");
	refused("a request without a run directory", -EBADMSG);
	unlink(file("web.json"));
	ok(!symlink("/etc/passwd", file("web.json")), "there is a link");
	refused("a symbolic link", -EPERM);
	unlink(file("web.json"));
	ok(!mkfifo(file("web.json"), 0600), "there is a FIFO");
	refused("a FIFO", -EPERM);
	unlink(file("web.json"));
}

static int count(const char *id, void *arg)
{
	struct string_list *all = arg;

	return string_list_add(all, id);
}

static void several(void)
{
	struct kept web = make("web", "x"), odd = make("a.json", "x");
	struct string_list all = { 0 };
	struct kept kept;

	kept_stage(state, &web);
	is_int(kept_save(state, &odd), 0, "an id may end as the files do");
	is_int(kept_each(state, count, &all), 0, "all requests are listed");
	ok(all.n == 1 && !strcmp(all.strings[0], "a.json"),
	   "but not those that are staged");
	kept_commit(state, "web");
	kept_stage(state, &web);
	is_int(kept_remove(state, "web"), 0, "a request is removed");
	is_int(kept_commit(state, "web"), -ENOENT, "with what is staged");
	is_int(kept_remove(state, "web"), -ENOENT, "there is none any more");
	is_int(kept_read(state, "../web", &kept), -ENOENT,
	       "a path is no container");
	is_int(kept_remove(state, "a.json"), 0, "the other one is removed");
	string_list_free(&all);
	kept_free(&web);
	kept_free(&odd);
}

static void keep_at(const char *id, time_t when)
{
	const struct timespec times[2] = { { .tv_sec = when },
					   { .tv_sec = when } };
	struct kept kept = make(id, "x");
	char name[64];

	snprintf(name, sizeof(name), "%s.json", id);
	if (kept_save(state, &kept) ||
	    utimensat(AT_FDCWD, file(name), times, 0))
		bail("cannot keep a request");
	kept_free(&kept);
}

static void bound(void)
{
	static const char *const ids[] = { "b", "c", "a" };
	struct old_requests old = { 0 };
	struct string_list all = { 0 };
	struct kept kept = make("restarts", "x");

	for (int i = 0; i < 3; i++) {
		keep_at(ids[i], 1000 + i);
		is_int(old_requests_add(&old, state, ids[i]), 0, "%s is old",
		       ids[i]);
	}
	is_int(old_requests_add(&old, state, "none"), -ENOENT,
	       "there must be one");
	is_int(old_requests_trim(&old, state, 3), 0, "three may stay");
	is_int(kept_each(state, count, &all), 0, "they are listed");
	is_int(all.n, 3, "and they stay");
	string_list_free(&all);
	is_int(old_requests_trim(&old, state, 1), 0, "one may stay");
	kept_each(state, count, &all);
	ok(all.n == 1 && !strcmp(all.strings[0], "a"), "it is the newest");
	string_list_free(&all);
	old_requests_free(&old);
	kept_remove(state, "a");

	kept.restarting = true;
	kept_save(state, &kept);
	kept_free(&kept);
	is_int(kept_read(state, "restarts", &kept), 0,
	       "a container is being restarted");
	ok(kept.restarting, "that is on disk");
	kept_free(&kept);
	kept_remove(state, "restarts");
}

int main(void)
{
	if (!mkdtemp(state))
		bail("cannot make a folder");
	folder();
	cycle();
	bad_files();
	several();
	bound();
	rmdir(file(""));
	ok(!rmdir(state), "nothing is left");
	return tap_end();
}
