// SPDX-License-Identifier: GPL-2.0
/* The ids of containers: the option, and what the kernel says of a process. */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include "launch/launch.h"
#include "must.h"
#include "supervisor/id_pool.h"

#define FIRST 1900000000u

static void test_parse(void)
{
	struct id_pool pool;

	ok(!ids_parse("1000000", &pool) && pool.first == 1000000 &&
		   pool.n == IDS_DEFAULT_RANGES,
	   "a first id");
	ok(!ids_parse("1000000:3", &pool) && pool.first == 1000000 &&
		   pool.n == 3,
	   "a first id and a number of ranges");
	ok(!ids_parse("4294901759", &pool) && pool.n == 1,
	   "no more ranges than there are ids");
	is_int(ids_parse("4294901759:2", &pool), -ERANGE,
	       "too many ranges are refused");
	is_int(ids_parse("0:2", &pool), -ERANGE, "so is root");
	is_int(ids_parse("5:0", &pool), -ERANGE, "so are no ranges");
	is_int(ids_parse("5:", &pool), -EINVAL, "so is no number");
	is_int(ids_parse("5:x", &pool), -EINVAL, "so is a word");
	is_int(ids_parse("1000000000000000:2", &pool), -EINVAL,
	       "so is a number without end");
}

static int collect(uint32_t inside, uint32_t outside, uint32_t count, void *arg)
{
	char *text = arg;
	const size_t n = strlen(text);

	is_int(inside, 0, "a range begins with root");
	snprintf(text + n, 100 - n, "%u+%u ", outside, count);
	return 0;
}

static int stop_at_once(uint32_t inside, uint32_t outside, uint32_t count,
			void *arg)
{
	(void)inside;
	(void)outside;
	(void)count;
	(void)arg;
	return 5;
}

static void test_given(void)
{
	static const char lines[] = "ann:100000:65536\n"
				    "\n"
				    "# a comment\n"
				    "purser:1879048192:65536\n"
				    "1001:4294901760:65536\n"
				    "bob:x:65536\n"
				    "bob:1\n"
				    "bob:1:0\n"
				    "bob:300000:1";
	char path[] = "/tmp/purser-ids-XXXXXX", text[100] = "";
	const int fd = must(mkstemp(path));

	must(write(fd, lines, sizeof(lines) - 1));
	close(fd);
	is_int(ids_each_given(path, collect, text), 0, "a file of ranges");
	is_str(text, "100000+65536 4294901760+65536 300000+1 ",
	       "the ranges of all users but one");
	is_int(ids_each_given(path, stop_at_once, NULL), 5,
	       "the function can stop it");
	unlink(path);
	is_int(ids_each_given(path, stop_at_once, NULL), 0,
	       "no file, no ranges");
	is_int(ids_each_given("/", stop_at_once, NULL), -EIO,
	       "a file that cannot be read is an error");
}

/*
 * A process that joins the namespace, and waits to be killed. Only a process with one thread
 * can join, and after fork() the thread sanitizer makes a second one.
 */
static pid_t begin(int userns)
{
	int ready[2];
	pid_t pid;
	char c;

	must(pipe2(ready, O_CLOEXEC));
	fflush(stdout);
	pid = must(syscall(SYS_clone, SIGCHLD, 0, 0, 0, 0));
	if (!pid) {
		if (setns(userns, CLONE_NEWUSER) || write(ready[1], "", 1) != 1)
			_exit(1);
		for (;;)
			pause();
	}
	close(ready[1]);
	must(read(ready[0], &c, 1));
	close(ready[0]);
	return pid;
}

static void test_process(void)
{
	const struct id_range ranges[] = {
		{ .inside = 1, .outside = 5, .count = 2 },
		{ .inside = 0, .outside = FIRST, .count = 1 },
	};
	const struct id_map map = { ranges, 2 };
	const int userns = launch_user_namespace(&map, &map, FIRST);
	uint32_t root = 7;
	pid_t pid;

	is_int(ids_of_process(getpid(), &root), -ENOENT,
	       "a process of the host");
	is_int(root, 7, "it has no other root");
	if (userns < 0) {
		skip("a process of a user namespace",
		     "user namespaces cannot be made here");
		return;
	}
	pid = begin(userns);
	close(userns);
	ok(!ids_of_process(pid, &root), "a process of a user namespace");
	is_int(root, FIRST, "it says what its root is outside");
	kill(pid, SIGKILL);
	must(waitpid(pid, NULL, 0));
	is_int(ids_of_process(pid, &root), -ENOENT,
	       "a process that is dead has none");
}

int main(void)
{
	test_parse();
	test_given();
	if (geteuid())
		skip("processes", "root is needed");
	else
		test_process();
	return tap_end();
}
