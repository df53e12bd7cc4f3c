// SPDX-License-Identifier: GPL-2.0
/*
 * hammer table LIVES [STANDING [SECONDS]]
 *	Two threads start processes, register them under a few names and kill
 *	them, LIVES times each, and until SECONDS are over. Some of the processes
 *	are the init of a pid namespace, some have a child. Other threads stop,
 *	unregister, limit, look up and list containers with these names, over
 *	netlink and over /dev/container_monitor. Each answer must be legal, no list
 *	may have a record twice, and each list must have the STANDING live
 *	containers that the program does not touch.
 * hammer ghost TIMES
 *	A thread tries TIMES a registration that must fail, while others try to stop
 *	and unregister the container. They must never find it.
 * hammer unload
 *	Registers and unregisters a process until SIGTERM, while the test loads and
 *	unloads the module.
 *
 * Prints a line for each fault, and then how many requests of each kind the kernel
 * accepted. Exit status: 0 if there was no fault, else 1.
 */
#include <fcntl.h>
#include <linux/container_monitor.h>
#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>

#include "libpurser/purser.h"
#include "complain.h"
#include "draw.h"
#include "process.h"

static const char usage[] =
	"hammer table LIVES [STANDING [SECONDS]] | hammer ghost TIMES | hammer unload";

/* Few names, so that requests meet. */
static const char *const names[] = { "h0", "h1", "h2", "h3" };
#define N_NAMES (sizeof(names) / sizeof(names[0]))
#define N_LIVES 2

static unsigned long times; /* how many steps the other threads take at least */
static time_t until;	    /* and until what time */
static unsigned long n_standing; /* containers that live all the time */
static atomic_bool over;	 /* tells endless threads to end */
static _Atomic pid_t
	pids[N_LIVES]; /* the present processes of the life threads */

/* struct worker - one thread and the step that it repeats */
struct worker {
	const char *name;
	int (*step)(struct worker *w);
	int allowed[4]; /* legal errors; 0 ends the list */
	bool endless;
	pthread_t thread;
	struct purser *purser;
	unsigned int number; /* among the life threads */
	unsigned int random;
	unsigned long done; /* steps that the kernel accepted */
};

/* Returns a random number below @n. */
static unsigned int draw(struct worker *w, unsigned int n)
{
	return draw_from(&w->random, n);
}

static const char *draw_name(struct worker *w)
{
	return names[draw(w, N_NAMES)];
}

/*
 * Starts a process that dies with its thread. It is at random the init of a pid
 * namespace, and has at random a child.
 */
static pid_t start_some_process(struct worker *w)
{
	unsigned long flags = draw(w, 2) ? CLONE_NEWPID : 0;
	unsigned int child = draw(w, 2);
	pid_t parent, pid;

	pid = syscall(SYS_clone, flags | SIGCHLD, NULL, NULL, NULL, NULL);
	if (pid < 0)
		fail("cannot start a process");
	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	/* The child starts while its parent is registered or killed. */
	parent = getpid();
	if (child && !syscall(SYS_clone, SIGCHLD, NULL, NULL, NULL, NULL)) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (getppid() != parent)
			_exit(0);
	}
	idle();
}

static int life(struct worker *w)
{
	struct purser_registration reg = { .name = draw_name(w) };
	uint64_t id;
	int err;

	reg.pid = start_some_process(w);
	atomic_store(&pids[w->number], reg.pid);
	err = purser_register(w->purser, &reg, &id);
	/* A long list must be read again if the table changes: leave it some time. */
	if (draw(w, 2))
		usleep(draw(w, n_standing ? 500000 : 3000));
	end_process(reg.pid);
	return err;
}

static int stop(struct worker *w)
{
	struct purser_ref ref = { .name = draw_name(w) };
	int sig = draw(w, 2) ? SIGTERM : SIGWINCH;

	return purser_stop(w->purser, &ref, sig, draw(w, 4));
}

static int unregister(struct worker *w)
{
	struct purser_ref ref = { .name = draw_name(w) };

	if (draw(w, 2)) {
		ref.name = NULL;
		ref.pid = atomic_load(&pids[draw(w, N_LIVES)]);
		if (!ref.pid)
			return 0;
	}
	return purser_unregister(w->purser, &ref);
}

