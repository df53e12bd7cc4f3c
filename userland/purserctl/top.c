// SPDX-License-Identifier: GPL-2.0
/*
 * "purserctl top": what containers use, on a screen of the terminal that is drawn again
 * and again. If stdout is no terminal, it is one table.
 *
 * While the screen is there, all signals are blocked (base/console.h), and each way out of
 * the loop leaves the screen and gives the terminal its mode back.
 */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/signalfd.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "base/cleanup.h"
#include "base/console.h"
#include "base/standard.h"
#include "commands.h"
#include "top_screen.h"
#include "view/handle.h"

/* Another screen beside that of the shell, without a cursor. */
#define ENTER "\033[?1049h\033[?25l"
#define LEAVE "\033[?25h\033[?1049l"

/* In raw mode the keys of signals are bytes. */
#define CTRL_C	'\003'
#define CTRL_D	'\004'
#define CTRL_L	'\014'
#define CTRL_Z	'\032'
#define CTRL_BS '\034'
#define ESCAPE	'\033'

#define NS_PER_MS 1000000

/** struct top - one call of the command */
struct top {
	struct top_view view;
	struct purser *table;
	struct sampler sampler;
	struct purser_info info;
	struct console console;
	int timer, signals;
	unsigned int interval_ms;
	bool has_keys; /* stdin is a terminal */
	bool quit;
	struct failure *failure;
};

static int read_table(struct top *t)
{
	int err = sampler_read(&t->sampler, t->table, NULL, 0);

	purser_info_free(&t->info);
	if (!err)
		err = purser_get_info(t->table, &t->info);
	if (err)
		return table_failed(t->failure, err,
				    purser_last_error(t->table),
				    "cannot read the containers");
	return 0;
}

/* Write at once what a terminal gets. A terminal that is gone ends the command. */
static void put(struct top *t, const char *text)
{
	fputs(text, stdout);
	if (standard_flush())
		t->quit = true;
}

static int draw(struct top *t)
{
	__cleanup_free char *screen = NULL;
	struct winsize size = { 0 };
	FILE *out;
	size_t len;
	int err;

	console_size(STDOUT_FILENO, &size);
	/* A terminal need not know its size. */
	t->view.width = size.ws_col ? size.ws_col : 80;
	t->view.height = size.ws_row ? size.ws_row : 24;
	samples_sort(&t->sampler.now, t->view.by, t->view.reverse);
	out = open_memstream(&screen, &len);
	if (!out)
		return print_failed(t->failure);
	err = top_write_screen(&t->view, &t->sampler.now, &t->info, out);
	if (fclose(out) || err)
		return print_failed(t->failure);
	put(t, screen);
	return 0;
}

static int enter(struct top *t)
{
	int err = t->has_keys ? console_raw(&t->console, STDIN_FILENO) : 0;

	if (err == -EINTR) {
		t->quit = true;
		return 0;
	}
	if (err)
		return failed_errno(t->failure, err, "cannot use the terminal");
	put(t, ENTER);
	return 0;
}

static void leave(struct top *t)
{
	put(t, LEAVE);
	if (t->has_keys)
		console_restore(&t->console);
}

/*
 * Ctrl-Z: the shell gets its own screen and mode, until it continues this program. The
 * kernel does not stop a program that no shell would continue.
 */
static int suspend(struct top *t)
{
	sigset_t set;

	leave(t);
	sigemptyset(&set);
	sigaddset(&set, SIGTSTP);
	kill(0, SIGTSTP);
	sigprocmask(SIG_UNBLOCK, &set, NULL);
	sigprocmask(SIG_BLOCK, &set, NULL);
	return enter(t) ? -1 : draw(t);
}

/* Returns 1 if the screen must be drawn again. */
static int take_key(struct top *t, char key)
{
	const int by = top_key(key);

	switch (key) {
	case 'q':
	case CTRL_C:
	case CTRL_D:
	case CTRL_BS:
		t->quit = true;
		return 0;
	case CTRL_Z:
		return suspend(t);
	case CTRL_L:
		return 1;
	case 'r':
		t->view.reverse = !t->view.reverse;
		return 1;
	}
	if (by < 0)
		return 0;
	t->view.by = by;
	return 1;
}

/* The bytes of a key such as an arrow: ESC [ ... and a letter or "~", or ESC O and one. */
static ssize_t escape_length(const char *keys, ssize_t n)
{
	ssize_t i = 2;

	if (n < 2 || (keys[1] != '[' && keys[1] != 'O'))
		return 1;
	while (keys[1] == '[' && i < n && (keys[i] < '@' || keys[i] > '~'))
		i++;
	return i < n ? i + 1 : n;
}

