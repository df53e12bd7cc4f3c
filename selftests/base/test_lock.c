// SPDX-License-Identifier: GPL-2.0
/* The lock of a run directory, with other processes that want it. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

/* What lock_take() says in another process: 0 where it got the lock. */
static int try_elsewhere(pid_t *holder)
{
	struct {
		int ret;
		pid_t holder;
	} result;
	int fds[2], status;
	pid_t pid;

	if (pipe(fds))
		bail("pipe");
	pid = fork();
	if (!pid) {
		result.ret = lock_take(path, &result.holder);
		if (result.ret >= 0)
			lock_release(result.ret, path);
		_exit(write(fds[1], &result, sizeof(result)) < 0);
	}
	close(fds[1]);
	if (read(fds[0], &result, sizeof(result)) != sizeof(result))
		bail("the other process says nothing");
	close(fds[0]);
	waitpid(pid, &status, 0);
	*holder = result.holder;
	return result.ret < 0 ? result.ret : 0;
}

/* A child that has its descriptors, as one has that was cloned a moment ago. */
static void test_child(void)
{
	pid_t holder, child;
	int fds[2], fd = lock_take(path, &holder);
	char byte;

	if (pipe(fds))
		bail("pipe");
	child = fork();
	if (!child) {
		close(fds[1]);
		_exit(read(fds[0], &byte, 1) != 0);
	}
	close(fds[0]);
	is_int(try_elsewhere(&holder), -EWOULDBLOCK,
	       "the child lets go of none");
	close(fd);
	is_int(try_elsewhere(&holder), 0, "nor does it hold it for a dead one");
	close(fds[1]);
	waitpid(child, NULL, 0);
}

int main(void)
{
	pid_t holder;
	int fd;

	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/" LOCK_FILE, dir);

	fd = lock_take(path, &holder);
	ok(fd >= 0, "take it");
	is_int(try_elsewhere(&holder), -EWOULDBLOCK, "nobody else can");
	is_int(holder, getpid(), "and is told who has it");
	lock_release(fd, path);
	ok(access(path, F_OK) < 0, "no file is left behind it");
	is_int(try_elsewhere(&holder), 0, "somebody else can have it now");

	/* One that died leaves the file but not the lock. */
	fd = lock_take(path, &holder);
	close(fd);
	ok(!access(path, F_OK), "the file of one that died");
	is_int(try_elsewhere(&holder), 0, "is no lock");

	test_child();

	/* The file is removed by hand: the lock is a new file's. */
	fd = lock_take(path, &holder);
	unlink(path);
	is_int(try_elsewhere(&holder), 0, "without its file it is no lock");
	close(fd);
	is_int(lock_take("/nowhere/engine.lock", &holder), -ENOENT,
	       "no such folder");
	ok(!rmdir(dir), "nothing else was made");
	return tap_end();
}
