/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Outcomes: the state of a container and how it ended. An outcome is the part of the
 * kernel's record that the supervisor mirrors, and the fields of an "ended" message.
 */
#ifndef CONTROL_OUTCOME_H
#define CONTROL_OUTCOME_H

#include <stdbool.h>
#include <stddef.h>

#include "base/object.h"
#include "libpurser/purser.h"
#include "view/display.h"

/* Enough for outcome_text(). */
#define OUTCOME_TEXT_LEN 256

/** struct outcome - fields with the meaning that they have in struct purser_container */
struct outcome {
	enum purser_state state;
	bool started; /* execve() of its command has succeeded */
	/* NONE with EXITED: somebody has removed the record from the kernel's table. */
	enum purser_reason reason;
	int exit_code; /* -1: init did not exit by itself */
	int signal;    /* 0: no signal ended init */
	bool forced;
	bool no_handler;
	/* The text of display_killer(); empty: not known */
	char killer[DISPLAY_KILLER_LEN];
};

void outcome_from_record(struct outcome *o, const struct purser_container *c);

/**
 * outcome_from_wait() - the outcome of a container whose record is gone
 * @code, @status: si_code and si_status of waitid(); both 0: init was not our child
 */
void outcome_from_wait(struct outcome *o, int code, int status);

/** outcome_encode() - add the fields to a message */
void outcome_encode(const struct outcome *outcome, struct object *m);
/** outcome_decode() - 0, or -EINVAL if the message does not have them */
int outcome_decode(struct json_object *m, struct outcome *outcome);

/** outcome_status() - return the exit code, 128 + signal, or %EXIT_ENGINE */
int outcome_status(const struct outcome *o);

/**
 * outcome_text() - write text into @buf and return it: "stopped, forced, signal
 * SIGKILL", "killed, signal SIGKILL, by 4711 (sh), uid 0"
 */
const char *outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT_LEN]);

#endif /* CONTROL_OUTCOME_H */
