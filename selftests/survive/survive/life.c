// SPDX-License-Identifier: GPL-2.0
/* One container: how it is requested, and how it may end. */
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/wait.h>
#include <unistd.h>

#include "survive.h"

/* Exit statuses of engine. */
#define STATUS_ENGINE	 125
#define STATUS_NOT_FOUND 127

static const struct {
	const char *verb;
	const char *end;
	bool coded;
} kinds[] = {
	[KIND_WRITER] = { "start", "fed", true },
	[KIND_EXITS] = { "run", "exit", true },
	[KIND_STOPPED] = { "run", "stop", true },
	[KIND_KILLED] = { "run", "stay", false },
	[KIND_EATS] = { "run", "eat", false },
	[KIND_STARTED] = { "start", "exit", true },
	[KIND_MISSING] = { "run", "exit", true },
};

static const char *keep(char *text)
{
	must(text, "malloc");
	return text;
}

char *life_root(const struct life *life)
{
	/* The names of a slot, "slot0.3", share one root. */
	return path_of("roots/%.*s", (int)strcspn(life->name->text, "."),
		       life->name->text);
}

/* The words are never freed, as a life is not. */
void life_arguments(const struct life *life, const char *words[])
{
	static char number[3][16];
	char *run = path_of("run"), *size;

	must(asprintf(&size, "%u", life->name->max_kib * 1024) > 0, "malloc");
	*words++ = "engine";
	*words++ = kinds[life->kind].verb;
	*words++ = life->name->text;
	if (life->own_root)
		*words++ = keep(life_root(life));
	*words++ = "--run-dir";
	*words++ = run;
	*words++ = "--log-max-size";
	*words++ = size;
	if (life->name->raw) {
		*words++ = "--log-driver";
		*words++ = "raw";
	}
	if (life->kind == KIND_EATS) {
		*words++ = "--hard-mib";
		*words++ = "16";
	}
	*words++ = "--";
	*words++ = life->kind == KIND_MISSING ? "/missing" : "/scribe";
	*words++ = life->name->text;
	snprintf(number[0], sizeof(number[0]), "%u", life->number);
	snprintf(number[1], sizeof(number[1]), "%u", life->lines);
	snprintf(number[2], sizeof(number[2]), "%d", life->code);
	*words++ = number[0];
	*words++ = number[1];
	*words++ = life->both ? "both" : "stdout";
	*words++ = kinds[life->kind].end;
	if (kinds[life->kind].coded)
		*words++ = number[2];
	*words = NULL;
}

void life_note_progress(struct life *life)
{
	char *root = life_root(life), *path;
	struct progress *p;
	size_t len;

	if (!life->own_root) {
		free(root);
		return;
	}
	must(asprintf(&path, "%s/" PROGRESS_FILE, root) > 0, "malloc");
	p = (struct progress *)slurp(path, &len);
	must(p && len >= sizeof(*p), path);
	for (int i = 0; i < N_STREAMS; i++) {
		life->progress[0][i] = p->done[i];
		life->progress[1][i] = p->begun[i];
	}
	if (p->orders)
		life->lines = p->orders;
	free(p);
	free(path);
	free(root);
}

/* The client reports that the container does not exist or never started. */
static bool check_never(const struct life *life, const char *said)
{
	if (strstr(said, "no supervisor serves") ||
	    strstr(said, "was never started")) {
		totals.clients[strstr(said, "never") ? 1 : 0]++;
		return !life->registered || (life->ended && !life->started);
	}
	/* It is in the table, but has not run. */
	if (strstr(said, "did not start: its supervisor died")) {
		totals.clients[2]++;
		return life->ended && !life->started;
	}
	/* The container before it still exists, or its remains do. */
	if (strstr(said, "is still ") || strstr(said, "is in use by")) {
		totals.clients[3]++;
		return !life->registered;
	}
	return false;
}

/* Check a client of "engine start". If it was cut off, the container may have started. */
static bool check_start(struct life *life, int status, const char *said)
{
	if (!status) {
		totals.clients[5]++;
		/* The event may come a moment later: see life_end_is_right(). */
		life->told_start = true;
		return life->registered;
	}
	if (strstr(said, "without an answer") ||
	    strstr(said, "receiving an answer")) {
		totals.clients[4]++;
		return true;
	}
	return check_never(life, said);
}

static bool is_end_right(const struct life *life)
{
	const struct purser_container *r = &life->record;

	switch (life->kind) {
	case KIND_WRITER:
	case KIND_EXITS:
	case KIND_STARTED:
		return r->reason == PURSER_REASON_EXITED &&
		       r->exit_code == life->code;
	case KIND_STOPPED:
		if (r->reason != PURSER_REASON_STOPPED || !life->asked_stop)
			return false;
		/* It may be stopped before it has its handler. */
		return r->no_handler ? r->signal == SIGKILL :
				       r->exit_code == life->code && !r->signal;
	case KIND_KILLED:
		return r->reason == PURSER_REASON_KILLED &&
		       r->signal == SIGKILL && r->has_killer &&
		       r->killer.pid == getpid();
	case KIND_EATS:
		return r->reason == PURSER_REASON_HARD_LIMIT_KILLED;
	default:
		return false;
	}
}

static int status_of(const struct purser_container *r)
{
	return r->signal ? 128 + r->signal : r->exit_code;
}

static bool check_run(struct life *life, int status, const char *said)
{
	if (status == STATUS_ENGINE)
		return check_never(life, said);
	if (life->kind == KIND_MISSING) {
		totals.clients[6]++;
		return status == STATUS_NOT_FOUND && !life->started;
	}
	life->told = true;
	life->told_at = now_ms();
	totals.clients[7]++;
	return life->started && life->ended &&
	       status == status_of(&life->record);
}

void life_judge(struct life *life, int status, const char *said)
{
	bool good = WIFEXITED(status);

	if (good && strcmp(kinds[life->kind].verb, "run"))
		good = check_start(life, WEXITSTATUS(status), said);
	else if (good)
		good = check_run(life, WEXITSTATUS(status), said);
	if (!good)
		wrong(CLAIM_CLIENTS,
		      "%s.%u, kind %d: client status 0x%x, %s%s%s, %s, code %d, signal %d; the client reported: %s",
		      life->name->text, life->number, life->kind, status,
		      life->registered ? "registered " : "",
		      life->started ? "started " : "",
		      life->ended ? "ended" : "",
		      purser_reason_name(life->record.reason),
		      life->record.exit_code, life->record.signal, said);
}

bool life_end_is_right(const struct life *life)
{
	if (!life->started)
		return !life->told_start;
	return life->ended && is_end_right(life);
}
