/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The terminal of the person who uses the program, while the program connects it with the
 * terminal of a container: raw mode, its size, and signals.
 *
 * The terminal is in raw mode from console_raw() to console_restore(). In between, signals
 * that would end the program must be blocked: console_signals() does that. Then only
 * SIGKILL or a fault of the program leaves the terminal raw.
 *
 * Job control works as in other programs: if the program is in the background, reading the
 * terminal or changing its mode stops the program, until the shell continues it.
 */
#ifndef BASE_CONSOLE_H
#define BASE_CONSOLE_H

#include <stdbool.h>
#include <sys/ioctl.h>
#include <termios.h>

/** struct console - the terminal; zero it before the first call */
struct console {
	int fd;
	bool raw;
	struct termios saved;
};

/**
 * console_signals() - block signals, and make a signalfd that receives them
 * @terminal: also the signals of the keys (Ctrl-Z): in raw mode, the keys are bytes
 * Does not block those that report a fault of the program, and those that stop a program
 * in the background. Returns a non-blocking descriptor, or a negative errno.
 */
int console_signals(bool terminal);

/**
 * console_wait_foreground() - stop the program while it is in the background
 * @sig: SIGTTIN before reading the terminal @fd, SIGTTOU before changing it
 * Call console_signals() before. Returns 0, at once if the program is in the foreground or
 * @fd is no terminal of its session; -EINTR: a signal that asks for an end is pending;
 * -EIO: in the background, and no shell can continue the program.
 */
int console_wait_foreground(int fd, int sig);

/**
 * console_raw() - put the terminal @fd into raw mode, and save its mode
 * Call console_signals() before. If the program is in the background, the kernel stops it
 * here until it is in the foreground. Returns 0 or a negative errno; -ENOTTY: @fd is not a
 * terminal; or an error of console_wait_foreground().
 */
int console_raw(struct console *console, int fd);

/**
 * console_continued() - put the terminal into raw mode again, after SIGCONT
 * A shell that stopped the program has changed the mode. Does nothing if the terminal was
 * not in raw mode, or if the program is in the background.
 */
void console_continued(struct console *console);

/**
 * console_restore() - give the terminal its saved mode; may be called again
 * Leaves out a terminal that another job has in the foreground: its mode is the shell's.
 */
void console_restore(struct console *console);

/** console_size() - read the size of a terminal; false: @fd has none */
bool console_size(int fd, struct winsize *size);

/** console_pass_size() - give the terminal @to the size of the terminal @from, if it has one */
void console_pass_size(int from, int to);

#endif /* BASE_CONSOLE_H */
