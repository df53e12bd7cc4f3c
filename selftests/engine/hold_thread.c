// SPDX-License-Identifier: GPL-2.0
/*
 * hold_thread PID NAME: stops the thread with that name of process PID, by ptrace, until
 * standard input ends. Prints "held" when the thread is stopped.
 */
#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <sys/wait.h>
#include <unistd.h>

static int has_name(const char *pid, const char *tid, const char *name)
{
	char path[300], comm[32] = "";
	FILE *f;

	snprintf(path, sizeof(path), "/proc/%s/task/%s/comm", pid, tid);
	f = fopen(path, "r");
	if (!f)
		return 0;
	if (!fgets(comm, sizeof(comm), f))
		comm[0] = '\0';
	fclose(f);
	comm[strcspn(comm, "\n")] = '\0';
	return !strcmp(comm, name);
}

static pid_t find_thread(const char *pid, const char *name)
{
	char path[300];
	struct dirent *entry;
	pid_t tid = 0;
	DIR *dir;

	snprintf(path, sizeof(path), "/proc/%s/task", pid);
	dir = opendir(path);
	while (dir && !tid && (entry = readdir(dir))) {
		if (has_name(pid, entry->d_name, name))
			tid = atoi(entry->d_name);
	}
	if (dir)
		closedir(dir);
	return tid;
}

int main(int argc, char *argv[])
{
	pid_t tid = argc == 3 ? find_thread(argv[1], argv[2]) : 0;
	int status;
	char byte;

	if (!tid || ptrace(PTRACE_SEIZE, tid, NULL, NULL) ||
	    ptrace(PTRACE_INTERRUPT, tid, NULL, NULL) ||
	    waitpid(tid, &status, __WALL) != tid) {
		perror("hold_thread");
		return 1;
	}
	puts("held");
	fflush(stdout);
	while (read(STDIN_FILENO, &byte, 1) > 0)
		;
	return ptrace(PTRACE_DETACH, tid, NULL, NULL) ? 1 : 0;
}
