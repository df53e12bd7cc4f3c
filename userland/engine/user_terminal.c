// SPDX-License-Identifier: GPL-2.0
/* The user's terminal, see user_terminal.h. */
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "user_terminal.h"

void user_terminal_init(struct user_terminal *t, bool input)
{
	*t = (struct user_terminal){
		.input = input,
		.size_fd = isatty(STDIN_FILENO) ? STDIN_FILENO : STDOUT_FILENO,
		.master = -1,
	};
}

void flow_to_user(struct flow *f, int from, bool owns_from, int to)
{
	const int own = relay_reopen(to);

	*f = (struct flow){
		.from = from,
		.to = own < 0 ? to : own,
		.owns_from = owns_from,
		.owns_to = own >= 0,
	};
}

int user_terminal_connect(struct user_terminal *t, struct relay *relay,
			  int master, int from, bool owns_from,
			  struct failure *failure)
{
	int err;

	t->master = master;
	fcntl(master, F_SETFL, O_NONBLOCK);
	console_pass_size(t->size_fd, master);
	flow_to_user(&relay->out, from, owns_from, STDOUT_FILENO);
	if (!t->input)
		return 0;
	err = console_raw(&t->console, STDIN_FILENO);
	/* Our input may be no terminal; -EINTR: a signal is to end us, in the background. */
	if (err && err != -ENOTTY && err != -EBADF && err != -EINTR)
		return failed_errno(failure, err,
				    "putting the terminal into raw mode");
	relay->in = (struct flow){ .from = STDIN_FILENO,
				   .to = master,
				   .to_terminal = !t->console.raw };
	return 0;
}

bool user_terminal_signal(struct user_terminal *t, int sig)
{
	if (sig != SIGWINCH && sig != SIGCONT)
		return false;
	if (sig == SIGCONT)
		console_continued(&t->console);
	console_pass_size(t->size_fd, t->master);
	return true;
}

bool environment_has(const struct string_list *list, const char *key)
{
	const size_t len = strlen(key);

	for (size_t i = 0; i < list->n; i++) {
		if (!strncmp(list->strings[i], key, len) &&
		    list->strings[i][len] == '=')
			return true;
	}
	return false;
}

const char *terminal_variable(char buf[64])
{
	const char *term = getenv("TERM");

	snprintf(buf, 64, "TERM=%s", term && *term ? term : "xterm");
	return buf;
}
