// SPDX-License-Identifier: GPL-2.0
/*
 * The containers: the writers, which write all the time, and the slots, each of which runs
 * one container after another. A slot has a client (engine), its container, and at times an
 * ender: a program that stops the container at a random instant.
 */
#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/pidfd.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "survive.h"

/* How many lines a writer writes for each order, and another container at most. */
#define ORDER_LINES 200
#define MOST_LINES  150

/* A container is ended within this time. */
#define END_MS 500

static struct writer {
	struct life *life;
	int orders;
	pid_t client;
} writers[N_WRITERS];

static struct slot {
	struct name *names[N_NAMES];
	unsigned int turn;
	struct life *life;
	pid_t client, ender;
	bool ender_engine;
	bool waits;	/* it begins nothing before a supervisor is ready */
	int64_t end_at; /* when to end it, as now_ms(); 0: never */
} slots[N_SLOTS];

static void make_progress(const struct life *life)
{
	char *root = life_root(life), *path;
	int fd;

	must(asprintf(&path, "%s/" PROGRESS_FILE, root) > 0, "malloc");
	fd = open(path, O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
	must(fd >= 0 && !ftruncate(fd, sizeof(struct progress)), path);
	close(fd);
	free(path);
	free(root);
}

static pid_t ask(struct life *life)
{
	char *output = path_of("said/%s", life->name->text);
	const char *words[24];
	pid_t pid;

	if (life->own_root)
		make_progress(life);
	unlink(output);
	life_arguments(life, words);
	pid = spawn(output, words);
	free(output);
	totals.lives++;
	return pid;
}

static char *said(const char *name)
{
	char *path = path_of("said/%s", name), *text = slurp(path, NULL);

	free(path);
	return text ? text : strdup("");
}

/* Writers */

void writers_start(void)
{
	for (int i = 0; i < N_WRITERS; i++) {
		char text[16];
		struct life *life;
		char *path;

		snprintf(text, sizeof(text), "writer%d", i);
		life = life_new(name_new(text), KIND_WRITER);
		life->own_root = true;
		life->lines = ORDER_LINES;
		life->code = 40 + i;
		life->name->raw = i == 1;
		life->both = !life->name->raw;
		/* The logs of every second writer are rotated often. */
		if (i % 2)
			life->name->max_kib = 256;
		path = path_of("roots/%s/" ORDERS_FILE, text);
		must(!mkfifo(path, 0600), path);
		writers[i].orders = open(path, O_RDWR | O_CLOEXEC);
		must(writers[i].orders >= 0, path);
		free(path);
		writers[i].life = life;
		writers[i].client = ask(life);
	}
}

void writers_order(char order)
{
	for (int i = 0; i < N_WRITERS; i++)
		must(write(writers[i].orders, &order, 1) == 1, "ordering");
}

static void kill_life(struct life *life)
{
	struct purser_ref ref = { .id = life->record.id };
	struct purser_container record;
	int fd = pidfd_open(life->record.pid, 0);

	/* If the table says that it lives, the pid was not reused: the pidfd is right. */
	if (fd >= 0 && !purser_get(commands, &ref, &record) &&
	    record.state != PURSER_STATE_EXITED)
		must(!pidfd_send_signal(fd, SIGKILL, NULL, 0) || errno == ESRCH,
		     "pidfd_send_signal");
	if (fd >= 0)
		close(fd);
}

/* Most exit, two are killed while they write, and the supervisor stops the last one. */
void writers_end(void)
{
	writers_order('g');
	for (int i = 0; i < N_WRITERS - 1; i++) {
		if (i < N_WRITERS - 3) {
			must(write(writers[i].orders, "q", 1) == 1, "ordering");
		} else {
			writers[i].life->kind = KIND_KILLED;
			kill_life(writers[i].life);
		}
	}
}

static bool writers_are_done(void)
{
	bool done = true;

	for (int i = 0; i < N_WRITERS - 1; i++)
		done = done && writers[i].life->ended;
	return done;
}

void writers_settle(void)
{
	for (int i = 0; i < N_WRITERS; i++) {
		struct life *life = writers[i].life;
		bool last = i == N_WRITERS - 1;

		/* The last one has no handler for SIGTERM, but was stopped. */
		if (last && (!life->ended ||
			     life->record.reason != PURSER_REASON_STOPPED))
			wrong(CLAIM_TABLE, "%s: ended with %s",
			      life->name->text,
			      purser_reason_name(life->record.reason));
		else if (!last && !life_end_is_right(life))
			wrong(CLAIM_TABLE, "%s: ended with %s, code %d",
			      life->name->text,
			      purser_reason_name(life->record.reason),
			      life->record.exit_code);
		life_note_progress(life);
	}
}

/* Slots */

void slots_start(void)
{
	for (int i = 0; i < N_SLOTS; i++) {
		for (int j = 0; j < N_NAMES; j++) {
			char text[16];

			snprintf(text, sizeof(text), "slot%d.%d", i, j);
			slots[i].names[j] = name_new(text);
		}
	}
}

static void begin(struct slot *slot)
{
	struct name *name = slot->names[slot->turn++ % N_NAMES];
	struct life *life = life_new(name, KIND_EXITS + below(N_KINDS - 1));

	/* Fewer of these, because nothing runs in them. */
	if (life->kind == KIND_MISSING && below(3))
		life->kind = KIND_EXITS;
	life->lines = below(MOST_LINES);
	life->code = 1 + below(99);
	life->both = true;
	life->own_root = below(2);
	slot->life = life;
	slot->client = ask(life);
	if (life->kind == KIND_STOPPED || life->kind == KIND_KILLED)
		slot->end_at = now_ms() + below(END_MS);
}

/* Stop the container by engine, by purserctl, or by a signal to its client, as Ctrl-C. */
static void stop(struct slot *slot)
{
	char *output = path_of("said/ender"), *run = path_of("run");
	const char *name = slot->life->name->text;
	const char *const engine[] = { "engine",    "stop", name,
				       "--run-dir", run,    NULL };
	const char *const ctl[] = { "purserctl", "stop", name, NULL };
	unsigned int how = below(3);

	if (how == 2) {
		kill(slot->client, SIGTERM);
	} else {
		slot->ender_engine = !how;
		slot->ender = spawn(output, how ? ctl : engine);
	}
	free(output);
	free(run);
}

static void end(struct slot *slot)
{
	struct life *life = slot->life;

	slot->end_at = 0;
	if (life->started && !life->ended && slot->client) {
		if (life->kind == KIND_STOPPED)
			stop(slot);
		else
			kill_life(life);
	} else if (life->started && !life->ended) {
		kill_life(life);
	} else if (slot->client) {
		slot->end_at = now_ms() + 1 + below(END_MS);
	}
}

static void settle(struct slot *slot)
{
	struct life *life = slot->life;

	life->settled = true;
	life_note_progress(life);
	if (!life_end_is_right(life))
		wrong(CLAIM_TABLE,
		      "%s.%u, kind %d, code %d: ended with %s, code %d, signal %d",
		      life->name->text, life->number, life->kind, life->code,
		      purser_reason_name(life->record.reason),
		      life->record.exit_code, life->record.signal);
	if (life->started)
		totals.ends[life->kind]++;
	totals.outlived += life->deaths;
	slot->life = NULL;
	slot->end_at = 0;
}

void slots_turn(bool more)
{
	for (int i = 0; i < N_SLOTS; i++) {
		struct slot *slot = &slots[i];

		if (slot->waits && supervisor_ready)
			slot->waits = false;
		if (slot->life && slot->end_at && slot->end_at <= now_ms())
			end(slot);
		if (slot->life && !slot->client && !slot->ender &&
		    (!slot->life->registered || slot->life->ended))
			settle(slot);
		if (!slot->life && more && !slot->waits)
			begin(slot);
	}
}

int64_t slots_deadline(void)
{
	int64_t first = INT64_MAX;

	for (int i = 0; i < N_SLOTS; i++) {
		if (slots[i].life && slots[i].end_at && slots[i].end_at < first)
			first = slots[i].end_at;
	}
	return first;
}

static void on_ender(struct slot *slot, int status)
{
	struct life *life = slot->life;

	slot->ender = 0;
	if (WIFEXITED(status) && !WEXITSTATUS(status)) {
		if (!life->ended)
			wrong(CLAIM_CLIENTS,
			      "%s.%u: the stop has succeeded, but the container lives",
			      life->name->text, life->number);
	} else if (!slot->ender_engine && !life->ended) {
		wrong(CLAIM_CLIENTS, "%s.%u: purserctl stop: status 0x%x",
		      life->name->text, life->number, status);
	} else if (!life->ended) {
		/* Its supervisor has died, before or after it has asked the kernel. */
		slot->end_at = now_ms() + 1 + below(END_MS);
	}
}

static void on_client(struct slot *slot, int status)
{
	char *text = said(slot->life->name->text);

	slot->client = 0;
	life_judge(slot->life, status, text);
	slot->waits = !slot->life->registered && !supervisor_ready;
	free(text);
}

bool slots_reaped(pid_t pid, int status)
{
	book_read();
	for (int i = 0; i < N_WRITERS; i++) {
		if (writers[i].client != pid)
			continue;
		life_judge(writers[i].life, status,
			   said(writers[i].life->name->text));
		writers[i].client = 0;
		return true;
	}
	for (int i = 0; i < N_SLOTS; i++) {
		if (slots[i].ender == pid)
			on_ender(&slots[i], status);
		else if (slots[i].client == pid)
			on_client(&slots[i], status);
		else
			continue;
		return true;
	}
	return false;
}

bool slots_are_idle(void)
{
	bool idle = writers_are_done();

	for (int i = 0; i < N_SLOTS; i++)
		idle = idle && !slots[i].life;
	return idle;
}

/* Whether the start has made a run folder, but not registered the container yet. */
static bool is_half_made(const struct life *life)
{
	char *path = path_of("run/containers/%s", life->name->text);
	bool is = !life->registered && !access(path, F_OK);

	free(path);
	return is;
}

void slots_hit(void)
{
	bool launching = false, asked = false, ending = false, half = false;

	for (int i = 0; i < N_SLOTS; i++) {
		struct life *life = slots[i].life;

		if (!life)
			continue;
		life->deaths += life->registered && !life->ended;
		launching |= life->registered && !life->started && !life->ended;
		asked |= slots[i].client && !life->registered;
		ending |= slots[i].client && life->ended;
		half |= slots[i].client && is_half_made(life);
	}
	totals.half += half;
	totals.launching += launching;
	totals.asked += asked;
	totals.ending += ending;
}

void slots_describe(void)
{
	for (int i = 0; i < N_WRITERS; i++)
		printf("# %s: client %d, started %d, ended %d\n",
		       writers[i].life->name->text, writers[i].client,
		       writers[i].life->started, writers[i].life->ended);
	for (int i = 0; i < N_SLOTS; i++) {
		const struct slot *s = &slots[i];

		if (!s->life)
			continue;
		printf("# %s.%u: kind %d, client %d, ender %d, registered %d, started %d, stop %d, ended %d, id %" PRIu64
		       ", pid %d\n",
		       s->life->name->text, s->life->number, s->life->kind,
		       s->client, s->ender, s->life->registered,
		       s->life->started, s->life->asked_stop, s->life->ended,
		       s->life->record.id, s->life->record.pid);
	}
}
