// SPDX-License-Identifier: GPL-2.0
/* Tests the lock of a run directory, with processes that compete for it. */
#include <sys/wait.h>
#include <unistd.h>

#include "base/lock.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

/* Calls lock_take() in another process; returns 0 if that gets the lock. */
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
		bail("the other process sends no result");
	close(fds[0]);
	waitpid(pid, &status, 0);
	*holder = result.holder;
	return result.ret < 0 ? result.ret : 0;
}

/* A child with a copy of the descriptors, as after clone() and before execve(). */
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
	       "the lock is held while a child has the descriptor");
	close(fd);
	is_int(try_elsewhere(&holder), 0,
	       "a child does not hold the lock after its owner has closed it");
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
	ok(fd >= 0, "lock_take() takes the lock");
	is_int(try_elsewhere(&holder), -EWOULDBLOCK,
	       "another process cannot take it");
	is_int(holder, getpid(), "it gets the PID of the holder");
	lock_release(fd, path);
	ok(access(path, F_OK) < 0, "lock_release() removes the file");
	is_int(try_elsewhere(&holder), 0,
	       "then another process can take the lock");

	/* A process that dies leaves the file, but releases the lock. */
	fd = lock_take(path, &holder);
	close(fd);
	ok(!access(path, F_OK), "a process that died leaves the file");
	is_int(try_elsewhere(&holder), 0,
	       "another process can take the lock then");

	test_child();

	/* If somebody removes the file, another process makes a new one. */
	fd = lock_take(path, &holder);
	unlink(path);
	is_int(try_elsewhere(&holder), 0,
	       "without the file another process can take the lock");
	close(fd);
	is_int(lock_take("/nowhere/engine.lock", &holder), -ENOENT,
	       "a missing folder is an error");
	ok(!rmdir(dir), "no other file was made");
	return tap_end();
}
