// SPDX-License-Identifier: GPL-2.0
/* Tests the timers of the event loop. */
#include <poll.h>

#include "base/clock.h"
#include "base/timer.h"
#include "tap.h"

static struct loop loop;
static struct loop_source timer;
static int n_expired, n_early;

static void on_timer(struct loop_source *source)
{
	if (timer_expired(source))
		n_expired++;
	else
		n_early++;
}

static bool is_readable(int ms)
{
	struct pollfd p = { .fd = timer.fd, .events = POLLIN };

	return poll(&p, 1, ms) > 0;
}

static void expire(void)
{
	int64_t began;

	ok(!is_readable(20), "a timer that is not set does not expire");
	ok(!timer_expired(&timer), "timer_expired() says that it has not");

	is_int(timer_set(&timer, 0), 0, "set to 0 ms");
	is_int(loop_turn(&loop), 0, "a turn of the loop");
	is_int(n_expired, 1, "the timer expires at once");
	ok(!is_readable(20), "it expires only once");
	ok(!timer_expired(&timer), "timer_expired() has reset it");

	began = clock_ns(CLOCK_MONOTONIC);
	is_int(timer_set(&timer, 30), 0, "set to 30 ms");
	loop_turn(&loop);
	is_int(n_expired, 2, "the timer expires");
	ok(clock_ns(CLOCK_MONOTONIC) - began >= 30 * NSEC_PER_MSEC,
	   "the timer does not expire too early");
}

static void set_again(void)
{
	int64_t began = clock_ns(CLOCK_MONOTONIC);

	timer_set(&timer, 10 * 60 * 1000);
	timer_set(&timer, 1);
	loop_turn(&loop);
	is_int(n_expired, 3, "the second time replaces the first");
	ok(clock_ns(CLOCK_MONOTONIC) - began < 300 * NSEC_PER_SEC,
	   "the first time has no effect");
	timer_set(&timer, 1);
	if (!is_readable(10000))
		bail("the timer does not expire");
	timer_set(&timer, 10 * 60 * 1000);
	ok(!is_readable(20), "setting a timer forgets that it has expired");
	is_int(n_early, 0, "no callback without an expired timer");
}

int main(void)
{
	if (loop_open(&loop) || timer_add(&loop, &timer, on_timer))
		bail("no loop");
	expire();
	set_again();
	loop_close_source(&loop, &timer);
	is_int(timer.fd, -1, "the timer is closed");
	loop_close(&loop);
	is_int(timer_add(&loop, &timer, on_timer), -EBADF,
	       "no timer in a loop that is closed");
	is_int(timer.fd, -1, "nothing is left open");
	return tap_end();
}