/* Registers or unregisters with an ioctl. */
static int monitor(struct worker *w)
{
	struct monitor_request r = {
		.pid = atomic_load(&pids[draw(w, N_LIVES)]),
	};
	unsigned long command = draw(w, 2) ? MONITOR_REGISTER :
					     MONITOR_UNREGISTER;
	int err, fd;

	if (!r.pid)
		return 0;
	snprintf(r.container_id, sizeof(r.container_id), "%s", draw_name(w));
	fd = open("/dev/container_monitor", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		fail("hammer: cannot open /dev/container_monitor");
	err = ioctl(fd, command, &r) ? -errno : 0;
	close(fd);
	return err;
}

static int set(struct worker *w)
{
	struct purser_ref ref = { .name = draw_name(w) };
	uint64_t soft = draw(w, 1000), hard = draw(w, 4) ? 1 << 30 : 1;
	struct purser_limits limits = {
		.soft_limit = draw(w, 2) ? &soft : NULL,
		.hard_limit = &hard,
	};

	return purser_set(w->purser, &ref, &limits);
}

static int get(struct worker *w)
{
	struct purser_ref ref = { .name = draw_name(w) };
	struct purser_container c;
	int err = purser_get(w->purser, &ref, &c);

	if (err)
		return err;
	if (strcmp(c.name, ref.name))
		complain("get of name %s returned %s", ref.name, c.name);
	ref = (struct purser_ref){ .id = c.id };
	err = purser_get(w->purser, &ref, &c);
	if (!err && c.id != ref.id)
		complain("get of id %llu returned %llu",
			 (unsigned long long)ref.id, (unsigned long long)c.id);
	return err;
}

/* What has been read of a list so far. */
struct seen {
	uint64_t last_id;
	unsigned long live;
};

static int see(const struct purser_container *c, void *arg)
{
	struct seen *seen = arg;

	if (c->id <= seen->last_id)
		complain("id %llu is listed after %llu",
			 (unsigned long long)c->id,
			 (unsigned long long)seen->last_id);
	seen->last_id = c->id;
	if (c->state != PURSER_STATE_EXITED)
		seen->live++;
	return 0;
}

static int list(struct worker *w)
{
	struct seen seen = { 0 };
	int err = purser_list(w->purser, 0, see, &seen);

	if (!err && seen.live < n_standing)
		complain("a list has %lu live containers of %lu", seen.live,
			 n_standing);
	return err;
}

/*
 * For "hammer ghost": the container of pids[0] has the name, so the registration of
 * pids[1] under that name must fail. A "ghost" is that container, which never exists.
 */

static int haunt(struct worker *w)
{
	struct purser_registration reg = {
		.name = names[0],
		.pid = atomic_load(&pids[1]),
	};
	uint64_t id;

	return purser_register(w->purser, &reg, &id);
}

static int unregister_ghost(struct worker *w)
{
	struct purser_ref ref = { .pid = atomic_load(&pids[1]) };
	int err = purser_unregister(w->purser, &ref);

	if (!err)
		complain("unregister found a ghost");
	return err;
}

static int stop_ghost(struct worker *w)
{
	struct purser_ref ref = { .pid = atomic_load(&pids[1]) };
	int err = purser_stop(w->purser, &ref, SIGWINCH, 0);

	if (!err)
		complain("stop found a ghost");
	return err;
}

static bool is_allowed(const struct worker *w, int err)
{
	size_t i;

	for (i = 0; i < sizeof(w->allowed) / sizeof(w->allowed[0]); i++)
		if (w->allowed[i] && w->allowed[i] == -err)
			return true;
	return false;
}

static time_t now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return t.tv_sec;
}

/* Whether the thread has done enough after @n steps. */
static bool is_done(const struct worker *w, unsigned long n)
{
	if (w->endless)
		return atomic_load(&over);
	return n >= times && (!until || now() >= until);
}

static void *work(void *arg)
{
	struct worker *w = arg;
	unsigned long n;
	int err;

	for (n = 0; !is_done(w, n); n++) {
		/* Leave CPU time to the threads that must do their steps. */
		if (w->endless)
			usleep(draw(w, 500));
		err = w->step(w);
		if (!err)
			w->done++;
		else if (!is_allowed(w, err))
			complain("%s: %s: %s", w->name, strerrorname_np(-err),
				 purser_last_error(w->purser));
	}
	return NULL;
}

