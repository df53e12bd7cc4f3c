// SPDX-License-Identifier: GPL-2.0
/* Tests finding the output of a container whose run folder somebody has removed. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/report.h"
#include "supervisor/restore.h"
#include "supervisor/run_folder.h"
#include "supervisor/supervisor.h"
#include "must.h"

static struct supervisor supervisor;
static struct container *c;
static char dir[] = "/tmp/purser-test.XXXXXX";
static char layer[64];

/* A process with these descriptors as stdout and stderr, as a container has them. */
static pid_t start(const int fds[2])
{
	int ready[2];
	pid_t pid;
	char byte;

	fflush(stdout);
	must(pipe2(ready, O_CLOEXEC));
	pid = must(fork());
	if (pid) {
		/* Until it has closed all others. */
		close(ready[1]);
		must(read(ready[0], &byte, 1));
		close(ready[0]);
		return pid;
	}
	dup2(fds[0], STDOUT_FILENO);
	dup2(fds[1], STDERR_FILENO);
	close_range(3, ~0U, 0);
	dprintf(STDOUT_FILENO, "out");
	dprintf(STDERR_FILENO, "err");
	for (;;)
		pause();
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0));
}

/* Returns what the process has written by now; it has at least @len bytes. */
static const char *get(int fd, size_t len)
{
	static char text[64];
	size_t have = 0;

	while (have < len) {
		ssize_t n = read(fd, text + have, sizeof(text) - 1 - have);

		if (!n || (n < 0 && errno != EAGAIN))
			break;
		have += n > 0 ? n : 0;
	}
	text[have] = '\0';
	return text;
}

static void set_up(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(layer, sizeof(layer), "%s/layer", dir);
	must(mkdir(layer, 0700));
	supervisor.run_folders = dir;
	c = container_new(&supervisor, "web");
	if (!c)
		bail("out of memory");
	c->run_folder = run_folder_path(&supervisor, "web");
	c->layer.path = strdup(layer);
}

static void restored(void)
{
	char *target = NULL;

	must(run_folder_make(c->run_folder, true));
	is_int(container_restore_run_folder(c), 0, "a folder that is there");
	is_int(run_folder_read(c->run_folder, RUN_FOLDER_STATE, &target),
	       -ENOENT, "is left alone");
	must(run_folder_remove(c->run_folder));
	is_int(container_restore_run_folder(c), 0, "a folder that is not");
	is_int(run_folder_read(c->run_folder, RUN_FOLDER_STATE, &target), 0,
	       "is made again");
	is_str(target, layer, "with a link to the layer");
	free(target);
	must(run_folder_remove(c->run_folder));
}

static void found(void)
{
	int fds[2];

	must(run_folder_make(c->run_folder, true));
	must(run_folder_open(c->run_folder, O_RDWR, fds));
	c->init.pid = start(fds);
	close(fds[0]);
	close(fds[1]);
	must(run_folder_remove(c->run_folder));
	is_int(container_find_fifos(c, fds), 0, "removed FIFOs are found");
	is_str(get(fds[0], 3), "out", "that of stdout");
	is_str(get(fds[1], 3), "err", "that of stderr");
	ok(fcntl(fds[0], F_GETFL) & O_NONBLOCK, "they never block");
	close(fds[0]);
	close(fds[1]);
	end(c->init.pid);
}

/* The container has closed one of them. */
static void half(void)
{
	int fds[2], both[2], null = must(open("/dev/null", O_RDWR));
	char byte;

	must(run_folder_make(c->run_folder, true));
	must(run_folder_open(c->run_folder, O_RDWR, fds));
	both[0] = null;
	both[1] = fds[1];
	c->init.pid = start(both);
	close(fds[0]);
	close(fds[1]);
	must(run_folder_remove(c->run_folder));
	is_int(container_find_fifos(c, fds), 0, "one of them is found");
	is_int(read(fds[0], &byte, 1), 0, "the other one has ended");
	is_str(get(fds[1], 3), "err", "that one has its output");
	close(fds[0]);
	close(fds[1]);
	end(c->init.pid);

	both[1] = null;
	c->init.pid = start(both);
	is_int(container_find_fifos(c, fds), -ENOENT, "neither is found");
	end(c->init.pid);
	close(null);
}

/* A FIFO of the container's own, with a name like that. */
static void forged(void)
{
	char root[64], path[128];
	int fds[2], fd;

	snprintf(root, sizeof(root), "%s/web", dir);
	snprintf(path, sizeof(path), "%s/stdout (deleted)", root);
	must(mkdir(root, 0700));
	fd = must(open(path, O_CREAT | O_RDWR, 0600));
	fds[0] = fds[1] = fd;
	c->init.pid = start(fds);
	is_int(container_find_fifos(c, fds), -ENOENT,
	       "a file that has such a name is not opened");
	end(c->init.pid);
	close(fd);
	must(unlink(path));
	must(rmdir(root));
}

int main(void)
{
	report_program("test");
	set_up();
	restored();
	found();
	half();
	forged();
	ok(!rmdir(layer) && !rmdir(dir), "nothing else is left");
	container_free(c);
	return tap_end();
}
