// SPDX-License-Identifier: GPL-2.0
/*
 * reload CYCLES MODULE [PARAMETERS]
 *
 * Loads and unloads the module CYCLES times while other threads use it: they read records,
 * events and counters, listen to events, read only a part of a dump, register and
 * unregister over netlink and over /dev/container_monitor, and fork. Some requests hold a
 * reference to the module for a moment. If unloading was refused several times, threads
 * start no more such requests until the module is unloaded.
 *
 * Prints a line for each fault, and then how many requests of each thread succeeded. Exit
 * status: 0 if there was no fault, else 1.
 */
#include <fcntl.h>
#include <linux/container_monitor.h>
#include <netlink/genl/ctrl.h>
#include <netlink/genl/genl.h>
#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "libpurser/purser.h"
#include "complain.h"
#include "draw.h"
#include "process.h"

static const char usage[] = "reload CYCLES MODULE [PARAMETERS]";

/* How long the program tries to unload the module, in ms. */
#define PATIENCE_MS 30000
/* After how many attempts threads stop to make requests that hold the module. */
#define TRIES 10
/* The longest pause between two requests of a thread. */
#define PAUSE_US 8000

static atomic_bool over, closing;

/* struct customer - a thread that repeats one kind of request */
struct customer {
	const char *name;
	int (*ask)(struct customer *c); /* a request over the handle @purser */
	int (*raw)(struct customer *c); /* a request without a handle */
	bool holds;			/* the request holds the module */
	pthread_t thread;
	struct purser *purser;
	unsigned int random;
	pid_t pid;
	unsigned long served;
	unsigned long turned_away;
};

/* Returns a random number below @n. */
static unsigned int draw(struct customer *c, unsigned int n)
{
	return draw_from(&c->random, n);
}

static int take_record(const struct purser_container *record, void *arg)
{
	(void)record;
	(void)arg;
	return 0;
}

static int take_event(const struct purser_event *event, void *arg)
{
	uint64_t *last = arg;

	if (*last && event->seq != *last + 1)
		complain("event %llu comes after %llu",
			 (unsigned long long)event->seq,
			 (unsigned long long)*last);
	*last = event->seq;
	return 0;
}

static int list(struct customer *c)
{
	return purser_list(c->purser, 0, take_record, NULL);
}

static int events(struct customer *c)
{
	uint64_t last = 0;

	return purser_events_since(c->purser, 0, take_event, &last);
}

static int info(struct customer *c)
{
	struct purser_info info;
	int err = purser_get_info(c->purser, &info);

	if (!err)
		purser_info_free(&info);
	return err;
}

static bool is_allowed(int err)
{
	switch (-err) {
	case ENOENT:	/* the module is not loaded */
	case ENODEV:	/* the module was unloaded */
	case ENXIO:	/* the device of the module is gone */
	case ESHUTDOWN: /* the module is being unloaded */
	case EAGAIN:	/* the table changed in each attempt to list it */
	case ENOBUFS:	/* the listener was too slow */
		return true;
	}
	return false;
}

/* Listens for a moment. Events may begin with any number, and end with the module. */
static int listen_to_events(struct customer *c)
{
	uint64_t last = 0;
	int err, tries;

	err = purser_events_join(c->purser, 0);
	if (err < 0)
		return err;
	for (err = 0, tries = 0; !err && tries < 20; tries++) {
		usleep(1000);
		err = purser_events_read(c->purser, take_event, &last);
	}
	return is_allowed(err) ? 0 : err;
}

static int registration(struct customer *c)
{
	struct purser_registration reg = { .name = c->name, .pid = c->pid };
	struct purser_ref ref;
	uint64_t id;
	int err;

	err = purser_register(c->purser, &reg, &id);
	if (err)
		return err;
	/* The container holds the module, so this must succeed. */
	ref = (struct purser_ref){ .id = id };
	err = purser_unregister(c->purser, &ref);
	if (err)
		complain("unregister: %s", purser_last_error(c->purser));
	return 0;
}

