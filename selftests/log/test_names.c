// SPDX-License-Identifier: GPL-2.0
/* The names of log files: rotation, and when an id is used again. */
#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "log/settings.h"
#include "log/names.h"
#include "tap.h"

static char dir[] = "/tmp/purser-test.XXXXXX";
static char path[64];

static void put(const char *suffix, const char *text)
{
	char name[96];
	int fd;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	fd = open(name, O_CREAT | O_TRUNC | O_WRONLY, 0600);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		bail("writing %s", name);
	close(fd);
}

/* Its text, or NULL where there is no such file. */
static const char *get(const char *suffix)
{
	static char text[64];
	char name[96];
	ssize_t n;
	int fd;

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	fd = open(name, O_RDONLY);
	if (fd < 0)
		return NULL;
	n = read(fd, text, sizeof(text) - 1);
	text[n < 0 ? 0 : n] = '\0';
	close(fd);
	return text;
}

static void drop(const char *suffix)
{
	char name[96];

	snprintf(name, sizeof(name), "%s%s", path, suffix);
	unlink(name);
}

static void shifting(void)
{
	is_int(logfile_shift(path), -ENOENT, "no log, nothing to shift");
	put("", "c");
	is_int(logfile_shift(path), 0, "shift one");
	is_str(get(""), NULL, "the name is free");
	is_str(get(".1"), "c", "it has the first number");
	put("", "d");
	is_int(logfile_shift(path), 0, "shift two");
	is_str(get(".1"), "d", "the later one has the first number");
	is_str(get(".2"), "c", "the earlier one the second");
	is_int(logfile_shift(path), -ENOENT, "no log again");
	is_str(get(".1"), "d", "its predecessors stay where they are");

	put("", "e");
	put(".4", "a");
	is_int(logfile_shift(path), 0, "shift before a gap");
	is_str(get(".3"), "c", "the gap is filled");
	is_str(get(".4"), "a", "what is behind it stays");
	put("", "f");
	is_int(logfile_shift(path), 0, "shift without a gap");
	is_str(get(".5"), "a", "all move");
}

static void trimming(void)
{
	put("", "g");
	put(".7", "z");
	is_int(logfile_trim(path, 3), 0, "trim to three");
	is_str(get(""), "g", "the log itself");
	is_str(get(".1"), "f", "the one before");
	is_str(get(".2"), "e", "and the one before that");
	is_str(get(".3"), NULL, "no fourth one");
	is_str(get(".7"), NULL, "nor one behind a gap");
	is_int(logfile_trim(path, 3), 0, "trim what is not too much");
	is_int(logfile_trim(path, 1), 0, "trim to one");
	is_str(get(""), "g", "the log itself");
	is_str(get(".1"), NULL, "alone");
}

/* As many as can be: the oldest goes. */
static void full(void)
{
	char suffix[16];

	for (int i = 1; i <= LOG_MAX_FILES_MAX; i++) {
		snprintf(suffix, sizeof(suffix), ".%d", i);
		put(suffix, i == LOG_MAX_FILES_MAX ? "old" : "young");
	}
	put("", "new");
	is_int(logfile_shift(path), 0, "shift where all numbers are taken");
	snprintf(suffix, sizeof(suffix), ".%d", LOG_MAX_FILES_MAX);
	is_str(get(suffix), "young", "the oldest is gone");
	snprintf(suffix, sizeof(suffix), ".%d", LOG_MAX_FILES_MAX + 1);
	is_str(get(suffix), NULL, "and no number was added");
	is_str(get(".1"), "new", "the newest is the first");
	logfile_trim(path, 1);
}

static void claiming(void)
{
	bool had_old;

	is_int(logfile_claim(path, &had_old), 0, "claim a new name");
	ok(!had_old, "there was none");
	put("", "first");
	is_int(logfile_claim(path, &had_old), 0, "claim it again");
	ok(had_old, "there was one");
	is_str(get(""), NULL, "the name is free");
	put("", "second");
	is_str(get(".1"), "first", "the old log");

	logfile_claim(path, &had_old);
	put("", "failed");
	is_int(logfile_undo(path, had_old), 0, "undo");
	is_str(get(""), "second", "the log that was there");
	is_str(get(".1"), "first", "has its name back, the one before too");
	is_str(get(".2"), NULL, "and there are no others");
	logfile_claim(path, &had_old);
	is_int(logfile_undo(path, had_old), 0, "undo before it was opened");
	is_str(get(""), "second", "the log that was there");
	is_str(get(".1"), "first", "and the one before");

	logfile_claim(path, &had_old);
	put("", "third");
	/* The supervisor dies here; the next one uses the id. */
	logfile_claim(path, &had_old);
	ok(had_old, "claim after one that was neither kept nor undone");
	is_str(get(".1"), "third", "that one is kept");
	is_str(get(".2"), "second", "and what was before");
	is_str(get(".3"), "first", "all of it");
	put("", "fourth");
	logfile_trim(path, 1);

	drop("");
	logfile_claim(path, &had_old);
	ok(!had_old, "a log that somebody removed");
	put("", "fifth");
	logfile_undo(path, had_old);
	is_str(get(""), NULL, "undo leaves none then");

	is_int(logfile_claim("/nowhere/web.log", &had_old), 0,
	       "no folder, no earlier log");
}

static void refused(void)
{
	char name[96];

	put("", "log");
	snprintf(name, sizeof(name), "%s.1", path);
	if (mkdir(name, 0700))
		bail("making %s", name);
	is_int(logfile_trim(path, 1), -EISDIR, "what cannot be removed");
	snprintf(name, sizeof(name), "%s.2", path);
	put(".2", "old");
	is_int(logfile_trim(path, 1), -EISDIR, "keeps nothing else");
	is_str(get(".2"), NULL, "from being removed");
	snprintf(name, sizeof(name), "%s.1", path);
	rmdir(name);
	drop("");
}

int main(void)
{
	if (!mkdtemp(dir))
		bail("mkdtemp");
	snprintf(path, sizeof(path), "%s/web.log", dir);
	shifting();
	trimming();
	drop("");
	full();
	claiming();
	refused();
	ok(!rmdir(dir), "nothing else was made");
	return tap_end();
}
