// SPDX-License-Identifier: GPL-2.0
/*
 * Folders of a root that another process exchanges by rename for as long as
 * containers start there: its owner, a container whose root is above it, or a
 * container that has the same root from another supervisor. A start may be
 * refused. One that is not has its masks on its own proc and sysfs, under
 * whatever name these are then.
 */
#include <stdatomic.h>

#include "fixture.h"

#define ROOT	PLACE "/root"
#define OUTSIDE PLACE "/outside"

/* Starts for each pair of names; the first met the fault at once. */
#define STARTS 40

/** struct exchange - two names that change places until it is ended */
struct exchange {
	pid_t pid;
	atomic_ulong *times;
};

static struct exchange exchange_begin(const char *a, const char *b)
{
	struct exchange x = {
		.times = mmap(NULL, sizeof(*x.times), PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS, -1, 0),
	};

	if (x.times == MAP_FAILED)
		bail("no shared memory");
	fflush(stdout);
	x.pid = must(fork());
	while (!x.pid) {
		if (renameat2(AT_FDCWD, a, AT_FDCWD, b, RENAME_EXCHANGE))
			_exit(1);
		(*x.times)++;
	}
	return x;
}

/* More than one a start: it was there all the time. */
static void exchange_end(struct exchange *x)
{
	int status;

	must(kill(x->pid, SIGKILL));
	must(waitpid(x->pid, &status, 0));
	ok(status == SIGKILL && *x->times > STARTS,
	   "%lu exchanges have taken place", *x->times);
	munmap(x->times, sizeof(*x->times));
}

static void starts(const char *a, const char *b, char *const *argv)
{
	struct container_spec spec = fixture_spec(argv);
	struct exchange x = exchange_begin(a, b);
	int i, masked = 0, refused = 0;

	spec.root.path = ROOT;
	for (i = 0; i < STARTS; i++) {
		struct outcome o __cleanup_outcome;

		run(&spec, &o);
		if (o.result < 0) {
			refused++;
			printf("# refused: %s\n", o.error.text);
		} else if (field(&o, "masks") &&
			   !strcmp(field(&o, "masks"), "there")) {
			masked++;
		} else {
			printf("# %s\n", o.output);
		}
	}
	is_int(masked + refused, STARTS,
	       "%s and %s: all starts are refused (%d) or masked (%d)",
	       strrchr(a, '/') + 1, strrchr(b, '/') + 1, refused, masked);
	exchange_end(&x);
}

static void test_folders(void)
{
	must(mkdir(ROOT "/proc", 0755));
	must(mkdir(ROOT "/proc2", 0755));
	must(mkdir(ROOT "/sys", 0755));
	must(mkdir(ROOT "/sys2", 0755));
	must(mkdir(ROOT "/dev", 0755));
	must(mkdir(ROOT "/dev2", 0755));
	must(mkdir(OUTSIDE, 0755));
	starts(ROOT "/proc", ROOT "/proc2",
	       ARGV("probe", "masks", "/proc", "/proc2"));
	starts(ROOT "/sys", ROOT "/sys2",
	       ARGV("probe", "masks", "/sys", "/sys2"));
	starts(ROOT "/dev", ROOT "/dev2", ARGV("probe", "masks", "/proc"));
	starts(ROOT "/proc", OUTSIDE, ARGV("probe", "masks", "/proc"));
}

/* A link that leads to the one that it is not. */
static void test_link(void)
{
	must(symlink("proc2", ROOT "/link"));
	starts(ROOT "/proc", ROOT "/link",
	       ARGV("probe", "masks", "/proc", "/proc2", "/link"));
}

int main(void)
{
	fixture_begin();
	make_root(ROOT);
	test_folders();
	test_link();
	return tap_end();
}
