// SPDX-License-Identifier: GPL-2.0
/* Run folders: what they hold, and who has their FIFOs open. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdlib.h>
#include <sys/stat.h>
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
	       (st.st_mode & 07777) == 0600;
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

	is_int(run_folder_make(path, false), 0, "make one without FIFOs");
	is_int(run_folder_open(path, O_RDWR, fds), -ENOENT, "it has none");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "and names nothing");
	is_int(run_folder_note(path, RUN_FOLDER_STATE, "/var/lib/web"), 0,
	       "note");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), 0, "read");
	is_str(target, "/var/lib/web", "what was noted");
	free(target);
	is_int(run_folder_note(path, RUN_FOLDER_STATE, "/var/lib/db"), -EEXIST,
	       "once and for all");

	is_int(run_folder_make(path, true), 0, "make it anew, with FIFOs");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "nothing is left of the old one");
	ok(is_fifo("stdout") && is_fifo("stderr"), "FIFOs for root alone");
	is_int(run_folder_note(path, RUN_FOLDER_CGROUP, "/sys/fs/cgroup/web"),
	       0, "note another");
	is_int(run_folder_remove(path), 0, "remove it");
	ok(!exists(), "it is gone");
	is_int(run_folder_remove(path), 0, "remove it again");
	is_int(run_folder_open(path, O_RDWR, fds), -ENOENT,
	       "no folder, no FIFO");
	is_int(run_folder_read(path, RUN_FOLDER_STATE, &target), -ENOENT,
	       "nor anything noted");

	is_int(run_folder_make(path, true), 0, "make one");
	if (snprintf(alien, sizeof(alien), "%s/alien", path) >=
		    (int)sizeof(alien) ||
	    symlink("/etc", alien))
		bail("symlink");
	is_int(run_folder_remove(path), -ENOTEMPTY, "what is not ours stays");
	unlink(alien);
	is_int(run_folder_remove(path), 0, "without it, it goes");
}

/* Who has it read-write keeps what is written, and never writes in vain. */
static void output(void)
{
	int child[2], reader[2], next[2];
	char text[8] = "";

	run_folder_make(path, true);
	if (run_folder_open(path, O_RDWR, child) ||
	    run_folder_open(path, O_RDONLY | O_NONBLOCK, reader))
		bail("opening FIFOs");
	is_int(fcntl(child[0], F_GETFD), FD_CLOEXEC, "closed on exec");
	is_int(write(child[1], "one", 3), 3, "write");
	is_int(read(reader[1], text, sizeof(text)), 3, "and read");
	close_both(reader);
	is_int(write(child[0], "two", 3), 3, "write while nobody else reads");
	if (run_folder_open(path, O_RDONLY | O_NONBLOCK, next))
		bail("opening FIFOs again");
	is_int(read(next[0], text, sizeof(text)), 3, "the next reader has it");
	is_str(text, "two", "all of it");
	close_both(child);
	is_int(read(next[0], text, sizeof(text)), 0, "and then its end");
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

	is_int(run_folder_wait_unused(path, 0), 0, "no folder: nobody uses it");
	run_folder_make(path, true);
	is_int(run_folder_wait_unused(path, 0), 0, "nobody has opened it");
	if (run_folder_open(path, O_RDWR, child))
		bail("opening FIFOs");
	is_int(run_folder_wait_unused(path, 0), -EBUSY, "somebody has");
	close(child[0]);
	is_int(run_folder_wait_unused(path, 0), -EBUSY, "one FIFO is enough");
	child[0] = dup(child[1]);
	if (pthread_create(&thread, NULL, close_later, child))
		bail("pthread_create");
	is_int(run_folder_wait_unused(path, 1000), 0,
	       "it waits until they leave");
	pthread_join(thread, NULL);
	run_folder_remove(path);
}

int main(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/web", dir);
	journal();
	output();
	users();
	ok(!rmdir(dir), "nothing is left");
	return tap_end();
}
