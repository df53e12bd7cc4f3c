// SPDX-License-Identifier: GPL-2.0
/* The terminal of a process: of the container's devpts, its other side for the caller. */
#include <sys/ioctl.h>

#include "fixture.h"

#define ENOUGH 4096

/* What comes from a terminal up to the end of all who have it. */
static char *read_terminal(int fd)
{
	struct pollfd p = { .fd = fd, .events = POLLIN };
	char *text = calloc(1, ENOUGH);
	size_t n = 0;
	ssize_t r;

	while (n < ENOUGH - 1) {
		if (!must(poll(&p, 1, PATIENCE_MS)))
			bail("a terminal hangs");
		r = read(fd, text + n, ENOUGH - 1 - n);
		if (r <= 0)
			break;
		n += (size_t)r;
	}
	/* Lines end with both. */
	for (char *s = text; (s = strchr(s, '\r'));)
		*s = ' ';
	return text;
}

static struct container_spec terminal_spec(char *const *argv)
{
	struct container_spec spec = fixture_spec(argv);

	spec.root.path = BASE;
	spec.process.terminal = true;
	return spec;
}

static void test_container(void)
{
	struct container_spec spec = terminal_spec(
		SH("echo name: $(tty); echo size: $(stty size); "
		   "read pid comm state ppid group session tty rest "
		   "< /proc/self/stat; echo controls: $tty; "
		   "echo > /dev/tty && echo own: works; "
		   "stat -c 'console: %t:%T' /dev/console; "
		   "stat -c 'owner: %u %a' $(tty); "
		   "echo text > /dev/console; read line; echo line: $line"));
	struct outcome o = { 0 };
	struct failure err;
	struct launch l;
	char number[16], *at;

	spec.process.rows = 33;
	spec.process.columns = 77;
	must(launch_begin(&l, &spec, (int[]){ 4000, 4001, 4002 }, &err));
	is_int(l.terminal_fd, -1, "there is no terminal before the release");
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a process with a terminal runs");
	ok(l.terminal_fd >= 0 && fcntl(l.terminal_fd, F_GETFD) == FD_CLOEXEC,
	   "the caller has the other side, close-on-exec");
	launch_end(&l);
	must(write(l.terminal_fd, "typed\n", 6));
	o.output = read_terminal(l.terminal_fd);
	is_int(wait_status(l.pid, l.pidfd), 0, "it ends");
	close(l.pidfd);
	close(l.terminal_fd);
	ok(field(&o, "name") && !strncmp(field(&o, "name"), "/dev/pts/0", 10),
	   "it is in the container's own /dev/pts: %s", field(&o, "name"));
	ok(field(&o, "size") && !strncmp(field(&o, "size"), "33 77", 5),
	   "with the size asked for: %s", field(&o, "size"));
	ok(field(&o, "controls") && atoi(field(&o, "controls")) == 136 << 8,
	   "it is the controlling one: %s", field(&o, "controls"));
	ok(field(&o, "own"), "/dev/tty leads to it");
	snprintf(number, sizeof(number), "%x:%x", 136, 0);
	ok(field(&o, "console") &&
		   !strncmp(field(&o, "console"), number, strlen(number)),
	   "/dev/console is the same: %s", field(&o, "console"));
	at = strstr(o.output, "text");
	ok(at, "what is written there comes out");
	ok(field(&o, "line") && !strncmp(field(&o, "line"), "typed", 5),
	   "what the caller types goes in");
	free(o.output);
}

/* Start it, and return what its terminal shows up to its end, and its size. */
static char *run_terminal(const struct container_spec *spec,
			  struct winsize *size)
{
	struct failure err;
	struct launch l;
	char *text;

	must(launch_begin(&l, spec, (int[]){ -1, -1, -1 }, &err));
	must(launch_release(&l));
	is_int(wait_result(&l, &err), 1, "a process with a terminal runs");
	launch_end(&l);
	must(ioctl(l.terminal_fd, TIOCGWINSZ, size));
	text = read_terminal(l.terminal_fd);
	wait_status(l.pid, l.pidfd);
	close(l.pidfd);
	close(l.terminal_fd);
	return text;
}

static void test_owner(void)
{
	struct container_spec spec = terminal_spec(
		SH("stat -c 'owner: %u %g %a' $(tty); echo > $(tty) && "
		   "echo own: works"));
	struct outcome o = { 0 };
	struct winsize size;

	spec.process.uid = 1234;
	o.output = run_terminal(&spec, &size);
	ok(field(&o, "owner") && !strncmp(field(&o, "owner"), "1234 5 620", 10),
	   "it is the user's: %s", field(&o, "owner"));
	ok(field(&o, "own"), "and can be opened by it");
	free(o.output);
}

/* As with crun and runc, both numbers must be given. */
static void test_half_a_size(void)
{
	struct container_spec spec = terminal_spec(ARGV("true"));
	struct winsize size;

	spec.process.columns = 77;
	free(run_terminal(&spec, &size));
	is_int(size.ws_col, 0, "a size with a 0 in it is none");
}

/* It comes before the start, as the caller of "create" needs it. */
static void test_gate(void)
{
	struct container_spec spec = terminal_spec(SH("echo started"));
	int folder = must(open(PLACE, O_PATH | O_DIRECTORY | O_CLOEXEC));
	struct launch_gate gate;
	struct failure err;
	struct launch l;
	char *text;

	spec.start_gate = launch_gate_make(folder, "start", &err);
	must(launch_begin(&l, &spec, (int[]){ -1, -1, -1 }, &err));
	close(spec.start_gate);
	must(launch_release(&l));
	is_int(wait_result(&l, &err), LAUNCH_WAITS, "it waits for its start");
	ok(l.terminal_fd >= 0, "its terminal is there");
	must(launch_gate_open(&gate, folder, "start", &err));
	text = read_terminal(l.terminal_fd);
	ok(!strncmp(text, "started", 7), "it is its own after the start");
	free(text);
	launch_gate_close(&gate);
	launch_end(&l);
	wait_status(l.pid, l.pidfd);
	close(l.pidfd);
	close(l.terminal_fd);
	must(unlinkat(folder, "start", 0));
	close(folder);
}

/* What lies at /dev/pts may be anything. */
static void test_no_devpts(void)
{
	struct container_spec spec = terminal_spec(ARGV("true"));
	struct outcome o __cleanup_outcome;
	struct outcome none __cleanup_outcome;
	struct outcome link __cleanup_outcome;

	make_root(PLACE "/without");
	spec.root.path = PLACE "/without";
	spec.n_mounts = 0;
	spec.n_devices = 0;
	spec.n_links = 0;
	run(&spec, &none);
	is_str(none.error.text,
	       "cannot launch \"box\": cannot make its terminal: No such file or directory",
	       "a container without /dev/pts has no terminal");
	must(mkdir(PLACE "/without/dev", 0755));
	must(mkdir(PLACE "/without/dev/pts", 0755));
	must(mkfifo(PLACE "/without/dev/pts/ptmx", 0666));
	run(&spec, &o);
	is_str(o.error.text,
	       "cannot launch \"box\": cannot make its terminal: No such device",
	       "nor one with another file system there");
	must(unlink(PLACE "/without/dev/pts/ptmx"));
	must(rmdir(PLACE "/without/dev/pts"));
	must(symlink("/../../dev/pts", PLACE "/without/dev/pts"));
	run(&spec, &link);
	is_int(link.result, -1, "nor one with a link out of its root");
}

int main(void)
{
	fixture_begin();
	test_container();
	test_owner();
	test_half_a_size();
	test_gate();
	test_no_devpts();
	return tap_end();
}