static void run(struct worker *workers, size_t n)
{
	size_t i;

	for (i = 0; i < n; i++) {
		workers[i].random = i + 1;
		if (purser_open(&workers[i].purser))
			fail("hammer: cannot reach the module");
		errno = pthread_create(&workers[i].thread, NULL, work,
				       &workers[i]);
		if (errno)
			fail("hammer: cannot start a thread");
	}
	for (i = 0; i < n; i++)
		if (!workers[i].endless)
			pthread_join(workers[i].thread, NULL);
	atomic_store(&over, true);
	for (i = 0; i < n; i++) {
		if (workers[i].endless)
			pthread_join(workers[i].thread, NULL);
		purser_close(workers[i].purser);
		say("%s %lu\n", workers[i].name, workers[i].done);
	}
}

static void hammer_table(void)
{
	/* list: EAGAIN if the table changed during each of several attempts. */
	static struct worker workers[] = {
		{ .name = "life", .step = life, .allowed = { EEXIST, ESRCH } },
		{ .name = "life",
		  .step = life,
		  .allowed = { EEXIST, ESRCH },
		  .number = 1 },
		{ .name = "stop",
		  .step = stop,
		  .allowed = { ENOENT, ESRCH, EALREADY },
		  .endless = true },
		{ .name = "unregister",
		  .step = unregister,
		  .allowed = { ENOENT },
		  .endless = true },
		{ .name = "monitor",
		  .step = monitor,
		  .allowed = { ENOENT, ESRCH, EEXIST },
		  .endless = true },
		{ .name = "set",
		  .step = set,
		  .allowed = { ENOENT, ESRCH, EINVAL },
		  .endless = true },
		{ .name = "get",
		  .step = get,
		  .allowed = { ENOENT },
		  .endless = true },
		{ .name = "list",
		  .step = list,
		  .allowed = { EAGAIN },
		  .endless = true },
	};

	run(workers, sizeof(workers) / sizeof(workers[0]));
}

static void hammer_ghost(void)
{
	static struct worker workers[] = {
		{ .name = "haunt", .step = haunt, .allowed = { EEXIST } },
		{ .name = "unregister",
		  .step = unregister_ghost,
		  .allowed = { ENOENT },
		  .endless = true },
		{ .name = "stop",
		  .step = stop_ghost,
		  .allowed = { ENOENT },
		  .endless = true },
	};
	struct purser_registration reg = { .name = names[0] };
	struct purser *purser;
	uint64_t id;

	pids[0] = reg.pid = start_process(0);
	pids[1] = start_process(0);
	if (purser_open(&purser) || purser_register(purser, &reg, &id))
		fail("hammer: cannot register a process");
	run(workers, sizeof(workers) / sizeof(workers[0]));
	if (waitpid(pids[1], NULL, WNOHANG))
		complain("a process that was never registered was killed");
	purser_close(purser);
	end_process(pids[0]);
	end_process(pids[1]);
}

static void end(int sig)
{
	(void)sig;
	atomic_store(&over, true);
}

static void hammer_unload(void)
{
	struct sigaction action = { .sa_handler = end };
	struct purser_registration reg = { .name = names[0] };
	struct purser_ref ref = { .name = names[0] };
	unsigned long done = 0;
	struct worker w = { .random = 1 };
	struct purser *purser;
	uint64_t id;
	int err;

	if (sigaction(SIGTERM, &action, NULL))
		fail("hammer: cannot handle SIGTERM");
	reg.pid = start_process(0);
	say("ready\n");
	while (!atomic_load(&over)) {
		err = purser_open(&purser);
		if (err)
			continue;
		err = purser_register(purser, &reg, &id);
		if (!err) {
			done++;
			err = purser_unregister(purser, &ref);
			if (err)
				complain("unregister: %s",
					 strerrorname_np(-err));
		} else if (err != -ENODEV && err != -ESHUTDOWN &&
			   err != -ENOENT) {
			complain("register: %s", strerrorname_np(-err));
		}
		purser_close(purser);
		/* Leave time to unload the module. */
		usleep(draw(&w, 30000));
	}
	end_process(reg.pid);
	say("unload %lu\n", done);
}

int main(int argc, char **argv)
{
	const char *what = argc > 1 ? argv[1] : "";

	if (argc > 2)
		times = number(usage, "a number", argv[2], 1, 100000000);
	if (argc > 3)
		n_standing = number(usage, "STANDING", argv[3], 1, 1000000);
	if (argc > 4)
		until = now() + number(usage, "SECONDS", argv[4], 1, 1000000);
	if (!strcmp(what, "table") && argc >= 3 && argc <= 5)
		hammer_table();
	else if (!strcmp(what, "ghost") && argc == 3)
		hammer_ghost();
	else if (!strcmp(what, "unload") && argc == 2)
		hammer_unload();
	else
		bad_usage(usage);
	return complaints ? 1 : 0;
}
