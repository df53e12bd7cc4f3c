// SPDX-License-Identifier: GPL-2.0
/* Tests run folders: their links, their FIFOs, and waiting until these are unused. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "supervisor/run_folder.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

static bool is_fifo(const char *name)
{
	char file[96];
	struct stat st;

	snprintf(file, sizeof(file), "%s/%s", path, name);
	return !lstat(file, &st) && S_ISFIFO(st.st_mode) &&
	       (st.st_mode & 07777) == 0622;
}

static bool exists(void)
{
	struct stat st;

	return !lstat(path, &st);
}

static void close_both(const int fds[2])
{
	close(fds[0]);
	close(fds[1]);
}

static void journal(void)
{
	char alien[128];
	char *target = NULL;
	int fds[2];

	is_int(run_folder_make(path, false), 0,
	       "a folder without FIFOs is made");
	is_int(run_folder_open(path, O_RDWR, fds), -ENOENT, "it has no FIFOs");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "it has no link");
	is_int(run_folder_note(path, RUN_FOLDER_STATE, "/var/lib/web"), 0,
	       "a link to a state folder is made");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), 0,
	       "the link is read");
	is_str(target, "/var/lib/web", "the link has the path");
	free(target);
	is_int(run_folder_note(path, RUN_FOLDER_STATE, "/var/lib/db"), -EEXIST,
	       "a link cannot be changed");

	is_int(run_folder_make(path, true), 0,
	       "the folder is made again, with FIFOs");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "the new folder has no link");
	ok(is_fifo("stdout") && is_fifo("stderr"),
	   "every user may write to the FIFOs, and only root may read them");
	is_int(run_folder_note(path, RUN_FOLDER_CGROUP, "/sys/fs/cgroup/web"),
	       0, "a link to a cgroup is made");
	is_int(run_folder_remove(path), 0, "the folder is removed");
	ok(!exists(), "it does not exist any more");
	is_int(run_folder_remove(path), 0, "removing it again is no error");
	is_int(run_folder_open(path, O_RDWR, fds), -ENOENT,
	       "a missing folder has no FIFOs");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "a missing folder has no link");

	is_int(run_folder_make(path, true), 0, "a folder with FIFOs is made");
	if (snprintf(alien, sizeof(alien), "%s/alien", path) >=
		    (int)sizeof(alien) ||
	    symlink("/etc", alien))
		bail("symlink");
	is_int(run_folder_remove(path), -ENOTEMPTY,
	       "a folder with an unknown file is not removed");
	unlink(alien);
	is_int(run_folder_remove(path), 0, "without that file it is removed");
}

/* A process that has a FIFO open read-write keeps its content, and gets no SIGPIPE. */
static void output(void)
{
	int child[2], reader[2], next[2];
	char text[8] = "";

	run_folder_make(path, true);
	if (run_folder_open(path, O_RDWR, child) ||
	    run_folder_open(path, O_RDONLY | O_NONBLOCK, reader))
		bail("opening FIFOs");
	is_int(fcntl(child[0], F_GETFD), FD_CLOEXEC,
	       "the FIFO is close-on-exec");
	is_int(write(child[1], "one", 3), 3, "a write into a FIFO succeeds");
	is_int(read(reader[1], text, sizeof(text)), 3, "the reader gets it");
	close_both(reader);
	is_int(write(child[0], "two", 3), 3,
	       "a write without another reader succeeds");
	if (run_folder_open(path, O_RDONLY | O_NONBLOCK, next))
		bail("opening FIFOs again");
	is_int(read(next[0], text, sizeof(text)), 3, "the next reader gets it");
	is_str(text, "two", "it is complete");
	close_both(child);
	is_int(read(next[0], text, sizeof(text)), 0,
	       "then comes the end of file");
	close_both(next);
	run_folder_remove(path);
}

static void *close_later(void *arg)
{
	close_both(arg);
	return NULL;
}

static void users(void)
{
	int child[2];
	pthread_t thread;

	is_int(run_folder_wait_unused(path, 0), 0,
	       "a missing folder is unused");
	run_folder_make(path, true);
	is_int(run_folder_wait_unused(path, 0), 0, "a new folder is unused");
	if (run_folder_open(path, O_RDWR, child))
		bail("opening FIFOs");
	is_int(run_folder_wait_unused(path, 0), -EBUSY,
	       "a folder with open FIFOs is in use");
	close(child[0]);
	is_int(run_folder_wait_unused(path, 0), -EBUSY,
	       "a folder with one open FIFO is in use");
	child[0] = dup(child[1]);
	if (pthread_create(&thread, NULL, close_later, child))
		bail("pthread_create");
	is_int(run_folder_wait_unused(path, 1000), 0,
	       "it waits until the FIFOs are closed");
	pthread_join(thread, NULL);
	run_folder_remove(path);
}

/* As a process with another user: its error of opening @file, or 0. */
static int open_as_user(int fd, const char *file, int flags)
{
	int status;
	pid_t pid;

	fflush(stdout);
	pid = fork();
	if (pid < 0)
		bail("fork");
	if (!pid) {
		if (dup2(fd, STDOUT_FILENO) < 0 ||
		    setresgid(1234, 1234, 1234) || setresuid(1234, 1234, 1234))
			_exit(255);
		_exit(open(file, flags | O_NONBLOCK) < 0 ? errno : 0);
	}
	if (waitpid(pid, &status, 0) != pid)
		bail("waitpid");
	return WEXITSTATUS(status);
}

static void reopening(void)
{
	char file[96];
	int fds[2];

	if (geteuid()) {
		skip("other users", "root is needed");
		return;
	}
	if (run_folder_make(path, true) || run_folder_open(path, O_RDWR, fds))
		bail("making FIFOs");
	snprintf(file, sizeof(file), "%s/stdout", path);
	is_int(open_as_user(fds[0], "/proc/self/fd/1", O_WRONLY), 0,
	       "a process that is not root any more opens its stdout again");
	is_int(open_as_user(fds[0], "/proc/self/fd/1", O_RDONLY), EACCES,
	       "but not for reading");
	is_int(open_as_user(1, file, O_WRONLY), EACCES,
	       "a user of the host cannot open the FIFO by its path");
	close_both(fds);
	is_int(run_folder_remove(path), 0, "the folder is removed");
}

int main(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/web", dir);
	journal();
	output();
	users();
	reopening();
	ok(!rmdir(dir), "no other file is left");
	return tap_end();
}