static int take_keys(struct top *t)
{
	char keys[64];
	ssize_t n = read(STDIN_FILENO, keys, sizeof(keys));
	int ret = 0;

	if (n <= 0) {
		t->quit = n == 0 || errno != EINTR;
		return 0;
	}
	for (ssize_t i = 0; i < n && ret >= 0; i++) {
		int changed = 0;

		if (keys[i] == ESCAPE)
			i += escape_length(keys + i, n - i) - 1;
		else
			changed = take_key(t, keys[i]);
		ret = changed < 0 ? changed : ret | changed;
	}
	return ret > 0 ? draw(t) : ret;
}

static int take_signal(struct top *t)
{
	struct signalfd_siginfo info;

	if (read(t->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	switch (info.ssi_signo) {
	case SIGINT:
	case SIGQUIT:
	case SIGTERM:
	case SIGHUP:
		t->quit = true;
		return 0;
	case SIGTSTP:
		return suspend(t);
	case SIGCONT:
		console_continued(&t->console);
		put(t, ENTER);
		return draw(t);
	case SIGWINCH:
		return draw(t);
	}
	return 0;
}

static int take_turn(struct top *t)
{
	uint64_t expired;

	/* It is readable: this resets it. */
	if (read(t->timer, &expired, sizeof(expired)) < 0)
		return 0;
	return read_table(t) ? -1 : draw(t);
}

static int loop(struct top *t)
{
	struct pollfd fds[] = {
		{ .fd = t->timer, .events = POLLIN },
		{ .fd = t->signals, .events = POLLIN },
		{ .fd = t->has_keys ? STDIN_FILENO : -1, .events = POLLIN },
		{ .fd = STDOUT_FILENO }, /* poll() always reports POLLERR */
	};
	int err = draw(t);

	while (!err && !t->quit) {
		if (poll(fds, 4, -1) < 0) {
			if (errno != EINTR)
				return failed_errno(t->failure, -errno,
						    "cannot wait for keys");
			continue;
		}
		t->quit = fds[3].revents;
		if (fds[1].revents)
			err = take_signal(t);
		if (!err && !t->quit && fds[2].revents)
			err = take_keys(t);
		if (!err && !t->quit && fds[0].revents)
			err = take_turn(t);
	}
	return err;
}

static int start_timer(struct top *t)
{
	const struct timespec step = {
		.tv_sec = t->interval_ms / 1000,
		.tv_nsec = t->interval_ms % 1000 * NS_PER_MS,
	};
	const struct itimerspec spec = { step, step };

	t->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
	if (t->timer < 0 || timerfd_settime(t->timer, 0, &spec, NULL) < 0)
		return failed_errno(t->failure, -errno, "cannot make a timer");
	return 0;
}

static int run_screen(struct top *t)
{
	int err;

	t->signals = console_signals(true);
	if (t->signals < 0)
		return failed_errno(t->failure, t->signals,
				    "cannot wait for signals");
	if (read_table(t) || enter(t))
		return -1;
	err = t->quit ? 0 : loop(t);
	leave(t);
	return err;
}

/* A part of a CPU needs two samples. */
static int print_once(struct top *t)
{
	uint64_t expired;
	int err;

	if (read_table(t))
		return -1;
	while (read(t->timer, &expired, sizeof(expired)) < 0) {
		if (errno != EINTR)
			return failed_errno(t->failure, -errno,
					    "cannot wait for the timer");
	}
	if (read_table(t))
		return -1;
	t->view.width = terminal_width();
	samples_sort(&t->sampler.now, t->view.by, t->view.reverse);
	err = top_write_table(&t->view, &t->sampler.now, stdout);
	return err ? print_failed(t->failure) : 0;
}

/* Can the terminal move its cursor? */
static bool is_screen(void)
{
	const char *term = getenv("TERM");

	return isatty(STDOUT_FILENO) && term && *term && strcmp(term, "dumb");
}

static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR");

	return !no || !*no;
}

int cmd_top(const struct command_line *line, struct failure *failure)
{
	const struct ctl_options *o = line->options;
	struct top t = {
		.view.by = o->top.by,
		.view.reverse = o->top.reverse,
		.view.colours = wants_colours(),
		.timer = -1,
		.signals = -1,
		.interval_ms = o->top.interval_ms,
		.has_keys = isatty(STDIN_FILENO),
		.failure = failure,
	};
	int err = table_open(&t.table, failure);

	if (!err)
		err = start_timer(&t);
	if (!err)
		err = o->top.once || !is_screen() ? print_once(&t) :
						    run_screen(&t);
	cleanup_close(&t.timer);
	cleanup_close(&t.signals);
	sampler_free(&t.sampler);
	purser_info_free(&t.info);
	purser_close(t.table);
	return err;
}