/* Registers and unregisters with an ioctl, and keeps the file open for a while. */
static int monitor(struct customer *c)
{
	struct monitor_request r = { .pid = c->pid };
	int err = 0, fd;

	memcpy(r.container_id, "monitor", sizeof("monitor"));
	fd = open("/dev/container_monitor", O_RDWR | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	if (ioctl(fd, MONITOR_REGISTER, &r))
		err = -errno;
	else if (ioctl(fd, MONITOR_UNREGISTER, &r))
		complain("MONITOR_UNREGISTER: %s", strerrorname_np(errno));
	usleep(draw(c, 2000));
	close(fd);
	return err;
}

/* Reads the first part of a dump, and closes the socket after a while. */
static int half(struct customer *c)
{
	struct nl_sock *sk = nl_socket_alloc();
	char buf[512];
	int err, family;

	if (!sk || genl_connect(sk))
		fail("reload: cannot open a socket");
	family = genl_ctrl_resolve(sk, PURSER_FAMILY_NAME);
	err = family < 0 ? -ENOENT : 0;
	if (!err && genl_send_simple(sk, family, PURSER_CMD_EVENT_GET, 1,
				     NLM_F_DUMP) < 0)
		err = -EIO;
	if (!err && recv(nl_socket_get_fd(sk), buf, sizeof(buf), 0) < 0)
		err = -errno;
	usleep(draw(c, 2000));
	nl_socket_free(sk);
	return err;
}

static int fork_one(struct customer *c)
{
	(void)c;
	end_process(start_process(0));
	return 0;
}

static void *visit(void *arg)
{
	struct customer *c = arg;
	int err;

	while (!atomic_load(&over)) {
		if (c->holds && atomic_load(&closing)) {
			usleep(500);
			continue;
		}
		err = 0;
		if (c->ask)
			err = purser_open(&c->purser);
		if (!err) {
			err = c->ask ? c->ask(c) : c->raw(c);
			if (c->ask)
				purser_close(c->purser);
		}
		if (!err)
			c->served++;
		else if (is_allowed(err))
			c->turned_away++;
		else
			complain("%s: %s", c->name, strerrorname_np(-err));
		/* A pause, so that the load does not use all CPU time. */
		usleep(draw(c, c->holds ? PAUSE_US : 4 * PAUSE_US));
	}
	return NULL;
}

static void load(const char *path, const char *parameters)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC);

	if (fd < 0)
		fail("reload: cannot open %s", path);
	if (syscall(SYS_finit_module, fd, parameters, 0))
		fail("reload: cannot load %s", path);
	close(fd);
}

/* Unloads the module. Returns how often that was refused. */
static unsigned long unload(void)
{
	unsigned long tries = 0;

	while (syscall(SYS_delete_module, "purser", O_NONBLOCK)) {
		if (errno != EWOULDBLOCK || tries++ == PATIENCE_MS)
			fail("reload: cannot unload the module");
		if (tries > TRIES)
			atomic_store(&closing, true);
		usleep(1000);
	}
	atomic_store(&closing, false);
	return tries;
}

static struct customer customers[] = {
	{ .name = "list", .ask = list, .holds = true },
	{ .name = "events", .ask = events, .holds = true },
	{ .name = "info", .ask = info },
	{ .name = "listen", .ask = listen_to_events },
	{ .name = "register", .ask = registration, .holds = true },
	{ .name = "half", .raw = half, .holds = true },
	{ .name = "monitor", .raw = monitor, .holds = true },
	{ .name = "fork", .raw = fork_one },
};
#define N_CUSTOMERS (sizeof(customers) / sizeof(customers[0]))

int main(int argc, char **argv)
{
	unsigned long cycles, done, refused = 0;
	struct customer loader = { .random = 99 };
	size_t i;

	if (argc != 3 && argc != 4)
		bad_usage(usage);
	cycles = number(usage, "CYCLES", argv[1], 1, 100000000);
	for (i = 0; i < N_CUSTOMERS; i++)
		customers[i].pid = start_process(0);
	for (i = 0; i < N_CUSTOMERS; i++) {
		customers[i].random = i + 1;
		errno = pthread_create(&customers[i].thread, NULL, visit,
				       &customers[i]);
		if (errno)
			fail("reload: cannot start a thread");
	}
	for (done = 0; done < cycles && !complaints; done++) {
		load(argv[2], argc > 3 ? argv[3] : "");
		usleep(20000 + draw(&loader, 60000));
		refused += unload();
	}
	atomic_store(&over, true);
	for (i = 0; i < N_CUSTOMERS; i++) {
		pthread_join(customers[i].thread, NULL);
		end_process(customers[i].pid);
		say("%s: served %lu times, turned away %lu times\n",
		    customers[i].name, customers[i].served,
		    customers[i].turned_away);
	}
	say("%lu cycles, unloading was refused %lu times\n", done, refused);
	return complaints ? 1 : 0;
}
