/* SPDX-License-Identifier: GPL-2.0 */
/*
 * How a container stands and how it ended, as the kernel says: the part of its
 * record that the supervisor mirrors, and the fields of an "ended" message.
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

/** struct outcome - as in struct purser_container */
struct outcome {
	enum purser_state state;
	bool started; /* its command has run */
	/* NONE with EXITED: the record was taken from the kernel's table. */
	enum purser_reason reason;
	int exit_code; /* -1 where init did not return */
	int signal;    /* 0 where no signal ended init */
	bool forced;
	bool no_handler;
	/* As display_killer() has it; empty where nobody is known. */
	char killer[DISPLAY_KILLER_LEN];
};

void outcome_from_record(struct outcome *o, const struct purser_container *c);

/**
 * outcome_from_wait() - of a child whose record is gone: si_code and si_status of
 * waitid(); both 0 where it was nobody's child here and nothing is known
 */
void outcome_from_wait(struct outcome *o, int code, int status);

/** outcome_encode() - add the fields to a message */
void outcome_encode(const struct outcome *outcome, struct object *m);
/** outcome_decode() - 0, or -EINVAL if the message does not have them */
int outcome_decode(struct json_object *m, struct outcome *outcome);

/** outcome_status() - for the shell: the exit code, 128 + signal, or %EXIT_ENGINE */
int outcome_status(const struct outcome *o);

/**
 * outcome_text() - "stopped, forced, signal SIGKILL", "killed, signal SIGKILL, by
 * 4711 (sh), uid 0"; returns @buf
 */
const char *outcome_text(const struct outcome *o, char buf[OUTCOME_TEXT_LEN]);

#endif /* CONTROL_OUTCOME_H */
