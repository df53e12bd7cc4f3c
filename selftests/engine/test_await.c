// SPDX-License-Identifier: GPL-2.0
/* Waiting for a supervisor that is not there yet. */
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include "control/connection.h"
#include "tap.h"

#define must(cond)                                                       \
	do {                                                             \
		if (!(cond))                                             \
			bail("%s:%d: %s: %s", __FILE__, __LINE__, #cond, \
			     strerror(errno));                           \
	} while (0)

static char scratch[PATH_MAX / 2];
static char run_dir[PATH_MAX];
static char socket_path[PATH_MAX + 16];

/* As control_open() does it. */
static int serve(void)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);

	must(fd >= 0);
	must(strlen(socket_path) < sizeof(address.sun_path));
	memcpy(address.sun_path, socket_path, strlen(socket_path));
	must(!bind(fd, (struct sockaddr *)&address, sizeof(address)));
	sched_yield();
	must(!listen(fd, 8) && !chmod(socket_path, 0600));
	return fd;
}

struct waiting {
	pthread_t thread;
	int other; /* to wait for, too */
	int ret;
	int others; /* how often that had something */
};

static void *await(void *arg)
{
	struct waiting *w = arg;
	struct connection connection;
	struct failure failure;
	char byte;

	do {
		struct pollfd also[2] = { { -1, POLLIN, 0 },
					  { w->other, POLLIN, 0 } };

		w->ret = connection_await(&connection, run_dir, also, 2,
					  &failure);
		if (w->ret == CONNECTION_OTHER && also[1].revents & POLLIN) {
			must(read(w->other, &byte, 1) == 1);
			w->others++;
		}
		connection_close(&connection);
	} while (w->ret == CONNECTION_OTHER);
	return NULL;
}

static void start(struct waiting *w, int other)
{
	*w = (struct waiting){ .other = other };
	must(!pthread_create(&w->thread, NULL, await, w));
}

static void join(struct waiting *w)
{
	must(!pthread_join(w->thread, NULL));
}

static void test_there(void)
{
	struct waiting w;
	int fd;

	must(!mkdir(run_dir, 0700));
	fd = serve();
	start(&w, -1);
	join(&w);
	is_int(w.ret, 0, "one that serves already");
	close(fd);

	/* Its socket is still there, and refuses. */
	start(&w, -1);
	sched_yield();
	must(!unlink(socket_path));
	fd = serve();
	join(&w);
	is_int(w.ret, 0, "the next one, in the place of one that died");
	close(fd);
	must(!unlink(socket_path) && !rmdir(run_dir));
}

/* Every step comes at whatever time the other thread has got to. */
static void test_races(void)
{
	char above[PATH_MAX];
	bool good = true;

	snprintf(above, sizeof(above), "%s/above", scratch);
	for (int i = 0; i < 100; i++) {
		struct waiting w;
		int fd;

		start(&w, -1);
		must(!mkdir(above, 0700));
		if (i % 3 == 0)
			sched_yield();
		must(!mkdir(run_dir, 0700));
		if (i % 5 == 0) {
			/* It goes and comes again. */
			must(!rmdir(run_dir));
			must(!mkdir(run_dir, 0700));
		}
		fd = serve();
		join(&w);
		good = good && w.ret == 0;
		close(fd);
		must(!unlink(socket_path) && !rmdir(run_dir) && !rmdir(above));
	}
	ok(good, "folders and socket are made while one waits");
}

static void test_others(void)
{
	struct waiting w;
	int fds[2], fd;

	must(!mkdir(run_dir, 0700) && !pipe2(fds, O_CLOEXEC));
	must(write(fds[1], "abc", 3) == 3);
	start(&w, fds[0]);
	/* It takes all three before there is anybody to connect to. */
	for (int left = 3; left;) {
		struct pollfd p = { fds[0], POLLIN, 0 };

		left = poll(&p, 1, 0);
		sched_yield();
	}
	fd = serve();
	join(&w);
	is_int(w.others, 3, "other events are handed out meanwhile");
	is_int(w.ret, 0, "and the supervisor is found");
	close(fd);
	close(fds[0]);
	close(fds[1]);
	must(!unlink(socket_path));

	/* A file in the way of the folder. */
	must(!rmdir(run_dir));
	fd = open(run_dir, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	must(fd >= 0);
	start(&w, -1);
	join(&w);
	is_int(w.ret, -1, "a run directory that is none");
	close(fd);
	must(!unlink(run_dir));
}

int main(void)
{
	const char *tmp = getenv("TMPDIR");

	/* A socket's path has to fit below it. */
	must(snprintf(scratch, sizeof(scratch), "%s/await-XXXXXX",
		      tmp ? tmp : "/tmp") < (int)sizeof(scratch));
	must(mkdtemp(scratch));
	snprintf(run_dir, sizeof(run_dir), "%s/run", scratch);
	snprintf(socket_path, sizeof(socket_path), "%s/engine.sock", run_dir);
	plan(6);
	test_there();
	test_others();
	snprintf(run_dir, sizeof(run_dir), "%s/above/run", scratch);
	snprintf(socket_path, sizeof(socket_path), "%s/engine.sock", run_dir);
	test_races();
	must(!rmdir(scratch));
	return tap_end();
}
